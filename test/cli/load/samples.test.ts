import fc from "fast-check";
import { expect, test } from "vitest";
import { latencyOf, Samples } from "../../../cli/load/samples.ts";

test("a percentile is the smallest time that so many calls did not exceed", () => {
  const times = fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(times, (taken) => {
      const found = latencyOf(Float64Array.from(taken));
      for (const [value, share] of [
        [found.p50, 0.5],
        [found.p95, 0.95],
        [found.p99, 0.99],
        [found.max, 1],
      ] as const) {
        const within = (limit: number) => taken.filter((each) => each <= limit).length;
        expect(within(value ?? Number.NaN)).toBeGreaterThanOrEqual(taken.length * share);
        expect(within((value ?? Number.NaN) - 1)).toBeLessThan(taken.length * share);
      }
    }),
  );
});

test("nothing was measured: nothing is said", () => {
  expect(new Samples().latency()).toEqual({ p50: null, p95: null, p99: null, max: null });
});

test("refusals have no times, and calls that were given up have theirs", () => {
  const samples = new Samples();
  samples.add(0, 100, "right");
  samples.add(0, 1, "limited");
  samples.add(0, 5000, "timeout");
  expect(samples.latency()).toEqual({ p50: 100, p95: 5000, p99: 5000, max: 5000 });
});

test("each second has the calls that were due in it, however many there are", () => {
  const samples = new Samples();
  for (let call = 0; call < 5000; call += 1) {
    samples.add(call % 3000, Math.floor((call % 3000) / 1000), call % 3000 === 2999 ? "tool-error" : "right");
  }
  expect(samples.size).toBe(5000);
  expect(samples.seconds()).toEqual([
    { second: 0, right: 2000, wrong: 0, p50: 0, p95: 0, p99: 0, max: 0 },
    { second: 1, right: 2000, wrong: 0, p50: 1, p95: 1, p99: 1, max: 1 },
    { second: 2, right: 999, wrong: 1, p50: 2, p95: 2, p99: 2, max: 2 },
  ]);
});
