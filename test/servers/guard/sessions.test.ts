import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serve } from "./fixture.ts";
import {
  callOf,
  closing,
  guard,
  guardedFixture,
  initialize,
  openSession,
  post,
  refusal,
  request,
} from "./helpers.ts";

/** Tokens of two callers, as authentication by files of tokens reads them. */
const alice = { authorization: `Bearer ${"a".repeat(40)}` };
const bob = { authorization: `Bearer ${"b".repeat(40)}` };
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "guard-tokens-"));
  await writeFile(join(directory, "alice"), "a".repeat(40));
  await writeFile(join(directory, "bob"), "b".repeat(40));
});
afterAll(() => rm(directory, { recursive: true }));

const tokens = () => ({ authentication: { tokens: { directory, roles: {} } } });

describe("a session", () => {
  it("is unknown to everybody but its caller, for every method", async () => {
    const { front, fixture } = await guardedFixture(tokens());
    const session = await openSession(front.url, alice);
    fixture.received.length = 0;
    const stolen = { ...session, ...bob };
    const unknown = { ...bob, "mcp-session-id": "11111111-1111-4111-8111-111111111111" };
    for (const headers of [stolen, unknown]) {
      const expected = { status: 404, code: -32_000, id: null, message: "Session not found" };
      expect(await refusal(await post(front.url, callOf("echo"), headers))).toEqual(expected);
      expect(await refusal(await post(front.url, initialize, headers))).toEqual(expected);
      const stream = { ...headers, accept: "text/event-stream" };
      expect(await refusal(await fetch(front.url, { headers: stream }))).toEqual(expected);
      expect(await refusal(await fetch(front.url, { method: "DELETE", headers }))).toEqual(expected);
    }
    expect(fixture.received).toEqual([]);
    expect(fixture.sessions.size).toBe(1);
    expect((await post(front.url, request("ping"), session)).status).toBe(200);
  });

  it("ends when its client deletes it", async () => {
    const { front, fixture } = await guardedFixture();
    const session = await openSession(front.url);
    expect((await fetch(front.url, { method: "DELETE", headers: session })).status).toBe(200);
    expect(fixture.sessions.size).toBe(0);
    expect((await post(front.url, request("ping"), session)).status).toBe(404);
    expect(await front.metrics()).toContain('mcp_guard_sessions{server="fixture"} 0');
  });

  it("ends when it is idle for too long, and at the server too", async () => {
    let now = 0;
    const { front, fixture } = await guardedFixture(
      { limits: { sessionIdleSeconds: 60 } },
      { now: () => now },
    );
    const session = await openSession(front.url);
    now = 60_000;
    expect((await post(front.url, request("ping"), session)).status).toBe(200);
    now = 120_001;
    expect((await post(front.url, request("ping"), session)).status).toBe(404);
    await expect.poll(() => fixture.sessions.size).toBe(0);
  });

  it("is not idle while a stream of it is open", async () => {
    let now = 0;
    const { front } = await guardedFixture({ limits: { sessionIdleSeconds: 60 } }, { now: () => now });
    const session = await openSession(front.url);
    await fetch(front.url, { headers: { ...session, accept: "text/event-stream" } });
    now = 1_000_000;
    expect((await post(front.url, request("ping"), session)).status).toBe(200);
  });

  it("finds no place when all are taken, which ends no other", async () => {
    const { front } = await guardedFixture({ limits: { sessions: 2 } });
    const first = await openSession(front.url);
    await openSession(front.url);
    const third = await post(front.url, initialize);
    expect(third.headers.get("retry-after")).toBe("30");
    expect(await refusal(third)).toMatchObject({ status: 503, id: 1 });
    expect((await post(front.url, request("ping"), first)).status).toBe(200);
    await fetch(front.url, { method: "DELETE", headers: first });
    expect((await post(front.url, initialize)).status).toBe(200);
  });

  it("gives its place back when the server opens none", async () => {
    const upstream = closing(await serve((_req, res) => res.writeHead(400).end()));
    const front = await guard(upstream.url, { limits: { sessions: 1 } });
    for (let i = 0; i < 3; i++) expect((await post(front.url, initialize)).status).toBe(400);
  });

  it("is forgotten when the server doesn't know it any more, or is gone", async () => {
    let status = 200;
    let id = 0;
    const upstream = closing(
      await serve((req, res) => {
        req.resume();
        res
          .writeHead(status, { "content-type": "application/json", "mcp-session-id": String(id++) })
          .end("{}");
      }),
    );
    const front = await guard(upstream.url, { retries: { attempts: 0 } });
    const metric = async () => /mcp_guard_sessions\{.*\} (\d)/.exec(await front.metrics())?.[1];
    await openSession(front.url);
    const session = await openSession(front.url);
    expect(await metric()).toBe("2");
    status = 404;
    expect((await post(front.url, request("ping"), session)).status).toBe(404);
    expect(await metric()).toBe("1");
    await upstream.close();
    expect((await post(front.url, initialize)).status).toBe(502);
    expect(await metric()).toBe("0");
  });

  it("is refused if the server hands out one that another caller has", async () => {
    const upstream = closing(
      await serve((req, res) => {
        req.resume();
        res.writeHead(200, { "content-type": "application/json", "mcp-session-id": "same" }).end("{}");
      }),
    );
    const front = await guard(upstream.url, tokens());
    expect((await post(front.url, initialize, alice)).headers.get("mcp-session-id")).toBe("same");
    const second = await post(front.url, initialize, bob);
    expect(second.headers.get("mcp-session-id")).toBeNull();
    expect(second.status).toBe(502);
  });
});
