import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRecord } from "../../../cli/tunePrepare/record.ts";

const none = new Set<string>();
const good = { instruction: "Who?", response: "Me" };

describe("parseRecord", () => {
  it("reads back what was written, text for text", () => {
    const text = fc.string({ unit: "grapheme" }).filter((each) => /\S/.test(each));
    const record = fc.record(
      { instruction: text, context: text, response: text },
      { requiredKeys: ["instruction", "response"] },
    );
    fc.assert(
      fc.property(record, fc.nat(4), (each, indent) => {
        const line = JSON.stringify({ ...each, category: "open_qa" }, undefined, indent).replaceAll(
          "\n",
          " ",
        );
        expect(parseRecord(line, none)).toEqual(each);
      }),
    );
  });

  it.each([
    ["missing", {}],
    ["empty", { context: "" }],
    ["blank", { context: " \n" }],
    ["null", { context: null, category: null }],
  ])("has no context when it is %s", (_, more) => {
    expect(parseRecord(JSON.stringify({ ...good, ...more }), none)).toEqual(good);
  });

  it.each([
    [{ response: "b" }, ['"instruction" is missing']],
    [{ instruction: "", response: "b" }, ['"instruction" is empty']],
    [{ instruction: "a", response: " \t\u00a0" }, ['"response" has nothing but white space']],
    [{ instruction: null, response: "b" }, ['"instruction" is null']],
    [
      { instruction: ["a"], response: 1 },
      ['"instruction" is an array, not a string', '"response" is a number, not a string'],
    ],
    [{ ...good, context: {} }, ['"context" is an object, not a string']],
    [{ ...good, category: true }, ['"category" is a boolean, not a string']],
    [
      { instruction: "a", respose: "b" },
      [
        'the key "respose" is not one of instruction, response, context, category; did you mean "response"?',
        '"response" is missing',
      ],
    ],
    [
      { ...good, source_url: "x" },
      [
        'the key "source_url" is not one of instruction, response, context, category; --ignore-keys leaves it out',
      ],
    ],
  ])("says what is wrong with %j", (record, messages) => {
    expect(parseRecord(JSON.stringify(record), none)).toEqual(messages.map((message) => ({ message })));
  });

  it("takes keys that are to be ignored, whatever they hold", () => {
    expect(parseRecord(JSON.stringify({ ...good, id: 7 }), new Set(["id"]))).toEqual(good);
  });

  it.each(['"\\ud83d"', '"\\ude00 late"', '"ok \\ud83d\\ud83d\\ude00"'])(
    "refuses half of a character: %s",
    (text) => {
      expect(parseRecord(`{"instruction":${text},"response":"b"}`, none)).toEqual([
        { message: '"instruction" has half of a character (a lone surrogate)' },
      ]);
    },
  );

  it.each([
    ['{"instruction":"a" "response":"b"}', 20, /^not JSON: Expected ',' or '}' after property value$/],
    ['{"instruction":"a","response":"b",}', 35, /^not JSON: Expected double-quoted property name$/],
    ['{"instruction":"a', undefined, /^not JSON: Unterminated string$/],
    ["not json", undefined, /^not JSON: Unexpected token 'o', "not json"$/],
    ["[", undefined, /start of an array over several lines; .*jq -c/],
    ['[{"instruction":"a"}]', undefined, /^an array, not an object; .*jq -c/],
    ['"text"', undefined, /^a string, not an object; each line must be one$/],
    ["null", undefined, /^null, not an object/],
    ["7", undefined, /^a number, not an object/],
  ])("says that %s isn't an object, and where when that is known", (line, column, message) => {
    const flaws = parseRecord(line, none);
    expect(flaws).toHaveLength(1);
    const [flaw] = flaws as { message: string; column?: number }[];
    expect(flaw?.message).toMatch(message);
    if (column !== undefined) expect(flaw?.column).toBe(column);
  });

  it("never throws and never lets a wrong record through", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (line) => {
        const record = parseRecord(line, none);
        if (!Array.isArray(record)) {
          expect(record.instruction.trim()).not.toBe("");
          expect(record.response.trim()).not.toBe("");
        }
      }),
    );
  });
});
