import { describe, expect, it } from "vitest";
import {
  callOf,
  connect,
  guardedFixture,
  initialize,
  messagesOf,
  openSession,
  post,
  request,
} from "./helpers.ts";

describe.each([{ json: false }, { json: true }])("a guarded server that answers $json", ({ json }) => {
  it("is the same server for the official client", async () => {
    const { front, fixture } = await guardedFixture({}, { json });
    const client = await connect(front.url);
    expect(client.getServerVersion()).toMatchObject({ name: "fixture" });
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(["echo", "write", "fail", "wait", "progress", "search"]);
    const result = await client.callTool({ name: "echo", arguments: { message: "hi" } });
    expect(result).toEqual({ content: [{ type: "text", text: "Echo: hi" }] });
    expect(await client.callTool({ name: "fail" })).toMatchObject({ isError: true });
    await (client.transport as unknown as { terminateSession(): Promise<void> }).terminateSession();
    expect(fixture.sessions.size).toBe(0);
  });
});

describe("what the guard passes on", () => {
  it("is progress as it comes", async () => {
    const { front } = await guardedFixture();
    const client = await connect(front.url);
    const seen: number[] = [];
    await client.callTool({ name: "progress" }, undefined, {
      onprogress: ({ progress }) => seen.push(progress),
    });
    expect(seen).toEqual([1, 2]);
  });

  it("leaves events as they are, to the byte", async () => {
    const { front, fixture } = await guardedFixture();
    const answers = await Promise.all(
      [fixture.url, front.url].map(async (url) => {
        const session = await openSession(url);
        return (await post(url, callOf("echo", { message: "äöü 🎈" }), session)).text();
      }),
    );
    expect(answers[0]).toContain("Echo: äöü 🎈");
    expect(answers[1]).toBe(answers[0]);
  });

  it("is of the request's headers only what MCP needs, and of the body only what the guard read", async () => {
    const { front, fixture } = await guardedFixture({
      upstream: { headers: { "x-api-key": "of the guard" } },
    });
    const session = await openSession(front.url);
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const response = await post(
      front.url,
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"write","name":"echo",' +
        '"arguments":{"message":"hi","n":12345678901234567890},"_meta":{"traceparent":"kept"}}}',
      {
        ...session,
        authorization: "Bearer of the client",
        cookie: "a=b",
        "x-forwarded-for": "1.2.3.4",
        "x-forwarded-host": "evil.example",
        forwarded: "for=1.2.3.4",
        "x-api-key": "of the client",
        "mcp-protocol-version": "2025-06-18",
        traceparent,
        tracestate: "a=1",
        baggage: "k=v",
      },
    );
    await response.text();
    const [, sent] = fixture.received;
    expect(sent?.message.params).toMatchObject({ name: "echo", _meta: { traceparent: "kept" } });
    const headers = { ...sent?.headers };
    expect(headers).toMatchObject({
      "mcp-session-id": session["mcp-session-id"],
      "mcp-protocol-version": "2025-06-18",
      "x-api-key": "of the guard",
      host: fixture.url.host,
      traceparent,
      tracestate: "a=1",
      baggage: "k=v",
    });
    for (const name of ["authorization", "cookie", "x-forwarded-for", "x-forwarded-host", "forwarded"]) {
      expect(headers).not.toHaveProperty(name);
    }
    expect(front.audit[0]).toMatchObject({ tool: "echo", traceId: "0af7651916cd43dd8448eb211c80319c" });
  });

  it("leaves out a trace that is malformed", async () => {
    const { front, fixture } = await guardedFixture();
    await post(front.url, initialize, { traceparent: "00-xyz-01", tracestate: "a=1" });
    expect(fixture.received[0]?.headers).not.toHaveProperty("traceparent");
    expect(fixture.received[0]?.headers).not.toHaveProperty("tracestate");
  });

  it("includes what the server says about versions and Accept", async () => {
    const { front } = await guardedFixture();
    const session = await openSession(front.url);
    const ping = request("ping");
    expect((await post(front.url, ping, { ...session, "mcp-protocol-version": "1999-01-01" })).status).toBe(
      400,
    );
    expect((await post(front.url, ping, { ...session, accept: "text/html" })).status).toBe(406);
    expect((await post(front.url, ping)).status).toBe(400);
  });

  it("includes the stream on which the server speaks first", async () => {
    const { front } = await guardedFixture();
    const session = await openSession(front.url);
    const controller = new AbortController();
    const stream = await fetch(front.url, {
      headers: { ...session, accept: "text/event-stream" },
      signal: controller.signal,
    });
    expect(stream.status).toBe(200);
    expect(stream.headers.get("content-type")).toBe("text/event-stream");
    controller.abort();
  });
});

it("writes one line in the audit for each call, and counts it", async () => {
  const { front } = await guardedFixture();
  const session = await openSession(front.url);
  for (const name of ["echo", "fail", "nowhere"]) {
    await messagesOf(await post(front.url, callOf(name, { message: "sesame" }), session));
  }
  await messagesOf(await post(front.url, request("tools/list"), session));
  expect(front.audit.map(({ tool, outcome }) => [tool, outcome])).toEqual([
    ["echo", "ok"],
    ["fail", "tool-error"],
    ["nowhere", "tool-error"],
  ]);
  expect(JSON.stringify(front.audit)).not.toContain("sesame");
  expect(JSON.stringify(front.audit)).not.toContain(session["mcp-session-id"]);
  const metrics = await front.metrics();
  expect(metrics).toContain('mcp_guard_calls_total{tool="echo",outcome="ok",server="fixture"} 1');
  expect(metrics).toContain('mcp_guard_calls_total{tool="unknown",outcome="tool-error",server="fixture"} 1');
  expect(metrics).toContain('mcp_guard_sessions{server="fixture"} 1');
});
