import { json } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { serve } from "./fixture.ts";
import {
  callOf,
  closing,
  connect,
  Deadlines,
  guard,
  guardedFixture,
  initialize,
  messagesOf,
  openSession,
  post,
  refusal,
  request,
} from "./helpers.ts";

describe("a call that is too much", () => {
  it("for its caller is answered 429, and says when to come again", async () => {
    const { front, fixture } = await guardedFixture({ limits: { caller: { calls: 2, seconds: 60 } } });
    const session = await openSession(front.url);
    for (const id of [1, 2])
      await messagesOf(await post(front.url, callOf("echo", { message: "hi" }, id), session));
    fixture.received.length = 0;
    const third = await post(front.url, callOf("echo", { message: "hi" }, 3), session);
    expect(third.headers.get("retry-after")).toBe("60");
    const body = (await third.json()) as Record<string, unknown>;
    expect([third.status, body]).toMatchObject([
      429,
      { id: 3, error: { code: -32_029, data: { retryAfterSeconds: 60 } } },
    ]);
    expect(fixture.received).toEqual([]);
    expect(front.audit.at(-1)).toMatchObject({ outcome: "limited" });
    expect(await front.metrics()).toContain('mcp_guard_limits_hit_total{limit="caller",server="fixture"} 1');
  });

  it("beside others is answered 429, until one of them ends", async () => {
    const { front, fixture } = await guardedFixture({ limits: { concurrency: 1 } });
    const session = await openSession(front.url);
    const running = post(front.url, callOf("wait", {}, 1), session);
    await fixture.waiting;
    expect(await refusal(await post(front.url, callOf("echo", {}, 2), session))).toMatchObject({
      status: 429,
      code: -32_029,
      id: 2,
    });
    fixture.release();
    await messagesOf(await running);
    expect((await post(front.url, callOf("echo", { message: "hi" }, 3), session)).status).toBe(200);
  });

  it("with the id of another that runs is malformed", async () => {
    const { front, fixture } = await guardedFixture();
    const session = await openSession(front.url);
    const running = post(front.url, callOf("wait", {}, 1), session);
    await fixture.waiting;
    expect(await refusal(await post(front.url, callOf("echo", {}, 1), session))).toMatchObject({
      status: 400,
    });
    fixture.release();
    expect(await messagesOf(await running)).toMatchObject([{ id: 1, result: {} }]);
  });
});

describe("a call that nobody waits for", () => {
  it("is cancelled at the server when its client disconnects", async () => {
    const { front, fixture } = await guardedFixture();
    const session = await openSession(front.url);
    const controller = new AbortController();
    const running = post(front.url, callOf("wait", {}, "x"), session, controller.signal);
    await fixture.waiting;
    controller.abort();
    await expect(running.then((response) => response.text())).rejects.toThrow();
    await fixture.aborted;
    expect(fixture.received.at(-1)?.message).toMatchObject({
      method: "notifications/cancelled",
      params: { requestId: "x" },
    });
    expect(fixture.received.at(-1)?.headers).toMatchObject(session);
    await expect.poll(() => front.audit).toMatchObject([{ tool: "wait", outcome: "cancelled" }]);
  });

  it("ends without an answer when its client cancels it", async () => {
    const { front, fixture } = await guardedFixture();
    const session = await openSession(front.url);
    const running = post(front.url, callOf("wait", {}, 5), session);
    await fixture.waiting;
    const cancelled = { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 5 } };
    expect((await post(front.url, cancelled, session)).status).toBe(202);
    expect(await (await running).text()).toBe("");
    expect(front.audit).toMatchObject([{ tool: "wait", outcome: "cancelled" }]);
  });

  it("goes on where its client can come back for the answer", async () => {
    const gone = Promise.withResolvers<void>();
    const called = Promise.withResolvers<void>();
    const answer = JSON.stringify({ jsonrpc: "2.0", id: 1, result: { content: [] } });
    const upstream = closing(
      await serve((req, res) => {
        req.resume();
        const stream = { "content-type": "text/event-stream" };
        if (req.method === "GET") return void res.writeHead(200, stream).end(`data: ${answer}\n\n`);
        if (req.headers["mcp-session-id"] === undefined) {
          const head = { "content-type": "application/json", "mcp-session-id": "s" };
          return void res.writeHead(200, head).end("{}");
        }
        res.writeHead(200, stream).write("id: 7\ndata:\n\n");
        res.once("close", gone.resolve);
        called.resolve();
      }),
    );
    const front = await guard(upstream.url);
    const session = await openSession(front.url);
    const controller = new AbortController();
    const response = await post(front.url, callOf("echo"), session, controller.signal);
    await called.promise;
    await response.body?.getReader().read();
    controller.abort();
    await gone.promise;
    expect(front.audit).toEqual([]);
    const resumed = await fetch(front.url, {
      headers: { ...session, accept: "text/event-stream", "last-event-id": "7" },
    });
    expect(await messagesOf(resumed)).toMatchObject([{ id: 1, result: {} }]);
    expect(front.audit).toMatchObject([{ tool: "echo", outcome: "ok" }]);
  });
});

