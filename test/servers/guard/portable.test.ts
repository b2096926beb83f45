import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { portableIds } from "../../../servers/guard/mcp/portable.ts";
import { start } from "../mcp-http/helpers.ts";
import { serve } from "./fixture.ts";
import {
  type Changes,
  callOf,
  closing,
  guard,
  guardedFixture,
  initialize,
  messagesOf,
  openSession,
  post,
  refusal,
  request,
} from "./helpers.ts";

const alice = { authorization: `Bearer ${"a".repeat(40)}` };
const bob = { authorization: `Bearer ${"b".repeat(40)}` };
let directory: string;
let keyFile: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "guard-tokens-"));
  await writeFile(join(directory, "alice"), "a".repeat(40));
  await writeFile(join(directory, "bob"), "b".repeat(40));
  keyFile = `${directory}.key`;
  await writeFile(keyFile, `${"k".repeat(64)}\n`);
});
afterAll(async () => {
  await rm(directory, { recursive: true });
  await rm(keyFile);
});

const portable = (changes: Changes = {}): Changes => ({
  sessions: { mode: "portable", keyFile },
  authentication: { tokens: { directory, roles: {} } },
  ...changes,
});
const unknown = { status: 404, code: -32_000, message: "Session not found" };

describe("a portable session", () => {
  it("is taken up by another pod, which opens one at its own server with the same handshake", async () => {
    const [one, other] = [await guardedFixture(portable()), await guardedFixture(portable())];
    const session = await openSession(one.front.url, alice);
    // Not the server's own id, which only its own process knows.
    expect(one.fixture.sessions).not.toContain(session["mcp-session-id"]);
    for (const message of ["one", "two"]) {
      const answer = await post(other.front.url, callOf("echo", { message }), session);
      expect(answer.headers.get("mcp-session-id")).toBe(session["mcp-session-id"]);
      expect(await messagesOf(answer)).toMatchObject([
        { result: { content: [{ text: `Echo: ${message}` }] } },
      ]);
    }
    expect(other.fixture.received.map(({ message }) => message.method)).toEqual([
      "initialize",
      "notifications/initialized",
      "tools/call",
      "tools/call",
    ]);
    expect(other.fixture.received[0]?.message.params).toEqual(initialize.params);
    expect(other.front.audit.map(({ caller, outcome }) => ({ caller, outcome }))).toEqual(
      Array(2).fill({ caller: "alice", outcome: "ok" }),
    );
  });

  it("is taken up once by requests that come all at once, and takes one place", async () => {
    const [one, other] = [
      await guardedFixture(portable()),
      await guardedFixture(portable({ limits: { sessions: 1, sessionsPerCaller: 1 } })),
    ];
    const session = await openSession(one.front.url, alice);
    const calls = Array.from({ length: 5 }, (_, i) =>
      post(other.front.url, callOf("echo", { message: "hi" }, i), session).then(({ status }) => status),
    );
    expect(await Promise.all(calls)).toEqual(Array(5).fill(200));
    expect(other.fixture.sessions.size).toBe(1);
    expect(await other.front.metrics()).toContain('mcp_guard_sessions{server="fixture"} 1');
  });

  it.each([
    ["its caller's others", { sessions: 10, sessionsPerCaller: 2 }],
    ["others at all", { sessions: 2, sessionsPerCaller: 2 }],
  ])("gives its place at a pod to %s, and is taken up there again and again", async (_, limits) => {
    const pods = [await guardedFixture(portable({ limits })), await guardedFixture(portable({ limits }))];
    const sessions = [];
    for (const { front } of [...pods, ...pods]) sessions.push(await openSession(front.url, alice));
    for (const session of [...sessions, ...sessions]) {
      for (const { front } of pods) {
        const answer = await post(front.url, callOf("echo", { message: "hi" }), session);
        expect(await messagesOf(answer)).toMatchObject([{ result: { content: [{ text: "Echo: hi" }] } }]);
      }
    }
    for (const { front, fixture } of pods) {
      expect(await front.metrics()).toContain('mcp_guard_sessions{server="fixture"} 2\n');
      // The server was told of those that ended.
      await expect.poll(() => fixture.sessions.size).toBe(2);
    }
  });

  it("keeps its place while it is in use: who finds none then is refused", async () => {
    const { front } = await guardedFixture(portable({ limits: { sessions: 10, sessionsPerCaller: 1 } }));
    const session = await openSession(front.url, alice);
    const stream = await fetch(front.url, { headers: { ...session, accept: "text/event-stream" } });
    expect(stream.status).toBe(200);
    expect(await refusal(await post(front.url, initialize, alice))).toMatchObject({
      status: 503,
      message: "Too many sessions are open",
    });
    expect((await post(front.url, request("ping"), session)).status).toBe(200);
    await stream.body?.cancel();
  });

  it("belongs to its caller at every pod, and to its server", async () => {
    const [one, other] = [await guardedFixture(portable()), await guardedFixture(portable())];
    const session = await openSession(one.front.url, alice);
    for (const { front } of [one, other]) {
      expect(await refusal(await post(front.url, request("ping"), { ...session, ...bob }))).toMatchObject(
        unknown,
      );
    }
    const elsewhere = await guardedFixture(portable({ server: "elsewhere" }));
    expect(await refusal(await post(elsewhere.front.url, request("ping"), session))).toMatchObject(unknown);
    expect([...other.fixture.received, ...elsewhere.fixture.received]).toEqual([]);
  });

  it("is no session when its id was changed or made up", async () => {
    const { front, fixture } = await guardedFixture(portable());
    const { "mcp-session-id": id } = await openSession(front.url, alice);
    fixture.received.length = 0;
    const [nonce, handshake, signature] = id.split(".") as [string, string, string];
    const other = Buffer.from(JSON.stringify({ ...initialize.params, protocolVersion: "x" })).toString(
      "base64url",
    );
    const forged = portableIds("another key", "fixture").make(
      { subject: "alice", roles: [] },
      initialize.params,
    );
    const ids = [`${nonce}.${other}.${signature}`, `${nonce}.${handshake}.`, "..", "a", String(forged)];
    for (const made of ids) {
      const answer = await post(front.url, request("ping"), { ...alice, "mcp-session-id": made });
      expect(await refusal(answer)).toMatchObject(unknown);
    }
    expect(fixture.received).toEqual([]);
  });

  it("outlives its server's memory", async () => {
    let now = 0;
    const server = await start({ sessionTtlSeconds: 60, now: () => now });
    const front = await guard(server.url, portable());
    const session = await openSession(front.url, alice);
    now = 60_001;
    const answer = await post(front.url, callOf("echo", { message: "hi" }), session);
    expect(await messagesOf(answer)).toMatchObject([{ result: { content: [{ text: "Echo: hi" }] } }]);
    expect(answer.headers.get("mcp-session-id")).toBe(session["mcp-session-id"]);
    expect(await front.metrics()).toContain('mcp_guard_sessions{server="fixture"} 1');
  });

  it("ends at the pod that its client tells", async () => {
    const { front, fixture } = await guardedFixture(portable());
    const session = await openSession(front.url, alice);
    expect((await fetch(front.url, { method: "DELETE", headers: session })).status).toBe(200);
    expect(fixture.sessions.size).toBe(0);
    expect(await refusal(await post(front.url, request("ping"), session))).toMatchObject(unknown);
  });

  it("is refused with a handshake that has no room in a header, before the server hears of it", async () => {
    const { front, fixture } = await guardedFixture(portable());
    const capabilities = { experimental: { a: { text: "x".repeat(2048) } } };
    const large = { ...initialize, params: { ...initialize.params, capabilities } };
    expect(await refusal(await post(front.url, large, alice))).toMatchObject({
      status: 400,
      code: -32_602,
      id: 1,
    });
    expect(fixture.received).toEqual([]);
  });

  it("is refused while the pod's own server is down, and taken up afterwards", async () => {
    const one = await guardedFixture(portable());
    const session = await openSession(one.front.url, alice);
    const down = closing(await serve((_req, res) => res.writeHead(500).end()));
    const front = await guard(down.url, portable({ retries: { attempts: 0 } }));
    expect((await post(front.url, request("ping"), session)).status).toBe(502);
  });
});

describe("a server that opens sessions and is said to be stateless", () => {
  it("is not ready, and says why", async () => {
    const { front } = await guardedFixture({ sessions: { mode: "stateless" } });
    const ready = await fetch(new URL("/readyz", front.managementUrl));
    expect([ready.status, ((await ready.json()) as { reason: string }).reason]).toEqual([
      503,
      expect.stringMatching(/^The MCP server opens sessions .*"stateless"/),
    ]);
    expect(await refusal(await post(front.url, initialize))).toMatchObject({ status: 502, code: -32_032 });
  });
});
