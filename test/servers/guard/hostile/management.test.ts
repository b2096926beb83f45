import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Hostile, startHostile, tokens } from "./support/guard.ts";
import { exchange, request } from "./support/raw.ts";

let guard: Hostile;
beforeAll(async () => {
  guard = await startHostile();
});
afterAll(() => guard.close());

async function ask(first: string, lines: string[] = [], body = "") {
  const length = body === "" ? [] : [`Content-Length: ${body.length}`];
  const head = [first, "Host: localhost", "Connection: close", ...length, ...lines];
  const [answer] = await exchange(guard.managementUrl, request(head, body));
  if (answer === undefined) throw new Error("no answer");
  return answer;
}

describe("the management port", () => {
  it("has three paths", async () => {
    for (const path of ["/healthz", "/readyz", "/metrics"]) {
      expect((await ask(`GET ${path} HTTP/1.1`)).status).toBe(200);
    }
  });

  const others = [
    "/",
    "/mcp",
    "/sse",
    "/messages",
    "/metrics/",
    "//metrics",
    "/metrics/../mcp",
    "/healthz/x",
    "/HEALTHZ",
    "/healthz%00",
    "/debug/pprof",
    "/config",
    "/guard.yaml",
    "/../../etc/passwd",
    "/%2e%2e/%2e%2e/var/run/secrets/mcp-guard/tokens/alice",
    "/.env",
    "/%c0",
    "/%",
    "*",
    "http://evil.test/",
    "/<script>alert(1)</script>",
  ];

  it.each(others)("and no other: %s", async (path) => {
    for (const method of ["GET", "POST", "DELETE"]) {
      const { status, body } = await ask(`${method} ${path} HTTP/1.1`, ["X-Secret: reflected"]);
      expect([400, 404], `${method} ${path}`).toContain(status);
      expect(body).not.toMatch(/script|reflected|passwd|TypeError|%c0/);
    }
  });

  it("has no method but GET for them, and never looks into a body", async () => {
    const bodies = ["{", '{"__proto__":{"x":1}}', "x".repeat(5000)];
    for (const path of ["/healthz", "/readyz", "/metrics"]) {
      for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "HEAD"]) {
        for (const body of bodies) {
          for (const type of ["application/json", "text/plain", "application/xml"]) {
            const { status } = await ask(`${method} ${path} HTTP/1.1`, [`Content-Type: ${type}`], body);
            expect(status, `${method} ${path} ${type}`).toBe(404);
          }
        }
      }
    }
  });

  it("says nothing of what it was asked with", async () => {
    const lines = [
      "X-Secret: reflected",
      `Authorization: Bearer ${tokens.alice}`,
      "Origin: https://evil.test",
    ];
    for (const path of ["/healthz?x=reflected", "/readyz?x=reflected", "/metrics?name[]=reflected"]) {
      const answer = await ask(`GET ${path} HTTP/1.1`, lines);
      expect(answer.status).toBe(200);
      expect(JSON.stringify(answer)).not.toMatch(/reflected|evil|a11ce/);
      expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  });

  it("is no way to the server, whose readiness is asked for once, not for everybody who asks", async () => {
    guard.upstream.seen.length = 0;
    await Promise.all(Array.from({ length: 50 }, () => ask("GET /readyz HTTP/1.1")));
    await guard.untouched();
  });

  it("refuses what isn't HTTP, and long heads", async () => {
    const [broken] = await exchange(guard.managementUrl, "GET / HTTP/9.9\r\n\r\n");
    expect([400, 505]).toContain(broken?.status);
    expect((await ask("GET /metrics HTTP/1.1", [`X: ${"x".repeat(20_000)}`])).status).toBe(431);
  });
});

describe("the MCP port", () => {
  it("has none of the management's paths", async () => {
    for (const path of ["/healthz", "/readyz", "/metrics"]) {
      const head = [
        `GET ${path} HTTP/1.1`,
        "Host: localhost",
        `Authorization: Bearer ${tokens.alice}`,
        "Connection: close",
      ];
      const [answer] = await exchange(guard.url, request(head));
      expect(answer?.status).toBe(404);
      expect(answer?.body).not.toContain("mcp_guard");
    }
  });
});
