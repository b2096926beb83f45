import { expect, test } from "vitest";
import { ensureMeant } from "../../../cli/load/target.ts";

const at = (url: string, addresses: string[] = [], rest: object = {}) =>
  ensureMeant(new URL(url), { env: {}, resolve: async () => addresses, ...rest });

test.each([
  ["http://127.0.0.1:3000/mcp", []],
  ["http://[::1]:3000/mcp", []],
  ["http://10.1.2.3/mcp", []],
  ["http://[::ffff:10.0.0.1]/mcp", []],
  ["http://[fd00::1]/mcp", []],
  ["http://localhost:3000/mcp", ["127.0.0.1", "::1"]],
  ["https://mcp.internal.example/mcp", ["192.168.4.5"]],
])("%s is one's own", async (url, addresses) => {
  await expect(at(url, addresses)).resolves.toBeUndefined();
});

test.each([
  ["http://20.1.2.3/mcp", [], "20.1.2.3"],
  ["http://[2001:4860:4860::8888]/mcp", [], "2001:4860:4860::8888"],
  ["http://[::ffff:20.1.2.3]/mcp", [], "::ffff:1401:203"],
  ["https://mcp.example.com/mcp", ["10.0.0.1", "93.184.216.34"], "93.184.216.34"],
])("%s must be meant", async (url, addresses, shown) => {
  await expect(at(url, addresses)).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(new RegExp(`is at ${shown.replaceAll(".", "\\.")}, which is not .*--yes`)),
  });
  await expect(at(url, addresses, { yes: true })).resolves.toBeUndefined();
});

test("the name of a Service is fit for the proxy that leads to it, and for nothing else", async () => {
  const url = "http://echo.mcp.svc.cluster.local:3000/mcp";
  const resolve = () => Promise.reject(new Error("ENOTFOUND"));
  await expect(at(url, [], { resolve })).rejects.toThrow(
    /does not resolve; a Service is called through a port/,
  );
  const env = { HTTP_PROXY: "http://127.0.0.1:8080", NODE_USE_ENV_PROXY: "1" };
  await expect(at(url, [], { resolve, env })).resolves.toBeUndefined();
});
