import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Reservoir, seeded } from "../../../cli/tunePrepare/random.ts";

function chosen(size: number, of: number, seed: number): number[] {
  const reservoir = new Reservoir(size, seeded(seed));
  const places: number[] = [];
  for (let item = 0; item < of; item++) {
    const place = reservoir.next();
    if (place !== undefined) places[place] = item;
  }
  return places;
}

describe("seeded", () => {
  it("gives the same numbers for a seed, and others for another", () => {
    const [one, same, other] = [seeded(7), seeded(7), seeded(8)];
    const draw = (random: () => number) => Array.from({ length: 20 }, random);
    const numbers = draw(one);
    expect(draw(same)).toEqual(numbers);
    expect(draw(other)).not.toEqual(numbers);
    expect(numbers.every((each) => each >= 0 && each < 1)).toBe(true);
  });

  it("never changes: a sample that was cut once must come out again with every later version", () => {
    const random = seeded(0);
    expect([random(), random(), random()]).toMatchInlineSnapshot(`
      [
        0.26642920822150806,
        0.22327202667446544,
        0.46732782233543,
      ]
    `);
  });

  it("fills the range evenly", () => {
    const random = seeded(3);
    const bins = new Array<number>(64).fill(0);
    for (let draw = 0; draw < 64_000; draw++) {
      const bin = Math.floor(random() * 64);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    // 63 degrees of freedom: chi-square is below 104 with a chance of 0.999.
    expect(bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(104);
  });
});

describe("Reservoir", () => {
  it("chooses as many as there are places, each item once", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.nat(200), fc.nat(), (size, of, seed) => {
        const items = chosen(size, of, seed);
        expect(new Set(items).size).toBe(Math.min(size, of));
        expect(items.every((item) => item >= 0 && item < of)).toBe(true);
      }),
    );
  });

  it("gives every item the same chance", () => {
    const counts = new Array<number>(40).fill(0);
    for (let seed = 0; seed < 4000; seed++) {
      for (const item of chosen(10, 40, seed)) counts[item] = (counts[item] ?? 0) + 1;
    }
    // A quarter of 4000 each, with a standard deviation of 27.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(4 * 27.4);
  });
});
