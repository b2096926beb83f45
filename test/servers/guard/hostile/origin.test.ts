import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Hostile, startHostile, tokens } from "./support/guard.ts";
import { exchange, request } from "./support/raw.ts";

let guard: Hostile;
beforeAll(async () => {
  const allowedOrigins = ["https://chat.example.com", "http://dev.example.com:8080"];
  guard = await startHostile({ listen: { allowedOrigins, allowedHosts: ["mcp.example.com", "127.0.0.1"] } });
});
afterAll(() => guard.close());

const call = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"wipe","arguments":{}}}';

/** Posts a call with a valid token, as a page in the browser of somebody who has one could. */
async function visit(lines: string[], { target = "/mcp", version = "1.1", method = "POST" } = {}) {
  const head = [
    `${method} ${target} HTTP/${version}`,
    `Authorization: Bearer ${tokens.alice}`,
    "Content-Type: application/json",
    `Content-Length: ${call.length}`,
    "Connection: close",
  ];
  const [answer] = await exchange(guard.url, request([...head, ...lines], call));
  if (answer === undefined) throw new Error("no answer");
  return answer;
}

const origins = [
  "null",
  "",
  "*",
  "https://evil.test",
  "http://chat.example.com",
  "https://chat.example.com:8443",
  "https://chat.example.com:443",
  "https://CHAT.example.com",
  "HTTPS://chat.example.com",
  "https://chat.example.com/",
  "https://chat.example.com.",
  "https://chat.example.com.evil.test",
  "https://chat.example.com@evil.test",
  "https://evil.test/https://chat.example.com",
  "https://evil.test#https://chat.example.com",
  "https://evilchat.example.com",
  "https://a.chat.example.com",
  "https://example.com",
  "https://chat-example.com",
  "https://chatxexample.com",
  "https://chat.example.com%00.evil.test",
  "https://chat.example.com\\.evil.test",
  "https://chat.example.com, https://evil.test",
  "https://evil.test https://chat.example.com",
  "//chat.example.com",
  "chat.example.com",
  "file://",
  "http://dev.example.com",
  "http://dev.example.com:80800",
  "chrome-extension://chat.example.com",
  "data:text/html,x",
  "https://mcp.example.com:1",
  "https://xn--cht-hoa.example.com",
  "https://ch\xe4t.example.com",
];

describe("a page of another origin is refused, whoever is logged in", () => {
  it.each(origins)("%s", async (origin) => {
    const answer = await visit([`Origin: ${origin}`, "Host: mcp.example.com"]);
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.body)).toMatchObject({ id: null, error: { code: -32_000 } });
    // A browser shows the page nothing of the answer.
    expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
    await guard.untouched();
  });

  it("also when it sends two, or one in another header", async () => {
    const good = "Origin: https://chat.example.com";
    const host = "Host: mcp.example.com";
    expect((await visit([good, "Origin: https://evil.test", host])).status).toBe(400);
    expect((await visit(["Origin: https://evil.test", good, host])).status).toBe(400);
    const referer = ["Referer: https://chat.example.com/", "X-Forwarded-Origin: https://chat.example.com"];
    expect((await visit(["Origin: https://evil.test", ...referer, host])).status).toBe(403);
    await guard.untouched();
  });

  it("for every method and path, before it is known whether they exist", async () => {
    const lines = ["Origin: https://evil.test", "Host: mcp.example.com"];
    for (const method of ["GET", "DELETE", "OPTIONS", "PUT", "HEAD"]) {
      expect((await visit(lines, { method })).status, method).toBe(403);
    }
    for (const target of ["/", "/metrics", "/.well-known/oauth-protected-resource"]) {
      expect((await visit(lines, { target, method: "GET" })).status, target).toBe(403);
    }
    await guard.untouched();
  });
});

describe("an allowed page", () => {
  it("gets in, and is the only one that the answer is for", async () => {
    for (const origin of ["https://chat.example.com", "http://dev.example.com:8080"]) {
      const { headers } = await visit([`Origin: ${origin}`, "Host: mcp.example.com"]);
      expect(headers["access-control-allow-origin"]).toBe(origin);
      expect(headers["vary"]).toBe("origin");
      expect(headers["access-control-allow-credentials"]).toBeUndefined();
    }
    expect(guard.upstream.seen.splice(0)).toHaveLength(2);
  });

  it("is still asked who calls, and can't put words into the answer to its preflight", async () => {
    const lines = [
      "Origin: https://chat.example.com",
      "Host: mcp.example.com",
      "Access-Control-Request-Method: POST",
    ];
    const wish = "Access-Control-Request-Headers: authorization\x0b, x\xe9";
    const plain = await visit([...lines, "Access-Control-Request-Headers: authorization"], {
      method: "OPTIONS",
    });
    expect([plain.status, plain.headers["access-control-allow-headers"]]).toEqual([204, "authorization"]);
    const bent = await visit([...lines, wish.replace("\x0b", "")], { method: "OPTIONS" });
    expect([bent.status, bent.headers["access-control-allow-headers"]]).toEqual([204, undefined]);
    expect((await visit([...lines, wish], { method: "OPTIONS" })).status).toBe(400);
    await guard.untouched();
  });
});

const hosts = [
  "evil.test",
  "mcp.example.com.evil.test",
  "evil.test:80@mcp.example.com",
  "mcp.example.com@evil.test",
  "mcp.example.com.",
  "mcp.example.com:",
  "mcp.example.com:80:80",
  "mcp.example.com:x",
  "mcp.example.com/",
  "mcp.example.com#",
  "mcp.example.com, evil.test",
  "mcp.example.com evil.test",
  "a.mcp.example.com",
  "mcp-example.com",
  "127.1",
  "localhost",
  "[::1]",
  "0.0.0.0",
  "xn--mp-fka.example.com",
  "mcp.example.com\xa0",
];

describe("a name that the guard doesn't have is refused, as after DNS rebinding", () => {
  it.each(hosts)("%s", async (host) => {
    expect([400, 403]).toContain((await visit([`Host: ${host}`])).status);
    await guard.untouched();
  });

  it("or no name, two, or the right one in another header or in the target", async () => {
    expect((await visit([])).status).toBe(400);
    expect((await visit([], { version: "1.0" })).status).toBe(403);
    expect((await visit(["Host:"])).status).toBe(403);
    expect((await visit(["Host: mcp.example.com", "Host: evil.test"])).status).toBe(400);
    expect((await visit(["Host: evil.test", "Host: mcp.example.com"])).status).toBe(400);
    const others = [
      "X-Forwarded-Host: mcp.example.com",
      "Forwarded: host=mcp.example.com",
      "X-Host: localhost",
    ];
    expect((await visit(["Host: evil.test", ...others])).status).toBe(403);
    expect((await visit(["Host: evil.test"], { target: "http://mcp.example.com/mcp" })).status).toBe(403);
    await guard.untouched();
  });

  it("and an Origin that is the same as a Host is of use only with an allowed one", async () => {
    expect((await visit(["Host: evil.test", "Origin: http://evil.test"])).status).toBe(403);
    await guard.untouched();
  });

  it("while the allowed ones are taken with any port, and in any case", async () => {
    for (const host of ["mcp.example.com", "MCP.example.com:3000", "127.0.0.1:1"]) {
      expect((await visit([`Host: ${host}`])).status).toBe(406); // The server's: no Accept header.
    }
    expect(guard.upstream.seen.splice(0)).toHaveLength(3);
  });
});