describe("a call that takes too long", () => {
  it("ends with an error on its open stream, and is cancelled at the server", async () => {
    const deadlines = new Deadlines();
    const { front, fixture } = await guardedFixture({}, { deadlines });
    const session = await openSession(front.url);
    const response = await post(front.url, callOf("wait", {}, 9), session);
    await fixture.waiting;
    deadlines.pass();
    expect(await messagesOf(response)).toMatchObject([{ id: 9, error: { code: -32_031 } }]);
    await fixture.aborted;
    expect(front.audit).toMatchObject([{ tool: "wait", outcome: "timeout" }]);
  });

  it("is answered 504 where no answer has begun", async () => {
    const asked: (() => void)[] = [];
    const upstream = closing(
      await serve(async (req) => {
        const { id } = (await json(req)) as { id: unknown };
        if (id === 9) asked.shift()?.();
      }),
    );
    const deadlines = new Deadlines();
    const front = await guard(upstream.url, {}, { deadlines });
    for (const message of [callOf("echo", {}, 9), { ...initialize, id: 9 }]) {
      const taken = new Promise<void>((resolve) => asked.push(resolve));
      const answer = post(front.url, message);
      await taken;
      deadlines.pass();
      expect(await refusal(await answer)).toMatchObject({ status: 504, code: -32_031, id: 9 });
    }
  });
});

describe("a server that fails", () => {
  const answering = async (status: () => number, changes = {}) => {
    let calls = 0;
    const upstream = closing(
      await serve((req, res) => {
        req.resume();
        calls += 1;
        const body = JSON.stringify({ jsonrpc: "2.0", id: 1, result: { tools: [], content: [] } });
        res.writeHead(status(), { "content-type": "application/json", "retry-after": "7" }).end(body);
      }),
    );
    const front = await guard(upstream.url, { retries: { attempts: 2, initialMs: 1, maxMs: 1 }, ...changes });
    await expect.poll(() => calls).toBe(1); // The guard's own probe.
    return { front, calls: () => calls - 1, upstream };
  };

  it("is asked again for what only reads", async () => {
    let left = 3;
    const { front, calls } = await answering(() => (left-- > 0 ? 500 : 200));
    expect((await post(front.url, request("tools/list"))).status).toBe(200);
    expect(calls()).toBe(3);
    expect(await front.metrics()).toContain('mcp_guard_upstream_retries_total{server="fixture"} 2');
  });

  it("is asked again for a call only where the settings say that it does no harm", async () => {
    const retries = { attempts: 2, initialMs: 1, maxMs: 1, tools: ["echo"] };
    const { front, calls } = await answering(() => 500, { retries, breaker: { failures: 100 } });
    expect((await post(front.url, callOf("write"))).status).toBe(502);
    expect(calls()).toBe(1);
    expect((await post(front.url, callOf("echo"))).status).toBe(502);
    expect(calls()).toBe(4);
    expect((await post(front.url, initialize)).status).toBe(502);
    expect(calls()).toBe(5);
    expect(front.audit.map(({ outcome }) => outcome)).toEqual(["upstream-error", "upstream-error"]);
  });

  it("hands on when it wants to be asked again", async () => {
    const { front } = await answering(() => 503);
    const answer = await post(front.url, initialize);
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "7"]);
  });

  it("is left alone for a while, which the answer says", async () => {
    const { front, calls } = await answering(() => 500, { breaker: { failures: 2, openSeconds: 30 } });
    for (const id of [1, 2]) await post(front.url, callOf("write", {}, id));
    const third = await post(front.url, callOf("write", {}, 3));
    expect(third.headers.get("retry-after")).toBe("30");
    expect(await refusal(third)).toMatchObject({ status: 503, code: -32_030, id: 3 });
    expect(calls()).toBe(2);
    expect(front.audit.at(-1)).toMatchObject({ outcome: "breaker-open" });
    expect(await front.metrics()).toContain('mcp_guard_breaker_state{server="fixture"} 2');
  });

  it("in the middle of an answer makes for an error in it", async () => {
    const upstream = closing(
      await serve((req, res) => {
        req.resume();
        if (req.method !== "POST") return void res.end();
        res.writeHead(200, { "content-type": "text/event-stream" }).write(": hello\n\n", () => res.destroy());
      }),
    );
    const front = await guard(upstream.url);
    const response = await post(front.url, callOf("echo", {}, 4));
    expect(await messagesOf(response)).toMatchObject([{ id: 4, error: { code: -32_032 } }]);
    expect(front.audit).toMatchObject([{ outcome: "upstream-error" }]);
  });

  it("that ends without an answer makes for an error too", async () => {
    const upstream = closing(
      await serve((req, res) => {
        req.resume();
        res.writeHead(200, { "content-type": "text/event-stream" }).end(": nothing\n\n");
      }),
    );
    const front = await guard(upstream.url);
    const response = await post(front.url, callOf("echo", {}, 4));
    expect(await messagesOf(response)).toMatchObject([{ id: 4, error: { code: -32_032 } }]);
  });
});

it("a client's cancellation by the official SDK reaches the tool", async () => {
  const { front, fixture } = await guardedFixture();
  const client = await connect(front.url);
  const controller = new AbortController();
  const running = client.callTool({ name: "wait" }, undefined, { signal: controller.signal });
  await fixture.waiting;
  controller.abort("enough");
  await expect(running).rejects.toThrow("enough");
  await fixture.aborted;
});
