import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Hostile, startHostile, tokens } from "./support/guard.ts";
import { exchange, request } from "./support/raw.ts";

let guard: Hostile;
beforeAll(async () => {
  guard = await startHostile({ authorization: { rules: [{ effect: "deny", tools: ["wipe"] }] } });
});
afterAll(() => guard.close());

const ping = '{"jsonrpc":"2.0","id":1,"method":"ping"}';
const wipe = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"wipe"}}';
const auth = `Authorization: Bearer ${tokens.alice}`;
const head = ["POST /mcp HTTP/1.1", "Host: localhost", "Content-Type: application/json", auth];
/** A whole request that hides behind another's body; nobody has told who sends it. */
const hidden = request(
  [
    "POST /mcp HTTP/1.1",
    "Host: localhost",
    "Content-Type: application/json",
    `Content-Length: ${wipe.length}`,
  ],
  wipe,
);
const chunks = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;
const length = (text: string) => `Content-Length: ${text.length}`;

/** Heads whose two readers could see two ends of the body. */
const ambiguous: Record<string, string[]> = {
  "a length and chunks": [length(chunks(ping)), "Transfer-Encoding: chunked"],
  "chunks and a length": ["Transfer-Encoding: chunked", "Content-Length: 4"],
  "two lengths": ["Content-Length: 5", length(chunks(ping))],
  "two equal lengths": [length(chunks(ping)), length(chunks(ping))],
  "two lengths in one": ["Content-Length: 5, 6"],
  "two equal lengths in one": ["Content-Length: 5, 5"],
  "an encoding nobody knows": ["Transfer-Encoding: xchunked"],
  "an encoding before chunked": ["Transfer-Encoding: gzip, chunked"],
  "chunked that isn't last": ["Transfer-Encoding: chunked, identity"],
  "chunked twice": ["Transfer-Encoding: chunked, chunked"],
  "two encodings": ["Transfer-Encoding: chunked", "Transfer-Encoding: identity"],
  "two encodings the other way": ["Transfer-Encoding: identity", "Transfer-Encoding: chunked"],
  "identity and a length": ["Transfer-Encoding: identity", length(ping)],
  "an empty encoding and a length": ["Transfer-Encoding:", length(ping)],
  "a blank before the colon": ["Transfer-Encoding : chunked"],
  "a vertical tab before the value": ["Transfer-Encoding:\x0bchunked"],
  "a NUL in the value": ["Transfer-Encoding: chun\0ked"],
  "quotation marks": ['Transfer-Encoding: "chunked"'],
  "an encoding in a folded line": ["Transfer-Encoding:\r\n chunked"],
  "an encoding behind a folded line": ["X: y\r\n Transfer-Encoding: chunked", length(ping)],
  "a folded line at the beginning": [" Transfer-Encoding: chunked", length(ping)],
  "a line that ends with CR alone": [`X: y\rTransfer-Encoding: chunked`, length(ping)],
  "a line that ends with LF alone": [`X: y\nTransfer-Encoding: chunked`, length(ping)],
  "a header without a colon": ["Transfer-Encoding chunked", length(ping)],
  "a header without a name": [": chunked", length(ping)],
  "a name with a blank": ["Transfer Encoding: chunked", length(ping)],
  "a name above ASCII": ["Transf\xe9r-Encoding: chunked", length(ping)],
};

describe("a head that can be read in two ways is refused, and the connection ended", () => {
  it.each(Object.entries(ambiguous))("%s", async (_name, lines) => {
    const answers = await exchange(guard.url, request([...head, ...lines], chunks(ping) + hidden));
    expect(answers.map(({ status }) => status)).toEqual([400]);
    expect(answers[0]?.headers["connection"]).toBe("close");
    // Nothing of what was sent is said again, nor what the parser thinks of it.
    const error = { code: -32_000, message: expect.stringMatching(/^[\w :-]+$/) };
    expect(JSON.parse(answers[0]?.body ?? "")).toEqual({ jsonrpc: "2.0", id: null, error });
    await guard.untouched();
  });
});

