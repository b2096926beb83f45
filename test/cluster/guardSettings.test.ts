import { expect, test } from "vitest";
import { parse } from "yaml";
import { adaptGuardSettings, guardPorts } from "../../rehearsal/cluster/guardSettings.ts";

const settings = JSON.stringify({
  server: "echo",
  listen: { port: 3001, allowedOrigins: ["https://chat.example.com"] },
  upstream: { url: "http://127.0.0.1:8080/mcp" },
  authentication: { tokens: { directory: "/var/run/secrets/mcp-guard/tokens", roles: { chat: ["user"] } } },
});
const ports = new Map([
  [3001, 40_001],
  [9464, 40_002],
  [8080, 40_003],
]);
const here = { port: (inPod: number) => ports.get(inPod), path: (inPod: string) => `/here${inPod}` };

test("the guard listens on the ports that it says, or its defaults", () => {
  expect(guardPorts(settings)).toEqual([3001, 9464]);
  expect(guardPorts("upstream: { url: http://127.0.0.1:8080/mcp }")).toEqual([3000, 9464]);
});

test("ports and paths are those of this machine, and all else is as it was", () => {
  expect(parse(adaptGuardSettings(settings, here))).toEqual({
    server: "echo",
    listen: { host: "127.1", port: 40_001, allowedOrigins: ["https://chat.example.com"] },
    management: { host: "127.0.0.1", port: 40_002 },
    upstream: { url: "http://127.0.0.1:40003/mcp" },
    authentication: {
      tokens: { directory: "/here/var/run/secrets/mcp-guard/tokens", roles: { chat: ["user"] } },
    },
  });
});

test("without tokens none are made up, and a server that doesn't run has a port on which nobody listens", () => {
  const open = JSON.stringify({
    upstream: { url: "http://127.0.0.1:9999/mcp" },
    authentication: { none: "anyone-may-call" },
  });
  const adapted = parse(adaptGuardSettings(open, here));
  expect(adapted.authentication).toEqual({ none: "anyone-may-call" });
  expect(adapted.upstream.url).toBe("http://127.0.0.1:1/mcp");
});
