import fc from "fast-check";
import { expect, test } from "vitest";
import { asJson, positionOfError } from "../../../cli/mcp/json.ts";

test.each([
  ['{"message": hi}', 12],
  ["hello", 0],
  ['{"a":1,}', 7],
  ["{'a':1}", 1],
  ['{"a":1} x', 8],
  ['{"a":', 5],
  ['{"a":"b', 7],
  ["tru", 3],
  ["trup", 3],
  ['{"a": 01}', 7],
  ["", 0],
])("%s stops being JSON at %i", (text, position) => {
  expect(positionOfError(text)).toBe(position);
});

test("what stands before the mistake is the beginning of some JSON, and with it none", () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), fc.constantFrom("#", "}", "'", "\u0001"), (json, seed, wrong) => {
      const at = seed % (json.length + 1);
      const text = json.slice(0, at) + wrong + json.slice(at);
      fc.pre(!isJson(text));
      const position = positionOfError(text);
      // It can't be seen before the wrong character, as all before it is from JSON.
      expect(position).toBeGreaterThanOrEqual(at);
      expect(position).toBeLessThanOrEqual(text.length);
    }),
  );
});

/** Few of all characters are of those that matter here. */
const steering = fc.constantFrom(0x1b, 0x7f, 0x9b, 0x200d, 0x202e, 0xfeff, 0xe0001);

test("JSON keeps its meaning and loses what would steer a terminal", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.nat(0x10ffff), steering)), (points) => {
      const text = String.fromCodePoint(...points);
      const json = asJson({ text });
      expect(JSON.parse(json)).toEqual({ text });
      expect(/[^\P{Cc}\n]|\p{Cf}/u.test(json)).toBe(false);
    }),
  );
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
