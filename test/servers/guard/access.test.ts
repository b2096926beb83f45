import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serve } from "./fixture.ts";
import {
  callOf,
  closing,
  connect,
  guard,
  guardedFixture,
  initialize,
  messagesOf,
  openSession,
  post,
  refusal,
  request,
} from "./helpers.ts";

const token = "t".repeat(40);
const authorization = { authorization: `Bearer ${token}` };
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "guard-tokens-"));
  await writeFile(join(directory, "alice"), token);
});
afterAll(() => rm(directory, { recursive: true }));

describe("a request without a caller", () => {
  it("is answered 401 with a challenge, before its body is read", async () => {
    const { front, fixture } = await guardedFixture({ authentication: { tokens: { directory, roles: {} } } });
    const without = await post(front.url, "not even JSON");
    expect(without.headers.get("www-authenticate")).toBe('Bearer realm="fixture"');
    expect(await refusal(without)).toMatchObject({ status: 401, code: -32_001, id: null });
    const wrong = await post(front.url, initialize, { authorization: `Bearer ${"x".repeat(40)}` });
    expect(wrong.headers.get("www-authenticate")).toMatch(/^Bearer realm="fixture", error="invalid_token", /);
    for (const method of ["GET", "DELETE"]) {
      expect((await fetch(front.url, { method })).status).toBe(401);
    }
    expect(fixture.received).toEqual([]);
    const metrics = await front.metrics();
    expect(metrics).toContain('mcp_guard_authentication_failures_total{reason="missing",server="fixture"} 3');
    expect(metrics).toContain(
      'mcp_guard_authentication_failures_total{reason="unknown-token",server="fixture"} 1',
    );
  });

  it("leaves in the log from where it came, in a line each ten seconds and reason, and no token", async () => {
    const lines: string[] = [];
    const log = pino({}, { write: (line) => void lines.push(line) });
    const clock = { ms: 0 };
    const authentication = { tokens: { directory, roles: {} } };
    const { front } = await guardedFixture({ authentication }, { log, now: () => clock.ms });
    const wrong = { authorization: `Bearer ${"x".repeat(40)}` };
    await post(front.url, initialize, { ...wrong, "x-forwarded-for": `${"9".repeat(500)}, 192.0.2.7` });
    for (let more = 0; more < 3; more++) await post(front.url, initialize, wrong);
    await post(front.url, initialize);
    await post(front.url, initialize, authorization);
    clock.ms += 10_000;
    await post(front.url, initialize, wrong);
    const told = lines.map((line) => JSON.parse(line)).filter(({ msg }) => /without a caller/.test(msg));
    const from = { level: 30, address: "127.0.0.1" };
    expect(told).toEqual([
      expect.objectContaining({ ...from, reason: "unknown-token", unlogged: 0 }),
      expect.objectContaining({ ...from, reason: "missing", unlogged: 0 }),
      expect.objectContaining({ ...from, reason: "unknown-token", unlogged: 3 }),
    ]);
    expect(told[0].forwardedFor).toMatch(/^9+, 192\.0\.2\.7$/);
    expect(told[0].forwardedFor).toHaveLength(200);
    expect(lines.join("")).not.toContain("xxxx");
  });

  it("is told where to get a token, when an issuer has them", async () => {
    const jwt = {
      issuer: "https://issuer.example/",
      audience: ["api://search"],
      algorithms: ["RS256" as const],
      clockToleranceSeconds: 30,
      subjectClaim: "sub",
      rolesClaim: "roles",
      scopesClaim: "scp",
    };
    const { front } = await guardedFixture({ authentication: { jwt } });
    const { headers } = await post(front.url, initialize);
    const metadata = /resource_metadata="([^"]+)"/.exec(headers.get("www-authenticate") ?? "")?.[1] ?? "";
    expect(metadata).toBe(`${front.url.origin}/.well-known/oauth-protected-resource/mcp`);
    for (const url of [metadata, metadata.replace(/\/mcp$/, "")]) {
      expect(await (await fetch(url)).json()).toEqual({
        resource: front.url.href,
        resource_name: "fixture",
        authorization_servers: ["https://issuer.example/"],
        bearer_methods_supported: ["header"],
      });
    }
    const named = await guardedFixture({
      authentication: { jwt },
      listen: { publicUrl: "https://mcp.example.com/search/mcp" },
    });
    expect((await post(named.front.url, initialize)).headers.get("www-authenticate")).toContain(
      'resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/search/mcp"',
    );
  });

  it("finds no metadata where tokens come from no issuer", async () => {
    const { front } = await guardedFixture();
    expect((await fetch(new URL("/.well-known/oauth-protected-resource", front.url))).status).toBe(404);
  });
});

