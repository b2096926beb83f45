import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { as, callTool, type Hostile, openSession, rpc, startHostile, tokens } from "./support/guard.ts";
import { exchange, request } from "./support/raw.ts";

let guard: Hostile;
let seconds = 0;
/** A session of bob's, who has done nothing wrong. */
let bobs: string;
beforeAll(async () => {
  const limits = { sessionIdleSeconds: 100, sessions: 6, caller: { calls: 1000, seconds: 60 } };
  guard = await startHostile({ limits }, { now: () => seconds * 1000 });
});
beforeEach(async () => {
  bobs = await openSession(guard.url, as("bob"));
  guard.upstream.seen.length = 0;
  return async () => {
    await fetch(guard.url, { method: "DELETE", headers: as("bob", bobs) });
    guard.upstream.seen.length = 0;
  };
});
afterAll(() => guard.close());

const call = { id: 1, method: "tools/call", params: { name: "wipe" } };

/** Whatever is tried with this id is answered as if there were no such session. */
async function nowhere(headers: Record<string, string>) {
  const stream = { accept: "text/event-stream", "last-event-id": "0" };
  const answers = [
    await rpc(guard.url, call, headers),
    await rpc(guard.url, { id: 1, method: "tools/list" }, headers),
    await rpc(guard.url, { method: "notifications/cancelled", params: { requestId: 1 } }, headers),
    await rpc(guard.url, { id: 1, result: {} }, headers),
  ].map(({ status, rpc }) => ({ status, code: rpc.error?.code, message: rpc.error?.message }));
  for (const method of ["GET", "DELETE"]) {
    const response = await fetch(guard.url, { method, headers: { ...stream, ...headers } });
    const { error } = (await response.json()) as { error: { code: number; message: string } };
    answers.push({ status: response.status, ...error });
  }
  expect(answers).toEqual(Array(6).fill({ status: 404, code: -32_000, message: "Session not found" }));
  await guard.untouched();
}

describe("a session of another caller", () => {
  it("is as good as none, for every method", async () => {
    await nowhere(as("alice", bobs));
    const mine = await callTool(guard.url, { name: "wipe" }, as("bob", bobs));
    expect(mine.rpc.result).toMatchObject({ content: [{ text: "wiped" }] });
  });

  it("isn't told from one that never was", async () => {
    const another = await rpc(guard.url, call, as("alice", bobs));
    const none = await rpc(guard.url, call, as("alice", "00000000-0000-4000-8000-000000000000"));
    expect(another.text).toBe(none.text);
    const names = (headers: Headers) => [...headers.keys()].filter((name) => name !== "date");
    expect(names(another.headers)).toEqual(names(none.headers));
    await guard.untouched();
  });

  it("can't be ended by many tries, nor kept alive by them", async () => {
    for (let i = 0; i < 20; i++) await fetch(guard.url, { method: "DELETE", headers: as("alice", bobs) });
    expect((await rpc(guard.url, { id: 1, method: "ping" }, as("bob", bobs))).status).toBe(200);
    seconds += 99;
    await rpc(guard.url, call, as("alice", bobs));
    seconds += 2;
    expect((await rpc(guard.url, { id: 1, method: "ping" }, as("bob", bobs))).status).toBe(404);
  });

  it("is not opened by an initialize in it", async () => {
    const params = {
      protocolVersion: "2025-06-18",
      capabilities: {},
      clientInfo: { name: "x", version: "1" },
    };
    const answer = await rpc(guard.url, { id: 1, method: "initialize", params }, as("alice", bobs));
    expect(answer.status).toBe(404);
    await guard.untouched();
  });
});

