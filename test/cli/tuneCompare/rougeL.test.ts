import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { longestCommonSubsequence, rougeL, wordsOf } from "../../../cli/tuneCompare/rougeL.ts";

const words = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 9 });

/** The definition itself: the longest of all subsequences of one that the other has too. */
function byDefinition(one: string[], other: string[]): number {
  let longest = 0;
  for (let mask = 0; mask < 2 ** one.length; mask++) {
    const chosen = one.filter((_, index) => mask & (1 << index));
    let at = 0;
    for (const each of other) if (at < chosen.length && each === chosen[at]) at++;
    if (at === chosen.length) longest = Math.max(longest, at);
  }
  return longest;
}

describe("longestCommonSubsequence", () => {
  it("is what the definition says", () => {
    fc.assert(
      fc.property(words, words, (one, other) => {
        expect(longestCommonSubsequence(one, other)).toBe(byDefinition(one, other));
      }),
    );
  });
});

describe("rougeL", () => {
  const text = fc.string({ unit: "grapheme" });

  it("is 1 for a text and itself, unless there is no word in it", () => {
    fc.assert(
      fc.property(text, (each) => {
        expect(rougeL(each, each)).toBe(wordsOf(each).length > 0 ? 1 : 0);
      }),
    );
  });

  it("is the same both ways round, from 0 to 1, and 0 when no word is in both", () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        const score = rougeL(one, other);
        expect(score).toBe(rougeL(other, one));
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
        const shared = wordsOf(one).some((word) => wordsOf(other).includes(word));
        expect(score > 0).toBe(shared);
      }),
    );
  });

  it("falls with every word too many", () => {
    fc.assert(
      fc.property(words, fc.nat(9), (reference, more) => {
        fc.pre(reference.length > 0);
        const answer = [...reference, ...Array<string>(more).fill("x")];
        expect(rougeL(answer.join(" "), reference.join(" "))).toBeCloseTo(
          (2 * reference.length) / (2 * reference.length + more),
        );
      }),
    );
  });

  // The first five as rouge-score 0.1.2 (rougeL, use_stemmer=False) has them.
  it.each([
    ["the cat sat on the mat", "a cat was sitting on the mat", 0.6153846153846154],
    [
      "The quick brown fox jumps over the lazy dog.",
      "the fast brown fox jumped over a lazy dog",
      0.6666666666666666,
    ],
    ["Paris", "Paris, as if everyone doesn't know that already.", 0.2],
    ["3.14 is pi_approx", "pi approx is 3 14", 0.4],
    ["police kill the gunman", "police killed the gunman", 0.75],
    ["東京は日本の首都", "日本の首都は東京", 0.625],
    ["Größe", "GRÖSSE größe", 0.6666666666666666],
    ["e\u0301te\u0301", "\u00e9t\u00e9", 1],
    ["", "something", 0],
    ["...", "!!!", 0],
  ])("of %j and %j", (answer, reference, score) => {
    expect(rougeL(answer, reference)).toBeCloseTo(score, 12);
  });
});
