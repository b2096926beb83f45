import { SignJWT } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { parseExposition } from "../exposition.ts";
import { as, callTool, type Hostile, openSession, rpc, startHostile, tokens } from "./support/guard.ts";
import { inSeconds, startIssuedGuard } from "./support/issuer.ts";
import { recording } from "./support/upstream.ts";

let guard: Hostile;
let session: string;
beforeAll(async () => {
  guard = await startHostile({
    authorization: { rules: [{ effect: "deny", tools: ["wipe"] }] },
    limits: { caller: { calls: 1000, seconds: 60 } },
    search: { engines: ["bing"] },
  });
  session = await openSession(guard.url);
});
afterEach(() => {
  guard.audit.length = 0;
  guard.written.length = 0;
});
afterAll(() => guard.close());

/** What makes a new line, moves a terminal's cursor, or turns the order of letters, for some reader. */
const tricks = {
  "line ends": '\r\n{"audit":true,"caller":"bob","outcome":"ok"}\n',
  "line ends of Unicode": '\u2028{"audit":true}\u2029{"audit":true}\u0085{"audit":true}\u000b\u000c',
  "a terminal's escapes": "\u001b[2K\u001b[1A\u009b31m\u007f\b\b",
  "turned letters": "\u202eko\u202c\u2066x\u2069\u200f",
  "ends of JSON": '"}\n{"audit":true,"x":"\\"}',
  "half a pair": "\ud800x\udfff",
};

/** Whatever was written is lines of JSON, in plain characters, one audit line a call. */
function soundLines(calls: number) {
  for (const line of guard.written) {
    expect(line.endsWith("\n")).toBe(true);
    expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    JSON.parse(line);
  }
  expect(guard.audit).toHaveLength(calls);
  for (const entry of guard.audit) expect(entry).toMatchObject({ audit: true, caller: "alice" });
}

describe("nobody writes into the audit or the log but the guard", () => {
  it.each(Object.entries(tricks))("%s", async (_name, trick) => {
    const headers = as("alice", session);
    await callTool(guard.url, { name: `wipe${trick}` }, headers);
    await callTool(guard.url, { name: "search", arguments: { query: `x${trick}` } }, headers);
    await callTool(guard.url, { name: "search", arguments: { query: "x", engines: [trick] } }, headers);
    await callTool(guard.url, { name: "search", arguments: { query: "x", [trick]: trick } }, headers);
    await rpc(guard.url, { id: trick, method: "tools/call", params: { name: "wipe" } }, headers);
    await rpc(guard.url, { id: 1, method: `no${trick}` }, headers);
    await rpc(
      guard.url,
      { method: "notifications/cancelled", params: { requestId: trick, reason: trick } },
      headers,
    );
    soundLines(5);
    const [, search] = guard.audit;
    expect(search).toMatchObject({ tool: "search", outcome: "ok" });
  });

  it("a caller whose name the issuer took from a person", async () => {
    const world = await startIssuedGuard({ authorization: { rules: [{ effect: "deny", tools: ["wipe"] }] } });
    try {
      const sub = Object.values(tricks).slice(0, -1).join("");
      const token = await new SignJWT({
        sub,
        roles: [sub],
        iss: world.iss,
        aud: "api://hostile",
        exp: inSeconds(60),
      })
        .setProtectedHeader({ alg: "RS256", kid: "rsa-1" })
        .sign(world.rsa.privateKey);
      await callTool(world.guard.url, { name: "wipe" }, { authorization: `Bearer ${token}` });
      const [line] = world.guard.written.filter((written) => written.includes('"audit":true'));
      expect(line?.trimEnd()).toMatch(/^[\x20-\x7e\u2026]+$/);
      expect(String(world.guard.audit[0]?.["caller"]).length).toBeLessThanOrEqual(128);
    } finally {
      await world.close();
    }
  });
});

