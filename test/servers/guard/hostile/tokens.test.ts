import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  callTool,
  type Hostile,
  mcpHeaders,
  openSession,
  post,
  startHostile,
  tokens,
} from "./support/guard.ts";
import { exchange, request } from "./support/raw.ts";

let guard: Hostile;
beforeAll(async () => {
  guard = await startHostile();
});
afterAll(() => guard.close());

const { alice } = tokens;
const call = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"wipe","arguments":{}}}';
const contentLines = [
  "Host: localhost",
  "Content-Type: application/json",
  `Content-Length: ${call.length}`,
  "Connection: close",
];

/** Posts a call with these lines in its head, and nothing else that could tell who calls. */
async function present(lines: string[], target = "/mcp") {
  const [answer] = await exchange(
    guard.url,
    request([`POST ${target} HTTP/1.1`, ...contentLines, ...lines], call),
  );
  return answer;
}

const wrong: Record<string, string[]> = {
  "no header": [],
  "an empty header": ["Authorization:"],
  "the scheme alone": ["Authorization: Bearer"],
  "an empty token": ["Authorization: Bearer  "],
  "the token alone": [`Authorization: ${alice}`],
  "another scheme": [`Authorization: Basic ${btoa(`alice:${alice}`)}`],
  "the scheme of a proxy": [`Proxy-Authorization: Bearer ${alice}`],
  "the name instead of the token": ["Authorization: Bearer alice"],
  "a path to the token": ["Authorization: Bearer ../tokens/alice"],
  "a prefix": [`Authorization: Bearer ${alice.slice(0, -1)}`],
  "a suffix": [`Authorization: Bearer ${alice.slice(1)}`],
  "something behind": [`Authorization: Bearer ${alice}0`],
  "something before": [`Authorization: Bearer 0${alice}`],
  "a letter of it wrong": [`Authorization: Bearer ${alice.slice(0, -1)}1`],
  "upper case": [`Authorization: Bearer ${alice.toUpperCase()}`],
  "quotation marks": [`Authorization: Bearer "${alice}"`],
  "a comma and another": [`Authorization: Bearer ${alice}, Bearer ${tokens.bob}`],
  "a NUL's place taken by a blank": [`Authorization: Bearer ${alice} ${alice}`],
  "bytes above ASCII": [`Authorization: Bearer ${alice}\xe9`],
  "a long one": [`Authorization: Bearer ${"a".repeat(12_000)}`],
  "a form's parameter": [`Authorization: token=${alice}`],
  "a cookie": [`Cookie: authorization=Bearer ${alice}; access_token=${alice}`],
  "headers of others": [
    `X-Api-Key: ${alice}`,
    `X-Forwarded-Authorization: Bearer ${alice}`,
    `X-Auth-Token: ${alice}`,
  ],
  "an underscore in the name": [`Authorization_: Bearer ${alice}`, `HTTP_AUTHORIZATION: Bearer ${alice}`],
};

describe("a static token is refused with 401", () => {
  it.each(Object.entries(wrong))("%s", async (_name, lines) => {
    const answer = await present(lines);
    expect(answer?.status).toBe(401);
    expect(JSON.parse(answer?.body ?? "")).toMatchObject({ id: null, error: { code: -32_001 } });
    expect(answer?.headers["www-authenticate"]).toMatch(/^Bearer realm="hostile"/);
    // What was presented is not said again, nor is whether it was near.
    expect(JSON.stringify(answer)).not.toMatch(/a11ce|aaaa|alice/i);
    await guard.untouched();
  });

  it("in the query, where logs and histories would have it", async () => {
    for (const query of [`access_token=${alice}`, `token=${alice}`, `Authorization=Bearer%20${alice}`]) {
      expect((await present([], `/mcp?${query}`))?.status).toBe(401);
    }
    await guard.untouched();
  });

  it("in a trailer of the body", async () => {
    const chunks = `${call.length.toString(16)}\r\n${call}\r\n0\r\nAuthorization: Bearer ${alice}\r\n\r\n`;
    const head = [
      "POST /mcp HTTP/1.1",
      "Host: localhost",
      "Content-Type: application/json",
      "Connection: close",
    ];
    const chunked = ["Transfer-Encoding: chunked", "Trailer: Authorization"];
    const [answer] = await exchange(guard.url, request([...head, ...chunked], chunks));
    expect(answer?.status).toBe(401);
    await guard.untouched();
  });
});

describe("an Authorization header", () => {
  it.each([
    [`Authorization: Bearer ${alice}`, "Authorization: Bearer wrong"],
    ["Authorization: Bearer wrong", `Authorization: Bearer ${alice}`],
    [`authorization: Bearer ${alice}`, `AUTHORIZATION: Bearer ${alice}`],
    ["Authorization:", `Authorization: Bearer ${alice}`],
  ])("that stands there twice is refused, whichever counts: %s, %s", async (first, second) => {
    expect((await present([first, second]))?.status).toBe(400);
    await guard.untouched();
  });

  it("that a connection's earlier request had does not count for the next", async () => {
    const [first, second] = await exchange(
      guard.url,
      request(["POST /mcp HTTP/1.1", ...contentLines.slice(0, 3), `Authorization: Bearer ${alice}`], call),
      request(["POST /mcp HTTP/1.1", ...contentLines], call),
    );
    // 406 is the server's, which misses an Accept header.
    expect([first?.status, second?.status]).toEqual([406, 401]);
    expect(guard.upstream.seen.splice(0)).toHaveLength(1);
    await guard.untouched();
  });

  it("of the right token is never passed on, in whatever case its scheme is written", async () => {
    const session = await openSession(guard.url);
    for (const scheme of ["Bearer", "bearer", "BEARER"]) {
      const headers = {
        authorization: `${scheme} ${alice}`,
        "mcp-session-id": session,
        cookie: `t=${alice}`,
      };
      expect((await callTool(guard.url, { name: "wipe" }, headers)).status).toBe(200);
    }
    expect(JSON.stringify(guard.upstream.seen.splice(0))).not.toContain(alice);
    expect(guard.written.join("")).not.toContain(alice);
  });
});

it("a page's preflight is not a way in", async () => {
  const headers = { ...mcpHeaders, "access-control-request-method": "POST", origin: "https://evil.test" };
  const response = await fetch(guard.url, { method: "OPTIONS", headers });
  expect(response.status).toBe(403);
  expect([...response.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  expect((await post(guard.url, call, { authorization: "" })).status).toBe(401);
  await guard.untouched();
});
