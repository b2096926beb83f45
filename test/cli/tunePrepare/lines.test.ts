import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { invalidByte, type Line, LineSplitter } from "../../../cli/tunePrepare/lines.ts";

/** Splits bytes that come in pieces of the given lengths, over and over. */
function split(bytes: Buffer, mostBytes = 1000, pieces: number[] = [bytes.length || 1]): Line[] {
  const splitter = new LineSplitter(mostBytes);
  const lines: Line[] = [];
  for (let at = 0, piece = 0; at < bytes.length; piece++) {
    const length = pieces[piece % pieces.length] ?? 1;
    lines.push(...splitter.push(bytes.subarray(at, at + length)));
    at += length;
  }
  lines.push(...splitter.end());
  return lines;
}

const pieces = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });

describe("LineSplitter", () => {
  it("gives each line its text and number, wherever the pieces end", () => {
    const line = fc.string({ unit: "grapheme" }).filter((text) => !/[\r\n]|^\ufeff/.test(text));
    fc.assert(
      fc.property(
        fc.array(line),
        fc.constantFrom("\n", "\r\n"),
        fc.boolean(),
        pieces,
        (texts, eol, last, cut) => {
          const text = texts.map((each) => each + eol).join("");
          const open = last ? text : text.slice(0, -eol.length || undefined);
          const wanted = last || texts.at(-1) !== "" ? texts : texts.slice(0, -1);
          expect(split(Buffer.from(open), 1000, cut)).toEqual(
            wanted.map((each, index) => ({ number: index + 1, text: each })),
          );
        },
      ),
    );
  });

  it("takes a byte order mark for no part of the first line, and keeps it in others", () => {
    expect(split(Buffer.from("\ufeff{}\n\ufeff{}\n"), 1000, [1])).toEqual([
      { number: 1, text: "{}" },
      { number: 2, text: "\ufeff{}" },
    ]);
  });

  it("keeps a carriage return that ends no line", () => {
    expect(split(Buffer.from("a\rb\r\r\n"))).toEqual([{ number: 1, text: "a\rb\r" }]);
  });

  it("says how long a line is that is too long, and goes on after it", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 40 }),
        fc.constantFrom("\n", "\r\n"),
        pieces,
        (length, eol, cut) => {
          const [long, next] = split(Buffer.from(`${"x".repeat(length)}${eol}next`), 20, cut);
          expect(next).toEqual({ number: 2, text: "next" });
          expect(long).toEqual(
            length <= 20
              ? { number: 1, text: "x".repeat(length) }
              : {
                  number: 1,
                  problem: `the line has ${length} bytes, more than the 20 bytes that are allowed`,
                },
          );
        },
      ),
    );
  });

  it.each([
    ["Latin-1", Buffer.from("caf\xe9 au lait", "latin1"), 4, "0xE9 at byte 4"],
    ["a byte that starts nothing", Buffer.from([0x61, 0xff]), 2, "0xFF at byte 2"],
    ["a character that is cut off", Buffer.from([0x61, 0xe2, 0x82]), 2, "0xE2 at byte 2"],
    ["an overlong form", Buffer.from([0xc0, 0xaf]), 1, "0xC0 at byte 1"],
    ["half of a surrogate pair", Buffer.from([0x22, 0xed, 0xa0, 0xbd]), 2, "0xED at byte 2"],
    ["what follows longer characters", Buffer.from([0xc3, 0xa9, 0xf0, 0x9f, 0x98, 0x80, 0x80]), 4, "byte 7"],
  ])("says where a line isn't UTF-8: %s", (_, bytes, column, text) => {
    const [line] = split(bytes);
    expect(line).toMatchObject({ number: 1, column });
    expect(line).toHaveProperty("problem", expect.stringContaining(text));
  });
});

describe("invalidByte", () => {
  it("finds a byte that was put between characters", () => {
    const text = fc.string({ unit: "grapheme" });
    const wrong = fc.oneof(fc.integer({ min: 0x80, max: 0xbf }), fc.integer({ min: 0xf5, max: 0xff }));
    fc.assert(
      fc.property(text, wrong, text, (before, byte, after) => {
        const line = Buffer.concat([Buffer.from(before), Buffer.from([byte]), Buffer.from(after)]);
        expect(invalidByte(line)).toBe(Buffer.byteLength(before));
      }),
    );
  });

  it("finds none in a text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(invalidByte(Buffer.from(text))).toBe(Buffer.byteLength(text));
      }),
    );
  });
});