describe("an id that the server never gave", () => {
  const ids: Record<string, string> = {
    "chosen by the client, to be known before": "fixed-by-mallory",
    "of the SSE transport": "sse:1",
    empty: "",
    "a wildcard": "*",
    "a path": "../bobs",
    long: "x".repeat(10_000),
    "with blanks around it": "  x  ",
    "a name of a prototype": "__proto__",
    "another one": "constructor",
    "with a byte above ASCII": "s\xe9ssion",
    undefined: "undefined",
    null: "null",
  };

  it.each(Object.entries(ids))("is none: %s", async (_name, id) => {
    await nowhere(as("alice", id));
    const params = {
      protocolVersion: "2025-06-18",
      capabilities: {},
      clientInfo: { name: "x", version: "1" },
    };
    const fixed = await rpc(guard.url, { id: 1, method: "initialize", params }, as("alice", id));
    expect(fixed.status).toBe(404);
    await guard.untouched();
  });

  it("nor is the right one in another spelling, or with something behind", async () => {
    for (const id of [
      bobs.toUpperCase(),
      `${bobs},x`,
      `${bobs}%00`,
      bobs.slice(0, -1),
      `${bobs}0`,
      `"${bobs}"`,
    ]) {
      expect((await rpc(guard.url, call, as("bob", id))).status, id).toBe(404);
    }
    await guard.untouched();
  });

  it("is not read from a broken line, a second header, a query, or a cookie", async () => {
    const alices = await openSession(guard.url);
    guard.upstream.seen.length = 0;
    const post = async (lines: string[], target = "/mcp") => {
      const body = JSON.stringify({ jsonrpc: "2.0", ...call });
      const head = [
        `POST ${target} HTTP/1.1`,
        "Host: localhost",
        `Authorization: Bearer ${tokens.alice}`,
        "Content-Type: application/json",
        "Accept: application/json, text/event-stream",
        `Content-Length: ${body.length}`,
        "Connection: close",
      ];
      return (await exchange(guard.url, request([...head, ...lines], body)))[0]?.status;
    };
    expect(await post([`Mcp-Session-Id: ${alices}`, `Mcp-Session-Id: ${bobs}`])).toBe(400);
    expect(await post([`Mcp-Session-Id: ${bobs}`, `Mcp-Session-Id: ${alices}`])).toBe(400);
    expect(await post([`Mcp-Session-Id: ${alices}, ${bobs}`])).toBe(404);
    expect(await post([`Mcp-Session-Id: ${alices}\r\n ${bobs}`])).toBe(400);
    expect(await post([`Mcp-Session-Id: ${alices}\n\n${bobs}`])).toBe(400);
    expect(await post([`Mcp-Session-Id: ${alices}\0`])).toBe(400);
    await guard.untouched();
    // These are read by nobody: the server is asked without a session, and refuses.
    for (const [lines, target] of [
      [[`Mcp_Session_Id: ${bobs}`]],
      [[`Cookie: mcp-session-id=${bobs}`]],
      [[`X-Mcp-Session-Id: ${bobs}`]],
      [[], `/mcp?mcp-session-id=${bobs}&sessionId=${bobs}`],
    ] as [string[], string?][]) {
      expect(await post(lines, target)).toBe(400);
    }
    expect(JSON.stringify(guard.upstream.seen.splice(0))).not.toContain(bobs);
    // What the connection says of it hop by hop doesn't take the header, or the check of it, away.
    expect(await post([`Mcp-Session-Id: ${bobs}`, "Connection: Mcp-Session-Id"])).toBe(404);
    await guard.untouched();
    await fetch(guard.url, { method: "DELETE", headers: as("alice", alices) });
  });
});

describe("a session that has ended", () => {
  it("stays so after DELETE, also for its own caller", async () => {
    expect((await fetch(guard.url, { method: "DELETE", headers: as("bob", bobs) })).status).toBe(200);
    guard.upstream.seen.length = 0;
    await nowhere(as("bob", bobs));
    await nowhere(as("alice", bobs));
  });

  it("stays so after it was idle for too long, and the server is told", async () => {
    seconds += 101;
    const answer = await rpc(guard.url, call, as("bob", bobs));
    expect(answer.status).toBe(404);
    await expect.poll(() => guard.upstream.seen.map(({ method }) => method)).toEqual(["DELETE"]);
    guard.upstream.seen.length = 0;
    await nowhere(as("bob", bobs));
  });
});

describe("sessions are bounded", () => {
  it("for one caller, who can't take them all", async () => {
    const opened = [];
    for (let i = 0; i < 3; i++) opened.push(await openSession(guard.url));
    await expect(openSession(guard.url)).rejects.toThrow("no session: 503");
    // Nor by many at once, while none has been answered yet.
    await fetch(guard.url, { method: "DELETE", headers: as("alice", opened.pop()) });
    const tries = await Promise.allSettled(Array.from({ length: 10 }, () => openSession(guard.url)));
    const more = tries.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    expect(more).toHaveLength(1);
    const bobsSecond = await openSession(guard.url, as("bob"));
    await fetch(guard.url, { method: "DELETE", headers: as("bob", bobsSecond) });
    for (const id of [...opened, ...more])
      await fetch(guard.url, { method: "DELETE", headers: as("alice", id) });
  });

  it("for all together, and no living one is dropped for a new one", async () => {
    const alices = [];
    for (let i = 0; i < 3; i++) alices.push(await openSession(guard.url));
    const others = [await openSession(guard.url, as("bob")), await openSession(guard.url, as("bob"))];
    await expect(openSession(guard.url)).rejects.toThrow("no session: 503");
    expect((await rpc(guard.url, { id: 1, method: "ping" }, as("bob", bobs))).status).toBe(200);
    for (const id of alices) await fetch(guard.url, { method: "DELETE", headers: as("alice", id) });
    for (const id of others) await fetch(guard.url, { method: "DELETE", headers: as("bob", id) });
  });
});
