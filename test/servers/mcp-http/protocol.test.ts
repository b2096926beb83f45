import { describe, expect, it } from "vitest";
import { connect, initialize, openSession, post, refusal, request, start } from "./helpers.ts";

const call = request("tools/call", { name: "echo", arguments: { message: "hi" } });

describe("a server, driven by the official client", () => {
  it("lists a tool and answers a call", async () => {
    const client = await connect((await start()).url);
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["echo"]);
    const answer = await client.callTool({ name: "echo", arguments: { message: "größe 🙂" } });
    expect(answer.content).toEqual([{ type: "text", text: "Echo: größe 🙂" }]);
  });

  it("answers wrong arguments and unknown tools as tool errors", async () => {
    const client = await connect((await start()).url);
    const wrong = await client.callTool({ name: "echo", arguments: { message: 1 } });
    expect(wrong.isError).toBe(true);
    const unknown = await client.callTool({ name: "shell", arguments: {} });
    expect(unknown.isError).toBe(true);
  });

  it("keeps clients apart, calls at the same time included", async () => {
    const { url } = await start();
    const clients = await Promise.all([connect(url), connect(url), connect(url)]);
    const answers = await Promise.all(
      clients.flatMap((client, c) =>
        [0, 1, 2].map((n) => client.callTool({ name: "echo", arguments: { message: `${c}-${n}` } })),
      ),
    );
    const texts = answers.map(({ content }) => (content as { text: string }[])[0]?.text);
    expect(texts).toEqual(
      ["0-0", "0-1", "0-2", "1-0", "1-1", "1-2", "2-0", "2-1", "2-2"].map((t) => `Echo: ${t}`),
    );
  });
});

describe("sessions", () => {
  it("opens one on initialize and serves calls in it", async () => {
    const { url } = await start();
    const session = await openSession(url);
    expect(session["mcp-session-id"]).toMatch(/^[0-9a-f-]{36}$/);
    const response = await post(url, call, session);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain("Echo: hi");
  });

  it("refuses a call without a session with 400", async () => {
    const { url } = await start();
    expect(await refusal(await post(url, call))).toEqual({ status: 400, code: -32_000 });
    const listen = await fetch(url, { headers: { accept: "text/event-stream" } });
    expect(await refusal(listen)).toEqual({ status: 400, code: -32_000 });
  });

  it.each(["GET", "POST", "DELETE"])("answers %s in an unknown session with 404", async (method) => {
    const { url } = await start();
    const headers = {
      "mcp-session-id": "no-such-session",
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
    };
    const response = await fetch(url, { method, headers, body: method === "POST" ? call : null });
    expect(await refusal(response)).toEqual({ status: 404, code: -32_001 });
  });

  it("ends one on DELETE, after which it is unknown", async () => {
    const { url } = await start();
    const session = await openSession(url);
    const end = await fetch(url, { method: "DELETE", headers: session });
    expect(end.status).toBe(200);
    expect((await post(url, call, session)).status).toBe(404);
  });

  it("opens none for an initialize that the protocol refuses", async () => {
    const { url } = await start({ maxSessions: 1 });
    expect((await post(url, initialize, { accept: "application/json" })).status).toBe(406);
    expect((await post(url, initialize)).status).toBe(200);
  });

  it("refuses an unsupported protocol version with 400, and takes a missing one", async () => {
    const { url } = await start();
    const session = await openSession(url);
    const bad = await post(url, call, { ...session, "mcp-protocol-version": "1999-01-01" });
    expect(await refusal(bad)).toEqual({ status: 400, code: -32_000 });
    const good = await post(url, call, { ...session, "mcp-protocol-version": "2025-06-18" });
    expect(good.status).toBe(200);
    await good.text();
  });
});

describe("limits", () => {
  it("ends a session that was idle for too long", async () => {
    let now = 0;
    const { url } = await start({ sessionTtlSeconds: 60, now: () => now });
    const session = await openSession(url);
    now = 60_000;
    const inTime = await post(url, call, session);
    expect(await inTime.text()).toContain("Echo: hi");
    now = 120_000;
    await (await post(url, call, session)).text();
    now = 180_001;
    expect(await refusal(await post(url, call, session))).toEqual({ status: 404, code: -32_001 });
  });

  it("does not end a session that has a stream open", async () => {
    let now = 0;
    const { url } = await start({ sessionTtlSeconds: 60, now: () => now });
    const session = await openSession(url);
    const stop = new AbortController();
    const headers = { ...session, accept: "text/event-stream" };
    const stream = await fetch(url, { headers, signal: stop.signal });
    expect(stream.status).toBe(200);
    now = 3_600_000;
    expect(await (await post(url, call, session)).text()).toContain("Echo: hi");
    stop.abort();
  });

  it("opens no more sessions than allowed, keeps those that live, and reuses what expired", async () => {
    let now = 0;
    const { url } = await start({ sessionTtlSeconds: 60, maxSessions: 2, now: () => now });
    const first = await openSession(url);
    await openSession(url);
    const third = await post(url, initialize);
    expect(third.headers.get("retry-after")).toBe("30");
    expect(await refusal(third)).toEqual({ status: 503, code: -32_000 });
    expect((await post(url, call, first)).status).toBe(200);
    now = 60_001;
    expect((await post(url, initialize)).status).toBe(200);
  });

  it("refuses a body that is too large with 413", async () => {
    const { url } = await start({ maxBodyBytes: 1024 });
    const session = await openSession(url);
    const large = request("tools/call", { name: "echo", arguments: { message: "x".repeat(1024) } });
    expect(await refusal(await post(url, large, session))).toEqual({ status: 413, code: -32_000 });
  });

  it.each([
    ["malformed JSON", "{", {}, 400, -32_700],
    ["JSON that is no request", "1", {}, 400, -32_000],
    ["nothing", "", {}, 400, -32_000],
    ["text", initialize, { "content-type": "text/plain" }, 415, -32_000],
    ["an unknown charset", initialize, { "content-type": "application/json; charset=x" }, 415, -32_000],
    ["an unknown encoding", initialize, { "content-encoding": "x" }, 415, -32_000],
  ])("refuses %s", async (_what, body, headers, status, code) => {
    const { url } = await start();
    expect(await refusal(await post(url, body, headers as Record<string, string>))).toEqual({ status, code });
  });
});

describe("other answers", () => {
  it("is healthy, whatever the Host", async () => {
    const { url } = await start();
    const response = await fetch(new URL("/healthz", url));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: "ok" });
  });

  it("knows no other path and no other method", async () => {
    const { url } = await start();
    expect((await refusal(await fetch(new URL("/", url)))).status).toBe(404);
    const put = await fetch(url, { method: "PUT" });
    expect(put.headers.get("allow")).toBe("GET, POST, DELETE");
    expect((await refusal(put)).status).toBe(405);
  });
});
