import fc from "fast-check";
import { expect, it } from "vitest";
import { Places } from "../../../cli/tunePrepare/places.ts";
import { Repeats } from "../../../cli/tunePrepare/repeats.ts";

it("finds the first line with the same record, however many there are", () => {
  const repeats = new Repeats();
  const record = (index: number) => ({ instruction: `question ${index}`, response: "same" });
  for (let index = 0; index < 20_000; index++) {
    expect(repeats.lineOf(record(index), index + 1)).toBeUndefined();
  }
  for (let index = 0; index < 20_000; index++) {
    expect(repeats.lineOf(record(index), 90_000)).toBe(index + 1);
  }
});

it("agrees with a Map of the records, which tells apart texts that only join to the same", () => {
  const text = fc.constantFrom("", "a", "b", "ab", "1", "12 ");
  const record = fc.record({ instruction: text, context: text, response: text });
  fc.assert(
    fc.property(fc.array(record, { maxLength: 60 }), (records) => {
      const repeats = new Repeats();
      const first = new Map<string, number>();
      for (const [index, each] of records.entries()) {
        const key = JSON.stringify(each);
        expect(repeats.lineOf(each, index + 1)).toBe(first.get(key));
        if (!first.has(key)) first.set(key, index + 1);
      }
    }),
  );
});

it("keeps places in the order of their positions, the last one of an index", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(3000), { minLength: 1, maxLength: 3000 }), (indexes) => {
      const places = new Places();
      const wanted = new Map<number, number>();
      for (const [position, wish] of indexes.entries()) {
        const index = Math.min(wish, wanted.size);
        places.set(index, [position, 1, 2, 3, 4]);
        wanted.set(index, position);
      }
      const positions = [...wanted.values()].sort((one, other) => one - other);
      expect([...places.inOrder()].map(([position]) => position)).toEqual(positions);
    }),
    { numRuns: 30 },
  );
});