describe("a caller who may not call everything", () => {
  const changes = () => ({
    authentication: { tokens: { directory, roles: { alice: ["reader"] } } },
    authorization: {
      default: "deny" as const,
      rules: [{ effect: "allow" as const, tools: ["echo", "fail"], roles: ["reader"] }],
    },
  });

  it.each([{ json: false }, { json: true }])(
    "sees only the tools that are allowed ($json)",
    async ({ json }) => {
      const { front } = await guardedFixture(changes(), { json });
      const client = await connect(front.url, authorization);
      expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["echo", "fail"]);
    },
  );

  it("is refused the others with the request's id, which the server doesn't hear of", async () => {
    const { front, fixture } = await guardedFixture(changes());
    const session = await openSession(front.url, authorization);
    fixture.received.length = 0;
    expect(await refusal(await post(front.url, callOf("write", {}, "seven"), session))).toEqual({
      status: 403,
      code: -32_003,
      id: "seven",
      message: 'You may not call the tool "write"',
    });
    expect(fixture.received).toEqual([]);
    expect(front.audit).toMatchObject([
      { caller: "alice", roles: ["reader"], tool: "write", outcome: "denied" },
    ]);
    const allowed = await messagesOf(await post(front.url, callOf("echo", { message: "hi" }), session));
    expect(allowed).toMatchObject([{ result: { content: [{ text: "Echo: hi" }] } }]);
  });

  it("gets no tool by another spelling of its name", async () => {
    const { front, fixture } = await guardedFixture({
      authorization: { default: "allow", rules: [{ effect: "deny", tools: ["write"] }] },
    });
    const session = await openSession(front.url);
    fixture.received.length = 0;
    const names = [
      "Write",
      " write",
      "write ",
      "write\u0000",
      "write\n",
      "ｗrite",
      "wr\u200bite",
      "",
      "w".repeat(129),
    ];
    for (const name of names) {
      expect(await refusal(await post(front.url, callOf(name), session))).toMatchObject({
        status: 400,
        code: -32_602,
      });
    }
    const params = [
      '{"name":"echo","name":"write"}',
      '{"name":"echo","Name":"write"}',
      '{"name":"echo","n\\u0061me":"write"}',
      '{"name":["write"]}',
      '{"name":"echo","ARGUMENTS":{}}',
    ];
    for (const one of params) {
      const body = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${one}}`;
      expect((await post(front.url, body, session)).status).toBeGreaterThanOrEqual(400);
    }
    for (const method of ["Tools/Call", "tools/call ", "TOOLS/LIST"]) {
      const answer = await post(front.url, request(method, { name: "write" }), session);
      expect(await refusal(answer)).toMatchObject({ status: 400, code: -32_600 });
    }
    expect(fixture.received).toEqual([]);
  });

  it("sees no hidden tool in a list that comes again on another stream", async () => {
    const list = JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      result: { tools: [{ name: "echo" }, { name: "write" }] },
    });
    const upstream = closing(
      await serve((req, res) => {
        req.resume();
        res
          .writeHead(200, { "content-type": "text/event-stream" })
          .end(`id: 1\r\ndata: ${list}\r\n\r\n: bye\r\n\r\n`);
      }),
    );
    const front = await guard(upstream.url, {
      authorization: { default: "allow", rules: [{ effect: "deny", tools: ["write"] }] },
    });
    const stream = await fetch(front.url, { headers: { accept: "text/event-stream", "last-event-id": "0" } });
    const text = await stream.text();
    expect(text).toContain("echo");
    expect(text).toContain("id: 1\n");
    expect(text).toContain(": bye\r\n\r\n");
    expect(text).not.toContain("write");
  });
});
