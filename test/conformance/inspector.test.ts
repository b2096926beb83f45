import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Running } from "./fixture/server.ts";
import { targets } from "./support/targets.ts";

const root = join(import.meta.dirname, "../..");
const running: Running[] = [];
let home: string;

beforeAll(async () => {
  // Where it would keep a catalogue.
  home = await mkdtemp(join(tmpdir(), "inspector-"));
});
afterAll(() => rm(home, { recursive: true }));
afterEach(async () => {
  for (const each of running.splice(0)) await each.close();
});

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
  test.each(targets)(
    "lists the tools of $name, finds their schemas portable, and calls one",
    async ({ start, call: { tool, args, answer } }) => {
      const server = await start();
      running.push(server);
      const [listed, called] = await Promise.all([
        inspect(server.url, "--method", "tools/list", "--strict"),
        inspect(
          server.url,
          ...["--method", "tools/call", "--tool-name", tool],
          ...args.flatMap((each) => ["--tool-arg", each]),
        ),
      ]);
      expect({ exitCode: listed.exitCode, stderr: listed.stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(listed.answer.tools.map(({ name }: { name: string }) => name)).toContain(tool);
      expect(called).toMatchObject({ exitCode: 0, stderr: "" });
      expect(JSON.stringify(called.answer.content)).toContain(answer);
    },
    60_000,
  );

  test("doesn't call a tool that isn't there", async () => {
    const server = await targets[0]?.start();
    if (server) running.push(server);
    const { exitCode, stderr } = await inspect(
      server?.url ?? new URL("http://none"),
      ...["--method", "tools/call", "--tool-name", "nope"],
    );
    expect(exitCode).toBe(5);
    expect(stderr).toContain("tool_not_found");
  }, 60_000);
});
