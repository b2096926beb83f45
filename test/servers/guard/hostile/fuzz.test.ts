import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fold } from "../../../../servers/guard/mcp/message.ts";
import { as, type Hostile, mcpHeaders, openSession, startHostile } from "./support/guard.ts";
import { exchange, request } from "./support/raw.ts";

let guard: Hostile;
let session: string;
beforeAll(async () => {
  guard = await startHostile({
    authorization: { rules: [{ effect: "deny", tools: ["wipe"] }] },
    limits: { bodyBytes: 2048, caller: { calls: 1_000_000, seconds: 60 } },
  });
  session = await openSession(guard.url);
  guard.upstream.seen.length = 0;
});
afterAll(() => guard.close());

const body =
  '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"wipe","arguments":{"message":"x"}}}';
const whole = (token: Record<string, string>, text = body) => {
  const headers = Object.entries({
    host: "localhost",
    ...mcpHeaders,
    ...token,
    "content-length": text.length,
  });
  return request(["POST /mcp HTTP/1.1", ...headers.map(([name, value]) => `${name}: ${value}`)], text);
};
/**
 * A last request, which ends the connection. It is longer than any body may be, so that one that has lost its
 * beginning to the body of the first is none any more, and ends it too.
 */
const end = request([
  "GET /nowhere HTTP/1.1",
  "Host: localhost",
  `X: ${"x".repeat(3000)}`,
  "Connection: close",
]);

/** Pieces that mean something to some parser on the way. */
const piece = fc.constantFrom(
  ...'\r\n|\n|\r|\r\n\r\n|\0|\t| |,|:|"|\\|{|}|[|]|%00|%2f|/|;|\xe9|\xff|0|-1|1e9|null|__proto__'.split("|"),
  ..."Content-Length: 5\r\n|Transfer-Encoding: chunked\r\n|Host: evil\r\n|Authorization: Bearer x\r\n".split(
    "|",
  ),
  ..."Mcp-Session-Id: x\r\n|Connection: close\r\n|Expect: 100-continue\r\n|Upgrade: h2c\r\n|tools/call|wipe".split(
    "|",
  ),
  ...'"name":"echo",|"name":"wipe",|"method":"ping",|"method":"tools/call",|"id":2,|"Name":"wipe",|\\u0077'.split(
    "|",
  ),
);
const spot = fc.integer({ min: 0, max: 999 });
const change = fc.oneof(
  fc.record({ at: spot, cut: fc.constant(0), put: piece }),
  fc.record({ at: spot, cut: fc.integer({ min: 1, max: 20 }), put: fc.constant("") }),
  fc.record({ at: spot, cut: fc.integer({ min: 1, max: 20 }), put: piece }),
);
/** In the body alone, whose length is right then, or anywhere. */
const changes = fc.tuple(fc.boolean(), fc.array(change, { minLength: 1, maxLength: 4 }));
type Changes = typeof changes extends fc.Arbitrary<infer T> ? T : never;

function changed(headers: Record<string, string>, [inBody, all]: Changes): string {
  const apply = (text: string) =>
    all.reduce((rest, { at, cut, put }) => {
      const from = Math.floor((at * rest.length) / 1000);
      return rest.slice(0, from) + put + rest.slice(from + cut);
    }, text);
  return inBody ? whole(headers, apply(body)) : apply(whole(headers));
}

/** Sends bytes; each answer must be one of HTTP, and none may be an error of the guard's own. */
async function send(bytes: string) {
  for (const { status } of await exchange(guard.url, bytes + end)) expect(status).not.toBe(500);
}

describe("whatever becomes of a request on its way", () => {
  it("without a good token nothing of it reaches the server", async () => {
    const stranger = { authorization: "Bearer not-a-token-of-anybody", "mcp-session-id": session };
    await fc.assert(
      fc.asyncProperty(changes, (all) => send(changed(stranger, all))),
      { numRuns: 400 },
    );
    await guard.untouched();
  });

  it("a tool that is denied isn't called, by any name that a server could take for its own", async () => {
    const known = as("alice", session);
    await fc.assert(
      fc.asyncProperty(changes, (all) => send(changed(known, all))),
      { numRuns: 400 },
    );
    // What is sent in this way does arrive, if it may.
    await send(whole(known, body.replace("wipe", "echo")));
    const seen = guard.upstream.seen.splice(0);
    expect(seen.at(-1)?.body).toContain('"name":"echo"');
    for (const { method, url, body } of seen) {
      expect(url).toBe("/mcp");
      if (method !== "POST") continue;
      const { method: called, params } = JSON.parse(body);
      if (called === "tools/call") expect(fold(params.name)).not.toBe("wipe");
    }
    await guard.untouched();
  });

  it("and the guard has had no error of its own", () => {
    expect(guard.written.filter((line) => line.includes('"level":50'))).toEqual([]);
  });
});
