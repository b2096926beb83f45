import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseMessage, readToolCall } from "../../../../servers/guard/mcp/message.ts";
import { Refusal } from "../../../../servers/guard/refusal.ts";

const parse = (text: string | Buffer) => parseMessage(Buffer.from(text as string));

function code(text: string | Buffer): number | undefined {
  try {
    parse(text);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal && error.status === 400) return error.code;
    throw error;
  }
}

describe("a body", () => {
  it.each([
    '{"jsonrpc":"2.0","id":1,"method":"ping"}',
    '{"jsonrpc":"2.0","id":"a","method":"tools/call","params":{"name":"x"}}',
    '{"jsonrpc":"2.0","method":"notifications/initialized"}',
    '{"jsonrpc":"2.0","id":1,"result":{}}',
    '{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"no"}}',
  ])("that is a message passes: %s", (text) => {
    expect(JSON.stringify(parse(text))).toBe(text);
  });

  it.each([
    ["", -32_700],
    ["{", -32_700],
    ["\ufeff{}", -32_700],
    ["NaN", -32_700],
    ["1", -32_600],
    ["null", -32_600],
    ["[]", -32_600],
    ['[{"jsonrpc":"2.0","id":1,"method":"ping"}]', -32_600],
    ["{}", -32_600],
    ['{"jsonrpc":"1.0","id":1,"method":"ping"}', -32_600],
    ['{"jsonrpc":"2.0","id":null,"method":"ping"}', -32_600],
    ['{"jsonrpc":"2.0","id":1.5,"method":"ping"}', -32_600],
    ['{"jsonrpc":"2.0","id":1e400,"method":"ping"}', -32_600],
    ['{"jsonrpc":"2.0","id":12345678901234567890,"method":"ping"}', -32_600],
    ['{"jsonrpc":"2.0","id":{},"method":"ping"}', -32_600],
    ['{"jsonrpc":"2.0","id":1,"method":"ping","Method":"tools/call"}', -32_600],
    ['{"jsonrpc":"2.0","id":1,"method":"ping","extra":1}', -32_600],
    ['{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}', -32_600],
    ['{"jsonrpc":"2.0","id":1,"method":"ping","params":null}', -32_600],
    ['{"jsonrpc":"2.0","id":1,"method":""}', -32_600],
    ['{"jsonrpc":"2.0","id":1,"method":"tools/call\\u0000"}', -32_600],
    ['{"jsonrpc":"2.0","id":1,"method":"Tools/call"}', -32_600],
    ['{"jsonrpc":"2.0","id":1}', -32_600],
    ['{"jsonrpc":"2.0","id":1,"result":{},"error":{}}', -32_600],
    ['{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}', -32_600],
    ['{"jsonrpc":"2.0","result":{}}', -32_600],
  ])("that is none is refused: %s", (text, expected) => {
    expect(code(text)).toBe(expected);
  });

  it("in another encoding than UTF-8 is refused", () => {
    expect(code(Buffer.from('{"jsonrpc":"2.0","id":1,"method":"ä"}', "latin1"))).toBe(-32_700);
    expect(code(Buffer.from('{"jsonrpc":"2.0","id":1,"method":"ping"}', "utf16le"))).toBe(-32_700);
  });

  it("nested too deeply is refused, however deep it is", () => {
    const nested = (depth: number) =>
      `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":${"[".repeat(depth)}${"]".repeat(depth)}}}`;
    expect(code(nested(98))).toBe(undefined);
    expect(code(nested(99))).toBe(-32_600);
    expect(code(nested(400_000))).toBe(-32_600);
  });

  it("keeps the last of two equal keys, and says so to the server", () => {
    const message = parse('{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/list"}');
    expect(JSON.stringify(message)).toBe('{"jsonrpc":"2.0","id":1,"method":"tools/list"}');
  });

  it("keeps numbers that JavaScript can't write", () => {
    const text =
      '{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":12345678901234567890,"b":1e400,"c":1.10e2}}';
    expect(JSON.stringify(parse(text))).toBe(text);
  });

  it("is for the server what it was for the guard, whatever is in it", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (json) => {
        fc.pre(!/__proto__|constructor/.test(json)); // Refused as keys.
        const text = `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":${json}}}`;
        expect(JSON.parse(JSON.stringify(parse(text)))).toEqual(JSON.parse(text));
      }),
    );
  });
});

describe("a call of a tool", () => {
  const call = (params: string) =>
    readToolCall(parse(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`) as never);

  it("has a name, and arguments if it likes", () => {
    expect(call('{"name":"x"}')).toEqual({ name: "x", args: undefined });
    expect(call('{"name":"x","arguments":{"a":1},"_meta":{},"task":{}}')).toEqual({
      name: "x",
      args: { a: 1 },
    });
  });

  it.each([
    "{}",
    '{"name":""}',
    '{"name":1}',
    '{"name":"x","arguments":[]}',
    '{"name":"x","arguments":"y"}',
    '{"name":"x","Name":"y"}',
    '{"name":"x","NAME":"y"}',
    '{"name":"x"," name":"y"}',
    '{"name":"x","ｎame":"y"}',
    '{"name":"x","argumentſ":{}}',
  ])("is refused if a server could read another one in it: %s", (params) => {
    expect(() => call(params)).toThrow("Invalid params");
  });
});
