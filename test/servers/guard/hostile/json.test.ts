import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Hostile, openSession, post, rpc, startHostile } from "./support/guard.ts";

let guard: Hostile;
let session: string;
beforeAll(async () => {
  guard = await startHostile({ limits: { caller: { calls: 1000, seconds: 60 } } });
  session = await openSession(guard.url);
  guard.upstream.seen.length = 0;
});
afterAll(() => guard.close());

const send = (body: string | Uint8Array<ArrayBuffer>) => post(guard.url, body, { "mcp-session-id": session });
const call = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"wipe","arguments":{}}}';
const bytes = (...parts: (string | number[])[]): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part as string))));
const utf16 = (text: string, swapped = false) => {
  const buffer = Buffer.from(`\uFEFF${text}`, "utf16le");
  return new Uint8Array(swapped ? buffer.swap16() : buffer);
};
const utf32 = (text: string) =>
  new Uint8Array(Buffer.from([...text].flatMap((one) => [one.charCodeAt(0), 0, 0, 0])));
const named = (name: number[]) => bytes(call.split("wipe")[0] ?? "", name, call.split("wipe")[1] ?? "");

const noJson: Record<string, string | Uint8Array<ArrayBuffer>> = {
  nothing: "",
  blanks: " \r\n\t ",
  "a message cut off": call.slice(0, -1),
  "two messages": `${call}${call}`,
  "a message a line": `${call}\n${call}\n`,
  "something behind": `${call}x`,
  "a NUL behind": `${call}\0`,
  "a NUL before": `\0${call}`,
  "a NUL in a text": call.replace("wipe", "wi\0pe"),
  "a line break in a text": call.replace("wipe", "wi\npe"),
  "a comment": `/* hi */${call}`,
  "a comma too many": call.replace("{}", "{},"),
  "single quotes": call.replaceAll('"', "'"),
  "keys without quotes": call.replaceAll(/"(\w+)":/g, "$1:"),
  "a prefix against script inclusion": `)]}',\n${call}`,
  "a form": `payload=${encodeURIComponent(call)}`,
  NaN: call.replace(":1,", ":NaN,"),
  "a number in hex": call.replace(":1,", ":0x1,"),
  "a number with zeros before": call.replace(":1,", ":01,"),
  "a byte order mark": `\uFEFF${call}`,
  "UTF-16, little-endian": utf16(call),
  "UTF-16, big-endian": utf16(call, true),
  "UTF-32": utf32(call),
  "a byte that UTF-8 never has": named([0xff]),
  "an overlong form of w": named([0xc1, 0xb7, 0x69, 0x70, 0x65]),
  "half of a surrogate pair": named([0xed, 0xa0, 0x80]),
  "a character above Unicode": named([0xf4, 0x90, 0x80, 0x80]),
  "a character cut off": named([0xe2, 0x82]),
  YAML: "jsonrpc: '2.0'\nid: 1\nmethod: tools/call\n",
};

describe("a body that is no JSON in UTF-8 is refused as one", () => {
  it.each(Object.entries(noJson))("%s", async (_name, body) => {
    const answer = await send(body);
    expect(answer.status).toBe(400);
    // No position, no piece of the body: it says what is wanted, and nothing of who reads it.
    expect(answer.rpc).toEqual({
      jsonrpc: "2.0",
      id: null,
      error: { code: -32_700, message: "Parse error: the body is not JSON in UTF-8" },
    });
    await guard.untouched();
  });
});

const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;
const noMessage: Record<string, string> = {
  "a batch": `[${call},${call}]`,
  "a batch of one": `[${call}]`,
  "an empty batch": "[]",
  "a batch in a batch": `[[${call}]]`,
  "a text": JSON.stringify(call),
  "a number": "1",
  "a number that is none any more": "1e999",
  null: "null",
  true: "true",
  "an empty object": "{}",
  "a list as deep as the body may be long": nested(500_000),
  "an object as deep": `${'{"a":'.repeat(150_000)}1${"}".repeat(150_000)}`,
  "arguments of 200 levels": call.replace("{}", `{"a":${nested(200)}}`),
};

describe("JSON that is no message is refused as one", () => {
  it.each(Object.entries(noMessage))("%s", async (_name, body) => {
    const answer = await send(body);
    expect(answer.status).toBe(400);
    expect(answer.rpc).toMatchObject({ id: null, error: { code: -32_600 } });
    expect(answer.text.length).toBeLessThan(300);
    await guard.untouched();
  });
});

describe("what the server could read in another way", () => {
  it("is not in what it gets: of a key that stands there twice it gets the one that was judged", async () => {
    const twice =
      '{"jsonrpc":"2.0","method":"tools/call","id":1,"method":"ping","params":{"name":"wipe"},"params":{}}';
    expect((await send(twice)).status).toBe(200);
    const escaped = '{"jsonrpc":"2.0","\\u006dethod":"ping", "id":1,"params":{ "a":"\\u003c\\/" }}';
    expect((await send(escaped)).status).toBe(200);
    expect(guard.upstream.seen.splice(0).map(({ body }) => body)).toEqual([
      '{"jsonrpc":"2.0","method":"ping","id":1,"params":{}}',
      '{"jsonrpc":"2.0","method":"ping","id":1,"params":{"a":"</"}}',
    ]);
  });

  it("is refused where it would change prototypes", async () => {
    const proto = ["__proto__", "\\u005f_proto__"].flatMap((key) => [
      call.replace("{}", `{"${key}":{"engines":["evil"]}}`),
      call.replace("{}", `{"a":[{"${key}":1}]}`),
      call.replace('"name":"wipe"', `"${key}":{"name":"wipe"},"name":"echo"`),
      call.replace('"id":1', `"${key}":{"method":"tools/list"},"id":1`),
    ]);
    const constructors = call.replace("{}", '{"constructor":{"prototype":{"admin":true}}}');
    for (const body of [...proto, constructors]) {
      const answer = await send(body);
      expect(answer.status, body).toBe(400);
      expect(answer.rpc.error?.code).toBe(-32_600);
    }
    await guard.untouched();
    expect(({} as Record<string, unknown>)["admin"]).toBeUndefined();
  });

  it("is a number where an object is wanted, also one that JavaScript can't hold", async () => {
    for (const number of ["1", "1e999", "1.0e2", "123456789012345678901234567890"]) {
      for (const body of [call.replace("{}", number), call.replace(/"params":.*/, `"params":${number}}`)]) {
        const answer = await send(body);
        expect(answer.status, body).toBe(400);
      }
    }
    await guard.untouched();
  });

  it("but numbers are passed on as they were written", async () => {
    const numbers = '{"a":1e999,"b":12345678901234567890,"c":-0.10,"d":1E-400,"e":1.0}';
    const { status } = await send(call.replace("wipe", "echo").replace("{}", numbers));
    expect(status).toBe(200);
    const [seen] = guard.upstream.seen.splice(0);
    expect(seen?.body).toContain('"a":1e999,"b":12345678901234567890');
  });
});

it("none of this has ended the session or the guard", async () => {
  expect((await rpc(guard.url, { id: 1, method: "ping" }, { "mcp-session-id": session })).rpc.result).toEqual(
    {},
  );
});
