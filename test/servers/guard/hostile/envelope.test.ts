import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Hostile, openSession, post, startHostile } from "./support/guard.ts";

let guard: Hostile;
let session: string;
beforeAll(async () => {
  const rules = [{ effect: "deny", tools: ["wipe"] }];
  guard = await startHostile({ authorization: { rules } });
  session = await openSession(guard.url);
  guard.upstream.seen.length = 0;
});
afterAll(() => guard.close());

const send = (body: string) => post(guard.url, body, { "mcp-session-id": session });

/** Each body must be refused with 400 and -32600, and must not reach the server. */
async function refused(...bodies: (string | object)[]) {
  for (const body of bodies) {
    const text = typeof body === "string" ? body : JSON.stringify({ jsonrpc: "2.0", ...body });
    const answer = await send(text);
    expect(answer.status, text.slice(0, 200)).toBe(400);
    expect(answer.rpc.error?.code, text.slice(0, 200)).toBe(-32_600);
    expect(answer.text.length).toBeLessThan(400);
  }
  await guard.untouched();
}

const call = { method: "tools/call", params: { name: "wipe", arguments: {} } };

describe("the envelope of a message", () => {
  it("must have an id that is a text or a whole number, and not endless", async () => {
    const ids = [
      "null",
      "true",
      "{}",
      '{"a":1}',
      "[]",
      "[1]",
      "1.5",
      "1e2",
      "1e999",
      "12345678901234567890",
      "-0.5",
    ];
    await refused(
      ...ids.map((id) => `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"wipe"}}`),
      ...ids.map((id) => `{"jsonrpc":"2.0","id":${id},"method":"ping"}`),
      ...ids.map((id) => `{"jsonrpc":"2.0","id":${id},"result":{}}`),
      { ...call, id: "x".repeat(1000) },
      { id: "x".repeat(100_000), method: "ping" },
    );
  });

  it("must name a method as methods are named", async () => {
    const methods = [
      "",
      " tools/call",
      "tools/call ",
      "tools/call\n",
      "tools/call\0",
      "tools//call",
      "/tools/call",
      "tools/call/",
      "tools\\call",
      "tools%2Fcall",
      "../tools/call",
      "tools/cаll", // A Cyrillic a.
      "ｔools/call",
      "tools/call?x=1",
      "x".repeat(1000),
      "a/".repeat(500),
      null,
      7,
      true,
      ["tools/call"],
      { method: "tools/call" },
    ];
    await refused(...methods.map((method) => ({ ...call, id: 1, method })));
  });

  it("must spell methods that are judged as they are, since some servers are lenient", async () => {
    const methods = ["Tools/Call", "TOOLS/CALL", "tools/Call", "tools/LIST", "Initialize", "INITIALIZE"];
    await refused(...methods.map((method) => ({ ...call, id: 1, method })));
    await refused({ method: "Notifications/Cancelled", params: { requestId: 1 } });
  });

  it("must be of version 2.0, in so many letters", async () => {
    const versions = ["1.0", "2", "2.00", " 2.0", "", 2, 2.0, null, ["2.0"], { v: "2.0" }];
    await refused(...versions.map((jsonrpc) => ({ ...call, id: 1, jsonrpc })));
    await refused('{"id":1,"method":"tools/call","params":{"name":"wipe"}}');
  });

  it("must have no keys but its own, whose spellings some servers take for them", async () => {
    const keys = [
      "Method",
      "METHOD",
      "method ",
      "Params",
      "PARAMS",
      "ID",
      "Id",
      "JSONRPC",
      "ｍethod",
      "name",
      "auth",
      "",
    ];
    await refused(...keys.map((key) => ({ id: 1, method: "ping", [key]: "tools/call" })));
  });

  it("must have params that are an object", async () => {
    const params = [null, "wipe", 7, true, ["wipe"], ["wipe", {}], [{ name: "wipe" }]];
    await refused(...params.map((value) => ({ id: 1, method: "tools/call", params: value })));
  });

  it("must be a request or an answer", async () => {
    await refused(
      { ...call, id: 1, result: {} },
      { ...call, id: 1, error: { code: 1, message: "x" } },
      { ...call, id: 1, result: null },
      { id: 1, result: {}, error: {} },
      { id: 1 },
      { result: {} },
      { error: { code: 1, message: "x" } },
      { id: 1, result: {}, params: call.params },
      { id: 1, params: call.params },
    );
  });
});

describe("a request without an id", () => {
  it("is no notification, which would be neither judged nor limited nor audited", async () => {
    await refused(call, { method: "tools/list" }, { method: "resources/read", params: { uri: "note://a" } });
  });

  it("opens no session that nobody counts", async () => {
    const params = {
      protocolVersion: "2025-06-18",
      capabilities: {},
      clientInfo: { name: "x", version: "1" },
    };
    const answer = await post(guard.url, JSON.stringify({ jsonrpc: "2.0", method: "initialize", params }));
    expect(answer.status).toBe(400);
    await guard.untouched();
  });

  it("nor is a notification with an id a request", async () => {
    await refused({ id: 1, method: "notifications/cancelled", params: { requestId: 1 } });
    await refused({ id: 1, method: "notifications/initialized" });
  });
});
