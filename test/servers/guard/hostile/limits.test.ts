import { afterEach, describe, expect, it } from "vitest";
import { as, type Changes, callTool, type Hostile, openSession, rpc, startHostile } from "./support/guard.ts";
import { exchange, request } from "./support/raw.ts";

let guard: Hostile;
afterEach(() => guard.close());

async function start(limits: Changes[string], changes: Changes = {}) {
  guard = await startHostile({ limits, ...changes });
  const session = await openSession(guard.url);
  guard.upstream.seen.length = 0;
  return session;
}

const called = () => guard.upstream.seen.filter(({ body }) => body.includes("tools/call")).length;
const statuses = (answers: { status: number }[]) => answers.map(({ status }) => status).sort();

describe("a caller's budget is not made larger", () => {
  const three = { caller: { calls: 3, seconds: 60 } };

  it("by calls at the same moment", async () => {
    const session = await start({ ...three, concurrency: 50 });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, id) =>
        rpc(guard.url, { id, method: "tools/call", params: { name: "wipe" } }, as("alice", session)),
      ),
    );
    expect(statuses(answers)).toEqual([200, 200, 200, ...Array(17).fill(429)]);
    expect(called()).toBe(3);
    for (const { status, headers, rpc } of answers) {
      if (status !== 429) continue;
      expect(rpc.error?.code).toBe(-32_029);
      expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    }
  });

  it("by calls in one packet, which are all read before the first is answered", async () => {
    await start({ ...three, concurrency: 50 });
    const call = (id: number, last: boolean) => {
      const body = JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params: { name: "wipe" } });
      const { authorization } = as("alice");
      const head = ["POST /mcp HTTP/1.1", "Host: localhost", `Authorization: ${authorization}`];
      const rest = ["Content-Type: application/json", `Content-Length: ${body.length}`];
      return request([...head, ...rest, ...(last ? ["Connection: close"] : [])], body);
    };
    const packet = Array.from({ length: 20 }, (_, id) => call(id, id === 19)).join("");
    const answers = await exchange(guard.url, packet);
    // 406 is the server's, which misses an Accept header.
    expect(statuses(answers)).toEqual([...Array(3).fill(406), ...Array(17).fill(429)]);
    expect(called()).toBe(3);
  });

  it("by more sessions, or by none", async () => {
    await start(three);
    const answers = [];
    for (let i = 0; i < 3; i++) {
      const session = await openSession(guard.url);
      answers.push(await callTool(guard.url, { name: "wipe" }, as("alice", session)));
      answers.push(await callTool(guard.url, { name: "wipe" }));
    }
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(3);
    expect(called()).toBe(3);
  });

  it("by tools that fail, that aren't there, or whose arguments are wrong", async () => {
    const session = await start(three);
    const calls = ["fail", "no-such-tool", "echo", "fail", "echo"];
    const answers = [];
    for (const name of calls) answers.push(await callTool(guard.url, { name }, as("alice", session)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429]);
    expect(called()).toBe(3);
  });

  it("by another address, connection, or name that a header says", async () => {
    const session = await start(three);
    const answers = [];
    for (let i = 0; i < 6; i++) {
      const others = {
        "x-forwarded-for": `10.0.0.${i}`,
        "x-real-ip": `10.0.0.${i}`,
        "x-user": `u${i}`,
        connection: "close",
      };
      answers.push(await callTool(guard.url, { name: "wipe" }, { ...as("alice", session), ...others }));
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429, 429]);
  });

  it("and is nobody else's: others go on", async () => {
    const session = await start(three);
    for (let i = 0; i < 10; i++) await callTool(guard.url, { name: "wipe" }, as("alice", session));
    const bobs = await openSession(guard.url, as("bob"));
    expect((await callTool(guard.url, { name: "wipe" }, as("bob", bobs))).status).toBe(200);
  });
});

describe("a tool's budget is not made larger", () => {
  it("by other spellings of its name", async () => {
    const session = await start({ tools: { wipe: { calls: 1, seconds: 60 } } });
    const names = ["wipe", "WIPE", "Wipe", "wipe ", "ｗipe", "wipe"];
    const answers = [];
    for (const name of names) answers.push(await callTool(guard.url, { name }, as("alice", session)));
    expect(answers.map(({ status }) => status)).toEqual([200, 400, 400, 400, 400, 429]);
    expect(called()).toBe(1);
  });

  it("by names that every object has", async () => {
    const rate = { calls: 1, seconds: 60 };
    const session = await start({ tools: { constructor: rate, toString: rate } });
    for (const name of ["constructor", "toString"]) {
      expect((await callTool(guard.url, { name }, as("alice", session))).status).toBe(200);
      expect((await callTool(guard.url, { name }, as("alice", session))).status).toBe(429);
    }
  });
});

describe("calls that are refused", () => {
  it("use up nobody's budget, so that nobody can be shut out by them", async () => {
    const session = await start(
      { caller: { calls: 1, seconds: 60 }, tools: { wipe: { calls: 1, seconds: 60 } } },
      { authorization: { rules: [{ effect: "deny", tools: ["fail"] }] }, search: { engines: ["bing"] } },
    );
    const bad = [
      { name: "fail" },
      { name: "WIPE" },
      { name: ["wipe"] },
      { name: "search", arguments: { engines: ["google"] } },
      { name: "wipe", arguments: [] },
    ];
    for (const params of bad) await callTool(guard.url, params, as("alice", session));
    await callTool(guard.url, { name: "wipe" }, { authorization: "Bearer wrong-wrong-wrong-wrong" });
    expect(called()).toBe(0);
    expect((await callTool(guard.url, { name: "wipe" }, as("alice", session))).status).toBe(200);
    expect((await callTool(guard.url, { name: "wipe" }, as("alice", session))).status).toBe(429);
  });

  it("give their places back: as many as there are don't fill the guard", async () => {
    const session = await start({ concurrency: 1, caller: { calls: 2, seconds: 60 } });
    const double = [1, 2].map(() =>
      rpc(guard.url, { id: 5, method: "tools/call", params: { name: "wipe" } }, as("alice", session)),
    );
    await Promise.all(double);
    for (let i = 0; i < 5; i++) await callTool(guard.url, { name: "Wipe" }, as("alice", session));
    const bobs = await openSession(guard.url, as("bob"));
    expect((await callTool(guard.url, { name: "wipe" }, as("bob", bobs))).status).toBe(200);
  });
});
