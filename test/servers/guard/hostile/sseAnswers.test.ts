import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { as, type Hostile, rpc, startHostile } from "./support/guard.ts";
import { openStream, type Stream } from "./support/sse.ts";
import { recording } from "./support/upstream.ts";

let guard: Hostile;
let stream: Stream;
/** The server's end of the stream, on which it answers when a test wants it to. */
let serverEnd: ServerResponse;
let opened = 0;
beforeAll(async () => {
  const upstream = await recording((req, res) => {
    if (req.url !== "/sse") return res.writeHead(202).end();
    serverEnd = res.writeHead(200, { "content-type": "text/event-stream" });
    opened += 1;
    return res.write(`event: endpoint\ndata: /messages?sessionId=${opened}\n\n`);
  });
  const rules = [{ effect: "deny", tools: ["wipe"] }];
  const changes = { authorization: { rules }, search: { engines: ["bing"] }, upstream: { sse: true } };
  guard = await startHostile(changes, { upstream });
});
beforeEach(async () => {
  stream = await openStream(guard.url, as("alice"));
  guard.upstream.seen.length = 0;
  guard.audit.length = 0;
  return () => stream.close();
});
afterAll(() => guard.close());

const send = (message: object) => rpc(stream.endpoint, message);
const answer = (id: unknown, result: object) =>
  serverEnd.write(`data: ${JSON.stringify({ jsonrpc: "2.0", id, result })}\n\n`);
const list = { id: 7, method: "tools/list" };
const search = { id: 7, method: "tools/call", params: { name: "search", arguments: { query: "x" } } };
const tools = [{ name: "echo" }, { name: "wipe" }];

/** All answers come on one stream: whoever gives two requests one id wants one taken for the other. */
describe("on the stream of the SSE transport", () => {
  it.each([
    ["a list and a call", list, search],
    ["a call and a list", search, list],
    ["a call and a ping", search, { id: 7, method: "ping" }],
    ["a ping and a call", { id: 7, method: "ping" }, search],
    ["two lists", list, list],
    ["two calls", search, search],
  ])("%s don't run under one id", async (_name, first, second) => {
    expect((await send(first)).status).toBe(202);
    const refused = await send(second);
    expect(refused.status).toBe(400);
    expect(refused.rpc).toMatchObject({ id: 7, error: { code: -32_600 } });
    expect(guard.upstream.seen).toHaveLength(1);
    // A call that is refused is in the audit, and none has ended by an answer to something else.
    const refusals = second.method === "tools/call" ? ["refused"] : [];
    expect(guard.audit.map(({ outcome }) => outcome)).toEqual(refusals);
    // Once the first is answered, the id is free.
    answer(7, { tools: [{ name: "echo" }] });
    await stream.next();
    expect((await send(second)).status).toBe(202);
  });

  it("a list is cut to what the caller may call, whatever else is in the same event", async () => {
    await send(search);
    await send({ ...list, id: 8 });
    const both = [
      { jsonrpc: "2.0", id: 7, result: { content: [{ type: "text", text: '{"results":[1]}' }] } },
      { jsonrpc: "2.0", id: 8, result: { tools } },
    ];
    serverEnd.write(`data: ${JSON.stringify(both)}\n\n`);
    const got = JSON.stringify(await stream.next());
    expect(got).toContain('"tools":[{"name":"echo"}]');
    expect(got).not.toContain("wipe");
    expect(guard.audit).toMatchObject([{ tool: "search", outcome: "ok", resultCount: 1 }]);
  });

  it("requests that wait for their answers are bounded", async () => {
    const small = { method: "ping" };
    for (let id = 0; id < 100; id += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, i) => send({ ...small, id: id + i })));
    }
    const refused = await send({ ...small, id: "one more" });
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"]);
    answer(0, {});
    await stream.next();
    expect((await send({ ...small, id: "one more" })).status).toBe(202);
  });
});