describe("what is secret", () => {
  it("is in no line, metric or answer: tokens, session ids, arguments", async () => {
    const secret = "s3cr3t-0123456789abcdef0123456789abcdef";
    const headers = as("alice", session);
    const answers = [
      await callTool(guard.url, { name: "wipe", arguments: { password: secret } }, headers),
      await callTool(guard.url, { name: "fail", arguments: { password: secret } }, headers),
      await callTool(guard.url, { name: "search", arguments: { query: `login ${secret}` } }, headers),
      await rpc(guard.url, { id: 1, method: "ping" }, { authorization: `Bearer ${secret}` }),
      await rpc(guard.url, { id: 1, method: "ping" }, { ...headers, "mcp-session-id": secret }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 200, 200, 401, 404]);
    const out = guard.written.join("") + (await guard.metrics());
    for (const hidden of [secret, ...Object.values(tokens), session]) expect(out).not.toContain(hidden);
    for (const { status, text } of answers) if (status >= 400) expect(text).not.toContain(secret);
  });
});

describe("the labels of metrics", () => {
  it("are none that callers think up, of tools, methods, engines, tokens or themselves", async () => {
    const before = parseExposition(await guard.metrics());
    const headers = as("alice", session);
    for (let i = 0; i < 300; i++) {
      const name = `tool-${i}${i % 2 ? '",evil="1' : ""}`;
      await callTool(guard.url, { name }, headers);
    }
    await callTool(guard.url, { name: "search", arguments: { query: "x", engines: ["evil"] } }, headers);
    await rpc(guard.url, { id: 1, method: "evil/method" }, headers);
    await rpc(guard.url, { id: 1, method: "ping" }, { authorization: "Bearer evil-evil-evil-evil" });
    const after = parseExposition(await guard.metrics());
    const series = [...after.values()].flatMap(({ samples }) => samples);
    expect(JSON.stringify(series)).not.toMatch(/tool-\d|evil/);
    const tools = new Set(series.map(({ labels }) => labels["tool"]).filter((tool) => tool !== undefined));
    for (const tool of tools) expect(["echo", "wipe", "fail", "search", "unknown"]).toContain(tool);
    const count = (all: typeof after) =>
      [...all.values()].reduce((sum, { samples }) => sum + samples.length, 0);
    // A histogram of "unknown", and its outcomes: not one for each name.
    expect(count(after) - count(before)).toBeLessThan(60);
  });

  it("are bounded also when the server lists tools and names engines without end", async () => {
    let names = 0;
    const upstream = await recording((_req, res, body) => {
      const { id, method } = JSON.parse(body);
      const tools = Array.from({ length: 500 }, () => ({ name: `t${names++}` }));
      const failed = { results: [], partialFailures: [{ engine: `engine-${names++}` }] };
      const result =
        method === "tools/list" ? { tools } : { content: [{ type: "text", text: JSON.stringify(failed) }] };
      res.setHeader("content-type", "application/json").end(JSON.stringify({ jsonrpc: "2.0", id, result }));
    });
    const settings = {
      search: { engines: ["bing", "exa"] },
      limits: { caller: { calls: 1000, seconds: 60 } },
    };
    const other = await startHostile(settings, { upstream });
    try {
      for (let i = 0; i < 10; i++) {
        await rpc(other.url, { id: 1, method: "tools/list" });
        await callTool(other.url, { name: `t${names - 1}` });
        await callTool(other.url, { name: "search", arguments: { query: "x" } });
      }
      const series = [...parseExposition(await other.metrics()).values()].flatMap(({ samples }) => samples);
      const engines = new Set(
        series.map(({ labels }) => labels["engine"]).filter((engine) => engine !== undefined),
      );
      expect([...engines].filter((engine) => !["bing", "exa", "unknown"].includes(String(engine)))).toEqual(
        [],
      );
      expect(new Set(series.map(({ labels }) => labels["tool"])).size).toBeLessThan(210);
    } finally {
      await other.close();
    }
  });
});
