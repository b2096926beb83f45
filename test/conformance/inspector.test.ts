import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startFixture } from "./fixture/server.ts";
import { targets } from "./support/targets.ts";

const root = join(import.meta.dirname, "../..");
const limit = 60_000;
let home: string;

beforeAll(async () => {
  // Where it would keep a catalogue.
  home = await mkdtemp(join(tmpdir(), "inspector-"));
});
afterAll(() => rm(home, { recursive: true }));

/** Asks a server by MCP Inspector's command line. */
async function inspect(url: URL, ...args: string[]) {
  const { exitCode, stdout, stderr } = await execa(
    "mcp-inspector",
    ["--cli", url.href, "--transport", "http", "--format", "json", "--quiet", ...args],
    { preferLocal: true, localDir: root, reject: false, env: { HOME: home } },
  );
  return { exitCode, stderr, answer: stdout === "" ? undefined : JSON.parse(stdout).result };
}

describe("MCP Inspector", () => {
  test.for(targets)(
    "lists the tools of $name, finds what they take portable, and calls one",
    { timeout: limit },
    async ({ start, call: { tool, args, answer } }, { expect }) => {
      const server = await start();
      const asked = Promise.all([
        inspect(server.url, "--method", "tools/list", "--strict"),
        inspect(
          server.url,
          ...["--method", "tools/call", "--tool-name", tool],
          ...args.flatMap((each) => ["--tool-arg", each]),
        ),
      ]);
      const [listed, called] = await asked.finally(server.close);
      expect(listed.exitCode, listed.stderr).toBe(0);
      // A client that has functions and not tools never looks at what a tool answers.
      expect(listed.stderr).not.toContain("Path: inputSchema");
      expect(listed.answer.tools.map(({ name }: { name: string }) => name)).toContain(tool);
      expect(called).toMatchObject({ exitCode: 0, stderr: "" });
      expect(JSON.stringify(called.answer.content)).toContain(answer);
    },
  );

  test("doesn't call a tool that isn't there", { timeout: limit }, async () => {
    const server = await startFixture();
    const asked = inspect(server.url, "--method", "tools/call", "--tool-name", "nope");
    const { exitCode, stderr } = await asked.finally(server.close);
    expect(exitCode).toBe(5);
    expect(stderr).toContain("tool_not_found");
  });
});
