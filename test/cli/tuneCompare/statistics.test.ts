import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { meanOf, spreadOf } from "../../../cli/tuneCompare/statistics.ts";

describe("spreadOf", () => {
  it("has nothing to say about nothing", () => {
    expect(spreadOf([])).toBeNull();
    expect(meanOf([])).toBeNull();
  });

  it.each([
    [[7], { count: 1, mean: 7, p50: 7, p95: 7 }],
    [[4, 1, 3, 2], { count: 4, mean: 2.5, p50: 2, p95: 4 }],
    [Array.from({ length: 100 }, (_, index) => 100 - index), { count: 100, mean: 50.5, p50: 50, p95: 95 }],
  ])("takes the percentiles by nearest rank: %j", (values, spread) => {
    expect(spreadOf(values)).toEqual(spread);
  });

  it("gives figures that were measured, with as many below as they say", () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
        const spread = spreadOf(values);
        for (const [percent, figure] of [
          [50, spread?.p50],
          [95, spread?.p95],
        ] as const) {
          expect(values).toContain(figure);
          const below = values.filter((value) => value <= (figure ?? 0)).length;
          const strictlyBelow = values.filter((value) => value < (figure ?? 0)).length;
          expect(below / values.length).toBeGreaterThanOrEqual(percent / 100);
          expect(strictlyBelow / values.length).toBeLessThan(percent / 100);
        }
      }),
    );
  });
});
