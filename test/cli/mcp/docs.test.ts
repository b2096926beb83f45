import { afterEach, expect, test, vi } from "vitest";
import { createMcpServer } from "../../../servers/echo/tools.ts";
import { runHere } from "../running.ts";
import { samplesOf } from "../samples.ts";
import { mcp, refusing, serve } from "./serving.ts";

const { text, samples } = await samplesOf("mcp.md", "mcp");

afterEach(() => {
  vi.restoreAllMocks();
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
  const wanted = "http://localhost:3001/.well-known/oauth-protected-resource/mcp";
  const places = new Map([
    ["http://localhost:3000/mcp", await serve(createMcpServer)],
    // As the guard answers, which test/servers/guard checks.
    [
      "http://localhost:3001/mcp",
      await refusing(401, {
        "www-authenticate": `Bearer resource_metadata="${wanted}", scope="mcp.call"`,
      }),
    ],
  ]);
  withoutClusterNames();
  expect(samples.length).toBe(9);
  for (const { args, output } of samples) {
    const { stdout, stderr } = await mcp(args.map((each) => places.get(each) ?? each));
    let printed = stdout + stderr;
    for (const [shown, real] of places) printed = printed.replaceAll(real, shown);
    expect(printed).toBe(output);
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
