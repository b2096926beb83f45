import { afterEach, expect, test, vi } from "vitest";
import { createMcpServer } from "../../../servers/echo/tools.ts";
import type { Running } from "../../conformance/fixture/server.ts";
import { startBehindGuard } from "../../conformance/support/guard.ts";
import { serve as serveEcho } from "../../conformance/support/serve.ts";
import { runHere } from "../running.ts";
import { samplesOf } from "../samples.ts";
import { mcp, serving } from "./serving.ts";

const { serve } = serving();

const { text, samples } = await samplesOf("mcp.md", "mcp");

let guard: Running | undefined;
afterEach(async () => {
  vi.restoreAllMocks();
  await guard?.close();
});

/** As on a machine outside of the cluster, whatever the one of the test has for DNS. */
function withoutClusterNames(): void {
  const { fetch } = globalThis;
  vi.spyOn(globalThis, "fetch").mockImplementation((input, init) =>
    /\.svc\.cluster\.local/.test(`${input}`)
      ? Promise.reject(
          new TypeError("fetch failed", { cause: Object.assign(new Error(), { code: "ENOTFOUND" }) }),
        )
      : fetch(input, init),
  );
}

test("docs/mcp.md shows what the commands really print", async () => {
  guard = await startBehindGuard(() => serveEcho(createMcpServer), {
    authentication: {
      jwt: { issuer: "https://login.microsoftonline.com/tenant/v2.0", audience: ["api://mcpaas"] },
    },
  });
  const places = new Map([
    ["http://localhost:3000", new URL(await serve(createMcpServer)).origin],
    ["http://localhost:3001", guard.url.origin],
  ]);
  const real = (text: string) =>
    [...places].reduce((words, [shown, origin]) => words.replaceAll(shown, origin), text);
  withoutClusterNames();
  expect(samples.length).toBe(9);
  for (const { args, output } of samples) {
    const { stdout, stderr } = await mcp(args.map(real));
    const printed = stdout + stderr;
    // The hint for Services names ports of its own.
    expect(printed).toBe(args[0]?.includes(".svc.") ? output : real(output));
  }
});

test("docs/mcp.md has every option and exit code of --help, and no other", async () => {
  const { stdout } = await runHere(["mcp", "--help"]);
  const options = (words: string) =>
    [...words.matchAll(/(?<=^|[\s`])--[a-z][a-z-]+/gm)].map(([each]) => each);
  const helped = options(stdout.slice(stdout.indexOf("Options:"), stdout.indexOf("-h, --help")));
  const table = text.slice(text.indexOf("## Options"), text.indexOf("A URL that ends"));
  expect([...new Set(options(table))].sort()).toEqual([...new Set(helped)].sort());
  const codes = (words: string) => [...words.matchAll(/^(?:\| | {2})(\d+)(?= )/gm)].map(([, code]) => code);
  const mistakes = text.slice(text.indexOf("| exit code"), text.indexOf("## A server in the cluster"));
  expect(codes(mistakes)).toEqual(codes(stdout.slice(stdout.indexOf("Exit codes:"))));
});
