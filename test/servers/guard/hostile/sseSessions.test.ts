import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { as, type Hostile, openSession, rpc, startHostile } from "./support/guard.ts";
import { openStream, type Stream } from "./support/sse.ts";

let guard: Hostile;
/** A stream of bob's. */
let bobs: Stream;
beforeAll(async () => {
  const authorization = {
    rules: [{ effect: "deny", tools: ["wipe"], subjects: ["bob"] }],
  };
  const search = { engines: ["bing"] };
  guard = await startHostile({
    authorization,
    search,
    upstream: { sse: true },
    limits: { sessions: 4, sessionsPerCaller: 3 },
  });
});
beforeEach(async () => {
  bobs = await openStream(guard.url, as("bob"));
  const params = { protocolVersion: "2024-11-05", capabilities: {}, clientInfo: { name: "x", version: "1" } };
  await rpc(bobs.endpoint, { id: "open", method: "initialize", params }, as("bob"));
  await bobs.next();
  await rpc(bobs.endpoint, { method: "notifications/initialized" }, as("bob"));
  guard.upstream.seen.length = 0;
});
afterEach(() => {
  bobs.close();
  guard.upstream.seen.length = 0;
});
afterAll(() => guard.close());

const call = { id: 1, method: "tools/call", params: { name: "wipe" } };

describe("the SSE transport", () => {
  it("asks who calls before it opens a stream, and before it takes a message", async () => {
    const wrong = { authorization: "Bearer wrong-wrong-wrong-wrong" };
    expect((await openStream(guard.url, wrong)).status).toBe(401);
    expect((await rpc(bobs.endpoint, call, wrong)).status).toBe(401);
    const origin = { ...as("bob"), origin: "https://evil.test" };
    expect((await openStream(guard.url, origin)).status).toBe(403);
    expect((await rpc(bobs.endpoint, call, origin)).status).toBe(403);
    await guard.untouched();
  });

  it("takes no message for the stream of another caller, nor says that there is one", async () => {
    const another = await rpc(bobs.endpoint, call, as("alice"));
    const none = await rpc(new URL("/messages?sessionId=none", guard.url), call, as("alice"));
    expect([another.status, another.text]).toEqual([404, none.text]);
    await guard.untouched();
  });

  it("takes the session from one place alone", async () => {
    const id = bobs.endpoint.searchParams.get("sessionId") ?? "";
    const targets = [
      "/messages",
      "/messages?sessionId=",
      `/messages?sessionId=${id}&sessionId=${id}`,
      `/messages?sessionId[]=${id}`,
      `/messages?sessionid=${id}`,
      `/messages?sessionId=sse:${id}`,
      `/messages?sessionId=${id}%00`,
      `/messages?sessionId=%20${id}`,
      `/messages?sessionId=__proto__`,
      `/messages;sessionId=${id}`,
      `/messages/${id}`,
      `/messages/?sessionId=${id}`,
      `/sse?sessionId=${id}`,
    ];
    for (const target of targets) {
      const answer = await rpc(new URL(target, guard.url), { id: 1, method: "ping" }, as("bob"));
      expect(answer.status, target).toBe(404);
    }
    await guard.untouched();
  });

  it("keeps its sessions apart from those of the other transport", async () => {
    const id = bobs.endpoint.searchParams.get("sessionId") ?? "";
    const session = await openSession(guard.url, as("bob"));
    guard.upstream.seen.length = 0;
    expect((await rpc(guard.url, call, as("bob", id))).status).toBe(404);
    const crossed = new URL(`/messages?sessionId=${session}`, guard.url);
    expect((await rpc(crossed, call, as("bob"))).status).toBe(404);
    expect((await rpc(bobs.endpoint, call, as("alice", session))).status).toBe(404);
    await guard.untouched();
    await fetch(guard.url, { method: "DELETE", headers: as("bob", session) });
  });

  it("forgets a session with its stream", async () => {
    const stream = await openStream(guard.url, as("bob"));
    stream.close();
    guard.upstream.seen.length = 0;
    await expect.poll(() => guard.metrics()).toContain('mcp_guard_sessions{server="hostile"} 1\n');
    expect((await rpc(stream.endpoint, { id: 1, method: "ping" }, as("bob"))).status).toBe(404);
    await guard.untouched();
  });

  it("bounds them", async () => {
    const streams = [];
    for (let i = 0; i < 3; i++) streams.push(await openStream(guard.url, as("alice")));
    expect((await openStream(guard.url, as("alice"))).status).toBe(503);
    for (const stream of streams) stream.close();
    await expect.poll(() => guard.metrics()).toContain('mcp_guard_sessions{server="hostile"} 1\n');
  });

  it("judges the calls that come through it, and audits them", async () => {
    guard.audit.length = 0;
    const answer = await rpc(bobs.endpoint, call, as("bob"));
    expect([answer.status, answer.rpc.error?.code]).toEqual([403, -32_003]);
    const engines = { name: "search", arguments: { query: "x", engines: ["baidu"] } };
    const search = await rpc(bobs.endpoint, { id: 2, method: "tools/call", params: engines }, as("bob"));
    expect(search.rpc.error?.code).toBe(-32_602);
    expect((await rpc(bobs.endpoint, { method: "tools/call", params: call.params }, as("bob"))).status).toBe(
      400,
    );
    expect(guard.audit.map(({ tool, outcome }) => [tool, outcome])).toEqual([
      ["wipe", "denied"],
      ["search", "refused"],
    ]);
    await guard.untouched();
  });
});
