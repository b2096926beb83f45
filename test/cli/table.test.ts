import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { table, wrap } from "../../cli/table.ts";

describe("table", () => {
  it("lines up columns and wraps the last one under itself", () => {
    expect(
      table(
        ["size", "why"],
        [
          ["a", "one two three four five six"],
          ["longer", ""],
        ],
        30,
      ),
    ).toBe("size    why\na       one two three four\n        five six\nlonger");
  });

  it("is never narrower than a word", () => {
    expect(table(["size", "why"], [["Standard_D4s_v5", "a reason in words"]], 10).split("\n")).toHaveLength(
      2,
    );
  });
});

describe("wrap", () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 });

  it("keeps every word in order and every line within the width", () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 12, max: 40 }), (list, width) => {
        const lines = wrap(list.join(" "), width);
        expect(lines.join(" ")).toBe(list.join(" "));
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
      }),
    );
  });
});
