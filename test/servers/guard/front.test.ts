import { describe, expect, it } from "vitest";
import {
  callOf,
  guardedFixture,
  initialize,
  openSession,
  post,
  refusal,
  request,
  sendRaw,
} from "./helpers.ts";

const body = JSON.stringify(initialize);
const head = (...more: string[]) =>
  ["POST /mcp HTTP/1.1", "Host: localhost", "Accept: application/json, text/event-stream", ...more].join(
    "\r\n",
  );
const status = (answer: string) => Number(answer.slice("HTTP/1.1 ".length, 12));

describe("a request that could be read in two ways", () => {
  const json = "Content-Type: application/json";
  const length = `Content-Length: ${body.length}`;
  it.each([
    ["length and chunks", head(json, length, "Transfer-Encoding: chunked")],
    ["two lengths", head(json, length, "Content-Length: 3")],
    ["two hosts", head(json, length, "Host: evil.example")],
    ["two tokens", head(json, length, "Authorization: Bearer a", "Authorization: Bearer b")],
    ["two sessions", head(json, length, "Mcp-Session-Id: a", "mcp-session-id: b")],
    ["two origins", head(json, length, "Origin: http://a", "Origin: http://b")],
    ["two types", head(json, "Content-Type: text/plain", length)],
    ["a header with a space before its colon", head(json, length, "Mcp-Session-Id : a")],
    ["a header that goes on in the next line", head(json, length, "X: a", " Transfer-Encoding: chunked")],
  ])("is refused: %s", async (_what, headers) => {
    const { front, fixture } = await guardedFixture();
    const answer = await sendRaw(front.url, `${headers}\r\nConnection: close\r\n\r\n${body}`);
    expect(status(answer)).toBe(400);
    expect(answer).toContain('"jsonrpc":"2.0"');
    expect(fixture.received).toEqual([]);
  });
});

describe("a body", () => {
  it("that is too large is answered 413, whether it says so or not", async () => {
    const { front, fixture } = await guardedFixture({ limits: { bodyBytes: 1024 } });
    const large = JSON.stringify(callOf("echo", { message: "x".repeat(1024) }));
    expect(await refusal(await post(front.url, large))).toMatchObject({ status: 413, code: -32_600 });
    const chunks = `${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`;
    const headers = head("Content-Type: application/json", "Transfer-Encoding: chunked", "Connection: close");
    expect(status(await sendRaw(front.url, `${headers}\r\n\r\n${chunks}`))).toBe(413);
    expect(fixture.received).toEqual([]);
  });

  it("that doesn't come is answered 408, and the connection ended", async () => {
    const { front } = await guardedFixture({ limits: { requestSeconds: 0.1 } });
    const headers = head("Content-Type: application/json", "Content-Length: 100");
    expect(status(await sendRaw(front.url, `${headers}\r\n\r\n{`))).toBe(408);
  });

  it.each([
    ["text/plain", {}],
    ["application/json; charset=latin1", {}],
    ["application/json", { "content-encoding": "gzip" }],
  ])("that isn't plain JSON is answered 415: %s %j", async (type, headers) => {
    const { front } = await guardedFixture();
    const answer = await post(front.url, body, { "content-type": type, ...headers });
    expect(await refusal(answer)).toMatchObject({ status: 415 });
  });

  it("that isn't a message is answered 400", async () => {
    const { front } = await guardedFixture();
    expect(await refusal(await post(front.url, "{"))).toMatchObject({ status: 400, code: -32_700, id: null });
    expect(await refusal(await post(front.url, [initialize] as object))).toMatchObject({
      status: 400,
      code: -32_600,
      message: expect.stringContaining("Batches are not part of MCP since protocol version 2025-06-18"),
    });
    expect(await refusal(await post(front.url, ""))).toMatchObject({ status: 400, code: -32_700 });
  });
});

describe("the guard's check of browsers", () => {
  it("refuses foreign origins and rebound hosts", async () => {
    const { front, fixture } = await guardedFixture({ listen: { allowedOrigins: ["https://chat.example"] } });
    for (const origin of [
      "https://evil.example",
      "null",
      "https://chat.example.evil.example",
      "http://chat.example",
    ]) {
      expect(await refusal(await post(front.url, initialize, { origin }))).toMatchObject({ status: 403 });
    }
    const rebound = `POST /mcp HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
    expect(status(await sendRaw(front.url, rebound))).toBe(403);
    expect(fixture.received).toEqual([]);
  });

  it("lets the pages of an allowed origin in, and read what they need", async () => {
    const { front, fixture } = await guardedFixture({ listen: { allowedOrigins: ["https://chat.example"] } });
    const origin = "https://chat.example";
    const answer = await post(front.url, initialize, { origin });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
    expect(answer.headers.get("access-control-expose-headers")).toContain("mcp-session-id");
    // The guard has judged it; a server that judges it again would refuse it.
    expect(fixture.received[0]?.headers).not.toHaveProperty("origin");
    const preflight = await fetch(front.url, {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "mcp-session-id",
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-headers")).toBe("mcp-session-id");
  });
});

it("other methods and paths are refused as MCP does", async () => {
  const { front } = await guardedFixture();
  for (const method of ["PUT", "PATCH", "OPTIONS"]) {
    const answer = await fetch(front.url, { method });
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "GET, POST, DELETE"]);
  }
  for (const path of ["/", "/mcp/", "/mcp/../mcp2", "/MCP", "/sse", "/messages"]) {
    expect((await fetch(new URL(path, front.url))).status).toBe(404);
  }
  const session = await openSession(front.url);
  expect((await post(new URL("/mcp?tool=x", front.url), request("ping"), session)).status).toBe(200);
});
