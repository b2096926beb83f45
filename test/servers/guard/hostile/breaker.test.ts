import { afterEach, describe, expect, it } from "vitest";
import { Deadlines } from "../helpers.ts";
import {
  as,
  callTool,
  type Hostile,
  mcpHeaders,
  openSession,
  read,
  rpc,
  startHostile,
} from "./support/guard.ts";
import { recording } from "./support/upstream.ts";

let guard: Hostile;
afterEach(() => guard.close());

const breaker = { failures: 2, openSeconds: 3600 };
const state = async () => /^mcp_guard_breaker_state\{[^}]*\} (\d)$/m.exec(await guard.metrics())?.[1];

describe("one caller can't shut out the others", () => {
  it("by tools that fail or aren't there, wrong arguments, and messages the server refuses", async () => {
    guard = await startHostile({ breaker });
    const session = await openSession(guard.url);
    for (let i = 0; i < 5; i++) {
      const headers = as("alice", session);
      expect((await callTool(guard.url, { name: "fail" }, headers)).rpc.result).toMatchObject({
        isError: true,
      });
      await callTool(guard.url, { name: "nowhere" }, headers);
      await callTool(guard.url, { name: "echo", arguments: { message: { not: "text" } } }, headers);
      await rpc(guard.url, { id: i, method: "no/such" }, headers);
      await rpc(guard.url, { id: i, method: "resources/read", params: { uri: "nowhere://" } }, headers);
      await rpc(guard.url, { id: i, method: "ping" }, { ...headers, "mcp-protocol-version": "1999-01-01" });
      await rpc(guard.url, { id: i, method: "ping" }, { ...headers, accept: "text/html" });
      await rpc(guard.url, { id: i, method: "ping" });
    }
    expect(await state()).toBe("0");
    const bobs = await openSession(guard.url, as("bob"));
    expect((await callTool(guard.url, { name: "wipe" }, as("bob", bobs))).status).toBe(200);
  });

  it("by going away again and again before the server has answered", async () => {
    let called = Promise.withResolvers<void>();
    const upstream = await recording((_req, res, body) => {
      if (body.includes("tools/call")) called.resolve();
      else res.setHeader("content-type", "application/json").end('{"jsonrpc":"2.0","id":1,"result":{}}');
    });
    guard = await startHostile({ breaker }, { upstream });
    for (let i = 1; i <= 5; i++) {
      called = Promise.withResolvers();
      const gone = new AbortController();
      const body = JSON.stringify({ jsonrpc: "2.0", id: i, method: "tools/call", params: { name: "hang" } });
      const headers = { ...as("alice"), "content-type": "application/json" };
      const answer = fetch(guard.url, { method: "POST", headers, body, signal: gone.signal });
      await called.promise;
      gone.abort();
      await expect(answer).rejects.toThrow();
      await guard.audited(i);
    }
    expect(await state()).toBe("0");
    expect((await rpc(guard.url, { id: 1, method: "ping" }, as("bob"))).status).toBe(200);
  });

  it("by what the guard itself refuses, or by slow calls of a server that has begun to answer", async () => {
    const upstream = await recording((_req, res, body) => {
      if (body.includes("slow")) return res.setHeader("content-type", "text/event-stream").flushHeaders();
      return res.setHeader("content-type", "application/json").end('{"jsonrpc":"2.0","id":1,"result":{}}');
    });
    const deadlines = new Deadlines();
    guard = await startHostile(
      { breaker, authorization: { rules: [{ effect: "deny", tools: ["wipe"] }] } },
      { upstream, after: deadlines.after },
    );
    for (let i = 0; i < 5; i++) {
      const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "slow" } });
      // The head comes when the server's has come.
      const slow = await fetch(guard.url, {
        method: "POST",
        headers: { ...mcpHeaders, ...as("alice") },
        body,
      });
      deadlines.pass();
      expect((await read(slow)).rpc.error?.code).toBe(-32_031);
      expect((await callTool(guard.url, { name: "wipe" })).status).toBe(403);
      await rpc(guard.url, { id: 1, method: "ping" }, { authorization: "Bearer wrong-wrong-wrong-wrong" });
    }
    expect(guard.audit.filter(({ outcome }) => outcome === "timeout")).toHaveLength(5);
    expect(await state()).toBe("0");
  });
});

describe("a server that hangs", () => {
  it("is left alone after so many deadlines, of calls and of other requests, without a byte from it", async () => {
    let asked = Promise.withResolvers<void>();
    const upstream = await recording((_req, res, body) => {
      if (!body.includes("initialize") && !body.includes("cancelled")) asked.resolve();
      else res.setHeader("content-type", "application/json").end("{}");
    });
    const deadlines = new Deadlines();
    guard = await startHostile({ breaker }, { upstream, after: deadlines.after });
    const call = { id: 1, method: "tools/call", params: { name: "wipe" } };
    for (const message of [call, { id: 2, method: "ping" }]) {
      expect(await state()).toBe("0");
      asked = Promise.withResolvers();
      const answer = rpc(guard.url, message);
      await asked.promise;
      deadlines.pass();
      const { status, rpc: said } = await answer;
      expect([status, said.error?.code]).toEqual([504, -32_031]);
    }
    expect(await state()).toBe("2");
    expect((await rpc(guard.url, call)).rpc.error?.code).toBe(-32_030);
    expect(guard.audit.map(({ outcome }) => outcome)).toEqual(["timeout", "breaker-open"]);
  });
});

describe("a server that fails", () => {
  const failing = () =>
    recording((_req, res, body) => {
      if (!body.includes("tools/call")) return res.setHeader("content-type", "application/json").end("{}");
      res.writeHead(500, { "content-type": "text/html", "retry-after": "7\u00e9" });
      return res.end("<pre>Error: secret at /srv/app.js:1\n password=hunter2</pre>");
    });

  it("is not asked again for calls that may change something, whatever the caller says", async () => {
    guard = await startHostile(
      { breaker: { failures: 100, openSeconds: 1 }, retries: { initialMs: 1 } },
      { upstream: await failing() },
    );
    const lies = {
      name: "wipe",
      _meta: { retry: true },
      annotations: { readOnlyHint: true },
      idempotent: true,
    };
    const answer = await callTool(guard.url, lies, {
      "idempotency-key": "x",
      "x-retry": "10",
      prefer: "retry",
    });
    expect(answer.status).toBe(502);
    expect(guard.upstream.seen).toHaveLength(1);
  });

  it("is left alone once it has failed too often, and nothing of what it said gets out", async () => {
    guard = await startHostile({ breaker }, { upstream: await failing() });
    const answers = [];
    for (let i = 0; i < 5; i++) answers.push(await callTool(guard.url, { name: "wipe" }));
    expect(answers.map(({ status }) => status)).toEqual([502, 502, 503, 503, 503]);
    expect(answers.map(({ rpc }) => rpc.error?.code)).toEqual([-32_032, -32_032, -32_030, -32_030, -32_030]);
    expect(guard.upstream.seen).toHaveLength(2);
    expect(answers.map(({ text }) => text).join()).not.toMatch(/secret|hunter2|app\.js|127\.0\.0\.1/);
    expect(guard.written.join()).not.toMatch(/hunter2/);
    expect(guard.audit.map(({ outcome }) => outcome)).toEqual([
      ...Array(2).fill("upstream-error"),
      ...Array(3).fill("breaker-open"),
    ]);
  });
});
