import { EventEmitter, once } from "node:events";
import type { ServerResponse } from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { as, type Hostile, mcpHeaders, rpc, startHostile } from "./support/guard.ts";
import { dial, request } from "./support/raw.ts";
import { recording } from "./support/upstream.ts";

let guard: Hostile;
/** Tells of calls that have reached the server, which doesn't answer them. */
const server = new EventEmitter();
const open = new Set<ServerResponse>();
/** Deadlines that are set; a test lets them pass. */
const deadlines = new Set<() => void>();
beforeAll(async () => {
  const upstream = await recording((_req, res, body) => {
    if (!body.includes("tools/call")) return res.writeHead(404).end();
    open.add(res);
    res.once("close", () => {
      open.delete(res);
      server.emit("left");
    });
    server.emit("called");
  });
  const after = (_seconds: number, act: () => void) => {
    deadlines.add(act);
    return () => deadlines.delete(act);
  };
  guard = await startHostile({ limits: { concurrency: 2 } }, { upstream, after });
});
beforeEach(() => {
  guard.audit.length = 0;
});
afterEach(() => {
  for (const res of open) res.end();
});
afterAll(() => guard.close());

const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "hang" } });
const call = (who: "alice" | "bob", signal?: AbortSignal) =>
  fetch(guard.url, { method: "POST", headers: { ...mcpHeaders, ...as(who) }, body, signal: signal ?? null });

/** Starts a call that reaches the server. */
async function hang(who: "alice" | "bob" = "alice") {
  const gone = new AbortController();
  const reached = once(server, "called");
  const answer = call(who, gone.signal).catch(() => undefined);
  await reached;
  return { answer, gone };
}

describe("a client that keeps the server busy", () => {
  it("does so until the deadline, and others are told to come back", async () => {
    const [first, second] = [await hang(), await hang()];
    const third = await call("bob");
    expect([third.status, third.headers.get("retry-after")]).toEqual([429, "1"]);
    expect(await third.json()).toMatchObject({ id: 1, error: { code: -32_029 } });
    for (const pass of [...deadlines]) pass();
    for (const { answer } of [first, second]) {
      const response = await answer;
      expect(response?.status).toBe(504);
      expect(await response?.json()).toMatchObject({ id: 1, error: { code: -32_031 } });
    }
    expect(guard.audit.map(({ outcome }) => outcome)).toEqual(["limited", "timeout", "timeout"]);
    // Both places are free again.
    for (const { answer } of [await hang("bob"), await hang("bob")]) {
      for (const pass of [...deadlines]) pass();
      expect((await answer)?.status).toBe(504);
    }
  });

  it("loses its place when it goes away before the server has answered, which is told", async () => {
    for (let i = 1; i <= 5; i++) {
      const { answer, gone } = await hang();
      const left = once(server, "left");
      gone.abort();
      await Promise.all([answer, left, guard.audited(i)]);
      expect(guard.audit.at(-1)?.["outcome"]).toBe("cancelled");
    }
    expect(deadlines.size).toBe(0);
  });

  it("loses it also when it ends the connection right behind the call", async () => {
    const head = ["POST /mcp HTTP/1.1", "Host: localhost", `Authorization: ${as("alice")["authorization"]}`];
    const rest = ["Content-Type: application/json", `Content-Length: ${body.length}`];
    for (let i = 1; i <= 5; i++) {
      const line = await dial(guard.url);
      line.write(request([...head, ...rest], body));
      line.socket.resetAndDestroy();
      await line.ended();
    }
    // Some were gone before the guard had read them; whatever began has ended.
    await rpc(guard.url, { id: 1, method: "ping" });
    while (open.size > 0) await once(server, "left");
    for (const { answer, gone } of [await hang("bob"), await hang("bob")]) {
      gone.abort();
      await answer;
    }
  });
});
