import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createMcpServer } from "../../../servers/echo/tools.ts";
import type { Running } from "../../conformance/fixture/server.ts";
import { startBehindGuard } from "../../conformance/support/guard.ts";
import { serve } from "../../conformance/support/serve.ts";
import { mcp } from "./serving.ts";

/** What the guard answers, and what a person is told of it. */
let dir: string;
let guard: Running | undefined;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "tokens-"));
  await writeFile(join(dir, "demo"), "token-of-demo-0123456789abcdef0123456789");
  await writeFile(join(dir, "other"), "token-of-other-0123456789abcdef012345678");
});
afterEach(async () => {
  await guard?.close();
  await rm(dir, { recursive: true });
});

async function url(settings: object): Promise<string> {
  const authentication = { tokens: { directory: dir } };
  guard = await startBehindGuard(() => serve(createMcpServer), { authentication, ...settings });
  return guard.url.href;
}

const demo = { MCP_TOKEN: "token-of-demo-0123456789abcdef0123456789" };
const other = { MCP_TOKEN: "token-of-other-0123456789abcdef012345678" };

test("it wants a token, says which is wrong, and lets the right one in", async () => {
  const place = await url({});
  expect((await mcp([place])).stderr).toBe(
    `error: ${place} wants a bearer token (401) (Bearer); give one by MCP_TOKEN or --token-file\n`,
  );
  const wrong = await mcp([place], { MCP_TOKEN: "token-of-nobody" });
  expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining("doesn't take the token (401)")]);
  expect(wrong.stderr).not.toContain("token-of-nobody");
  expect(await mcp([place, "echo", "--arg", "message=hi"], demo)).toEqual({
    code: 0,
    stdout: "Echo: hi\n",
    stderr: "",
  });
});

test("who may not call a tool doesn't see it", async () => {
  const rules = [{ effect: "deny", tools: ["*"], subjects: ["other"] }];
  const place = await url({ authorization: { rules } });
  const { code, stderr } = await mcp([place, "echo", "--arg", "message=hi"], other);
  expect([code, stderr]).toEqual([2, "error: there is no tool echo; the server has none\n"]);
  expect((await mcp([place, "echo", "--arg", "message=hi"], demo)).code).toBe(0);
});

test("too many calls, with the time to wait", async () => {
  const place = await url({ limits: { caller: { calls: 1, seconds: 60 } } });
  expect((await mcp([place, "echo", "--arg", "message=hi"], demo)).code).toBe(0);
  const { code, stderr } = await mcp([place, "echo", "--arg", "message=hi"], demo);
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/has had too many calls \(429\): .*; try again in \d+ s/),
  ]);
});
