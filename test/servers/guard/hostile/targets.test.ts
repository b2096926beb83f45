import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Hostile, startHostile, tokens } from "./support/guard.ts";
import { dial, exchange, request } from "./support/raw.ts";

let guard: Hostile;
beforeAll(async () => {
  guard = await startHostile();
});
afterAll(() => guard.close());

const auth = `Authorization: Bearer ${tokens.alice}`;
const ping = '{"jsonrpc":"2.0","id":1,"method":"ping"}';

async function ask(first: string, lines: string[] = [], body = ping) {
  const usual = [
    "Host: localhost",
    "Content-Type: application/json",
    "Accept: application/json, text/event-stream",
  ];
  const head = [first, ...usual, `Content-Length: ${body.length}`, "Connection: close", ...lines];
  const [answer] = await exchange(guard.url, request(head, body));
  if (answer === undefined) throw new Error("no answer");
  return answer;
}

/** Targets that a proxy, a server and a router read in different ways. */
const targets = [
  "/",
  "//mcp",
  "///mcp",
  "/mcp/",
  "/mcp//",
  "/MCP",
  "/mcp/../mcp/x",
  "/mcp/../metrics",
  "/mcp/..%2fmetrics",
  "/./mcp/x",
  "/x/../mcp",
  "/x/%2e%2e/mcp",
  "/mcp;a=b",
  "/mcp%00",
  "/mcp%20",
  "/mcp%2f",
  "/mcp%5c",
  "/mcp\\",
  "/mcp.json",
  "/mcp%23",
  "/%2e/mcp",
  "/metrics",
  "/healthz",
  "/readyz",
  "/sse",
  "/messages",
  "/.well-known/oauth-protected-resource",
  "/debug/pprof",
  "/favicon.ico",
  "*",
  "mcp",
  "http://localhost//mcp",
  "http://localhost/metrics",
  "%2fmcp",
  "/%6dcp/x",
  "/mcp/%c0%ae%c0%ae/x",
];

describe("a path that isn't the endpoint is none, with a token as without", () => {
  it.each(targets)("%s", async (target) => {
    for (const method of ["POST", "GET", "DELETE"]) {
      for (const lines of [[auth], []]) {
        const { status, body } = await ask(`${method} ${target} HTTP/1.1`, lines);
        expect([400, 404], `${method} ${target}`).toContain(status);
        // In the protocol's form, and in no framework's.
        expect(JSON.parse(body)).toMatchObject({ jsonrpc: "2.0", id: null, error: { code: -32_000 } });
        expect(body).not.toMatch(/FST_|TypeError|%c0/);
      }
    }
    await guard.untouched();
  });

  it("while the endpoint in another spelling asks who calls, and the server hears of none", async () => {
    const same = [
      "/%6d%63%70",
      "/mcp?x=1",
      "/mcp?",
      "http://evil.test/mcp",
      "https://localhost/mcp",
      "/mcp?../metrics",
    ];
    for (const target of same) {
      expect((await ask(`POST ${target} HTTP/1.1`)).status, target).toBe(401);
      await ask(`POST ${target} HTTP/1.1`, [auth]);
    }
    const seen = guard.upstream.seen.splice(0);
    expect(seen.map(({ url }) => url)).toEqual(Array(same.length).fill("/mcp"));
    for (const { headers } of seen) expect(headers.host).toBe(guard.upstream.url.host);
    await guard.untouched();
  });
});

describe("a method that MCP doesn't use is refused", () => {
  const odd = [
    "PUT",
    "PATCH",
    "HEAD",
    "OPTIONS",
    "TRACE",
    "PROPFIND",
    "SEARCH",
    "QUERY",
    "MKCOL",
    "PURGE",
    "REPORT",
  ];

  it.each(odd)("%s", async (method) => {
    const answer = await ask(`${method} /mcp HTTP/1.1`, [auth, "X-Secret: reflected"]);
    expect([404, 405]).toContain(answer.status);
    expect(JSON.stringify(answer)).not.toMatch(/reflected|a11ce/);
    await guard.untouched();
  });

  it("CONNECT, which would make a tunnel of the guard", async () => {
    for (const target of ["localhost:22", guard.upstream.url.host, "/mcp"]) {
      const answers = await exchange(
        guard.url,
        request([`CONNECT ${target} HTTP/1.1`, "Host: localhost", auth]),
      );
      for (const { status } of answers) expect(status).toBeGreaterThanOrEqual(400);
    }
    await guard.untouched();
  });

  it("nor does a header make another method of it", async () => {
    const override = ["X-HTTP-Method-Override: DELETE", "X-HTTP-Method: DELETE", "X-Method-Override: DELETE"];
    await ask("POST /mcp?_method=DELETE HTTP/1.1", [auth, ...override]);
    const [seen] = guard.upstream.seen.splice(0);
    expect([seen?.method, seen?.url]).toEqual(["POST", "/mcp"]);
    await guard.untouched();
  });
});

describe("an upgrade", () => {
  const upgrades = {
    "to a web socket": [
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    ],
    "to HTTP/2": ["Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"],
    "to TLS": ["Upgrade: TLS/1.0"],
    "to anything": ["Upgrade: wipe"],
  };

  it.each(Object.entries(upgrades))("%s is not made, whoever asks", async (_name, lines) => {
    for (const first of ["GET /mcp HTTP/1.1", "POST /mcp HTTP/1.1"]) {
      const head = [first, "Host: localhost", "Content-Length: 0", "Connection: Upgrade, close", ...lines];
      const [answer] = await exchange(guard.url, request(head));
      expect(answer?.status).toBe(401);
      const [known] = await exchange(guard.url, request([...head, auth, "Accept: text/html"]));
      expect(known?.status).not.toBe(101);
    }
    for (const { headers } of guard.upstream.seen.splice(0)) {
      expect(headers.upgrade ?? headers["http2-settings"] ?? headers["sec-websocket-key"]).toBe(undefined);
    }
    await guard.untouched();
  });
});

it("whoever waits to be asked for a body is told first that nobody knows them", async () => {
  const line = await dial(guard.url);
  const head = [
    "POST /mcp HTTP/1.1",
    "Host: localhost",
    "Content-Type: application/json",
    "Content-Length: 999",
  ];
  line.write(request([...head, "Expect: 100-continue"]));
  await line.said(/HTTP\/1\.1 401 /);
  line.socket.destroy();
  const odd = await ask("POST /mcp HTTP/1.1", [auth, "Expect: the unexpected"]);
  expect([400, 417]).toContain(odd.status);
  await guard.untouched();
});