describe("a body with another request behind it", () => {
  const last = hidden.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");

  it("ends where its length says: the other is a request of its own, of nobody", async () => {
    const answers = await exchange(guard.url, request([...head, length(ping)], ping) + last);
    expect(answers.map(({ status }) => status)).toEqual([406, 401]); // 406 is the server's: no Accept header.
    expect(guard.upstream.seen.splice(0).map(({ body }) => JSON.parse(body).method)).toEqual(["ping"]);
    await guard.untouched();
  });

  it("ends where its last chunk is, whatever else the chunks and the trailers hold", async () => {
    const trailers = [auth, "Mcp-Session-Id: x", "Host: evil.test"].join("\r\n");
    const body = `${ping.length.toString(16)};ext="x"\r\n${ping}\r\n0\r\n${trailers}\r\n\r\n`;
    const answers = await exchange(guard.url, request([...head, "Transfer-Encoding: chunked"], body) + last);
    expect(answers.map(({ status }) => status)).toEqual([406, 401]);
    const [seen] = guard.upstream.seen.splice(0);
    expect(seen?.headers).toMatchObject({ "content-length": String(ping.length) });
    expect(
      seen?.headers["transfer-encoding"] ?? seen?.headers["mcp-session-id"] ?? seen?.headers["trailer"],
    ).toBe(undefined);
    await guard.untouched();
  });

  it("has no second length in its trailers", async () => {
    const body = `${ping.length.toString(16)}\r\n${ping}\r\n0\r\nContent-Length: 1\r\n\r\n`;
    const answers = await exchange(guard.url, request([...head, "Transfer-Encoding: chunked"], body) + last);
    expect(answers.map(({ status }) => status)).toEqual([400]);
    await guard.untouched();
  });

  it("is not read on when it was refused: what follows on the connection is nobody's", async () => {
    const body = `${hidden}${hidden}`;
    const answers = await exchange(guard.url, request([...head.slice(0, 3), length(body)], body) + last);
    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
    await guard.untouched();
  });

  it("that belongs to a GET is not a request", async () => {
    const get = ["GET /mcp HTTP/1.1", "Host: localhost", auth, "Accept: text/plain", length(hidden)];
    const answers = await exchange(guard.url, request(get, hidden) + last);
    expect(answers.map(({ status }) => status)).toEqual([406, 401]);
    expect(guard.upstream.seen.splice(0).map(({ method, body }) => [method, body])).toEqual([["GET", ""]]);
    await guard.untouched();
  });
});

describe("requests in one go on one connection", () => {
  it("are each judged by what they say themselves, and answered in order", async () => {
    const of = (token: string | undefined, body: string, more: string[] = []) =>
      request(
        [...head.slice(0, 3), ...(token ? [`Authorization: Bearer ${token}`] : []), length(body), ...more],
        body,
      );
    const answers = await exchange(
      guard.url,
      of(tokens.alice, wipe) +
        of(undefined, ping) +
        of("wrong-wrong-wrong-wrong", ping) +
        of(tokens.bob, "{") +
        of(undefined, wipe, ["Connection: close"]),
    );
    expect(answers.map(({ status }) => status)).toEqual([403, 401, 401, 400, 401]);
    await guard.untouched();
  });

  it("without any answer between are no way to flood the server: each is a call that counts", async () => {
    guard.audit.length = 0;
    const one = request([...head, length(wipe)], wipe);
    const end = request([...head, length(wipe), "Connection: close"], wipe);
    const answers = await exchange(guard.url, one.repeat(49) + end);
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(403));
    expect(guard.audit).toHaveLength(50);
    await guard.untouched();
  });
});

describe("what isn't HTTP/1.1", () => {
  it.each([
    ["HTTP/2 from the beginning", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    ["TLS", Buffer.from("160301020001000001fc0303", "hex").toString("latin1").padEnd(200, "\0")],
    ["HTTP/0.9", "GET /mcp\r\n\r\n"],
    ["another version", "POST /mcp HTTP/3.0\r\n\r\n"],
    ["no version", "POST /mcp\r\nHost: localhost\r\n\r\n"],
    ["another protocol", "EHLO localhost\r\n"],
    ["a method in lower case", "post /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n"],
    ["a method of its own", "WIPE /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n"],
    ["NULs", "\0\0\0\0"],
    ["a JSON-RPC message", `${wipe}\n`],
    ["the header of a proxy", `PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n${hidden}`],
  ])("is refused: %s", async (_name, bytes) => {
    const answers = await exchange(guard.url, bytes);
    for (const { status } of answers) expect([400, 505]).toContain(status);
    await guard.untouched();
  });
});
