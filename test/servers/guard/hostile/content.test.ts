import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { as, type Hostile, post, startHostile, tokens } from "./support/guard.ts";
import { exchange, request } from "./support/raw.ts";

let guard: Hostile;
beforeAll(async () => {
  guard = await startHostile();
});
afterAll(() => guard.close());

const call = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"wipe","arguments":{}}}';

const types = [
  "",
  "text/plain",
  "text/json",
  "*/*",
  "application/*",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  'multipart/mixed; boundary="application/json"',
  "application/json-seq",
  "application/x-ndjson",
  "application/jsonp",
  "application/json+xml",
  "application/xml",
  "application/yaml",
  "application/vnd.api+json",
  "text/event-stream",
  "text/plain;application/json",
  "text/plain, application/json",
  "application/json, text/plain",
  "application/json; charset=utf-7",
  "application/json; charset=utf-16",
  "application/json; charset=ibm500",
  'application/json; charset="utf-16le"',
  "application/json; charset=utf-8; charset=utf-7",
  "application/json; boundary=x",
  "application/json;;",
  "application /json",
  "application/json\u00a0",
];

describe("a body of another type is refused with 415", () => {
  it.each(types)("%s", async (type) => {
    const answer = await post(guard.url, call, { "content-type": type });
    expect(answer.status).toBe(415);
    expect(answer.rpc).toMatchObject({ id: null, error: { code: -32_000 } });
    await guard.untouched();
  });

  it("or of two types, or of none", async () => {
    const head = [
      "POST /mcp HTTP/1.1",
      "Host: localhost",
      `Authorization: Bearer ${tokens.alice}`,
      `Content-Length: ${call.length}`,
      "Connection: close",
    ];
    const two = ["Content-Type: application/json", "Content-Type: text/plain"];
    for (const [lines, status] of [
      [two, 400],
      [two.toReversed(), 400],
      [[], 415],
    ] as const) {
      const [answer] = await exchange(guard.url, request([...head, ...lines], call));
      expect(answer?.status).toBe(status);
    }
    await guard.untouched();
  });

  it("but the type counts whatever its case, and with its one charset", async () => {
    for (const type of [
      "APPLICATION/JSON",
      "application/json;charset=UTF-8",
      'application/json; charset="utf-8"',
    ]) {
      await post(guard.url, call, { "content-type": type });
    }
    const seen = guard.upstream.seen.splice(0);
    expect(seen.map(({ headers }) => headers["content-type"])).toEqual(Array(3).fill("application/json"));
  });
});

describe("a body that is packed is refused with 415, and not unpacked", () => {
  // 4 MiB of blanks behind a message, which is more than a body may have.
  const bomb = gzipSync(Buffer.concat([Buffer.from(call), Buffer.alloc(4 << 20, 32)]));
  const packed: [string, Buffer][] = [
    ["gzip", gzipSync(call)],
    ["GZIP", gzipSync(call)],
    ["x-gzip", gzipSync(call)],
    ["gzip", bomb],
    ["gzip, gzip", gzipSync(gzipSync(call))],
    ["deflate", deflateSync(call)],
    ["br", brotliCompressSync(call)],
    ["zstd", zstdCompressSync(call)],
    ["identity, gzip", gzipSync(call)],
    ["compress", Buffer.from(call)],
    ["gzip", Buffer.from(call)],
    ["chunked", Buffer.from(call)],
    ["nonsense", Buffer.from(call)],
  ];

  it.each(packed)("%s", async (encoding, body) => {
    const answer = await post(guard.url, new Uint8Array(body), { "content-encoding": encoding });
    expect(answer.status).toBe(415);
    expect(answer.rpc.error?.code).toBe(-32_000);
    await guard.untouched();
  });

  it("and one that doesn't say that it is packed is no JSON", async () => {
    const answer = await post(guard.url, new Uint8Array(gzipSync(call)));
    expect([answer.status, answer.rpc.error?.code]).toEqual([400, -32_700]);
    await guard.untouched();
  });
});

it("a body where none belongs is not passed on", async () => {
  for (const method of ["GET", "DELETE"]) {
    const lines = [
      `${method} /mcp HTTP/1.1`,
      "Host: localhost",
      `Authorization: ${as("alice")["authorization"]}`,
      "Accept: text/event-stream",
      "Content-Type: application/json",
      `Content-Length: ${call.length}`,
      "Connection: close",
    ];
    await exchange(guard.url, request(lines, call));
  }
  expect(guard.upstream.seen.splice(0).map(({ method, body }) => [method, body])).toEqual([
    ["GET", ""],
    ["DELETE", ""],
  ]);
});
