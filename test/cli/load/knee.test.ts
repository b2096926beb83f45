import { describe, expect, test } from "vitest";
import { type Climb, findKnee } from "../../../cli/load/knee.ts";
import type { Step } from "../../../cli/load/step.ts";

const idle = { lateMs: { p50: 0, p95: 1, p99: 1, max: 1 }, busy: 0.1, mostWaiting: 1 };

function step(rps: number, { p99 = 10, wrong = 0, generator = idle } = {}): Step {
  return {
    ...{ rps, seconds: 1, calls: 100, right: 100 - wrong, wrong, unfinished: 0, rightPerSecond: rps },
    latencyMs: { p50: 1, p95: 5, p99, max: p99 },
    errors: wrong ? [{ kind: "limited", count: wrong, rightBefore: 5, firstAtSeconds: 0.2 }] : [],
    ...{ perSecond: [], generator },
  };
}

/** What is tried, and what is found. */
async function found(
  measured: (rps: number, time: number) => Step,
  climb: Climb = { start: 100, factor: 2, max: 10_000 },
  signal = new AbortController().signal,
) {
  const tried: number[] = [];
  const knee = await findKnee(
    climb,
    { p99Ms: 250, errors: 0.01 },
    async (rps) => {
      tried.push(rps);
      return measured(rps, tried.filter((each) => each === rps).length);
    },
    signal,
  );
  return { knee, tried };
}

describe("the knee", () => {
  test("is between the last rate that was good and the first that wasn't", async () => {
    const { knee, tried } = await found((rps) => step(rps, { p99: rps > 650 ? 900 : 10 }));
    expect(tried).toEqual([100, 200, 400, 800, 800, 600, 700, 700]);
    expect(knee).toEqual({ rps: 600, tooMuch: 700, because: "p99 was 900 ms; 250 ms is the limit" });
  });

  test("errors count, and what they were is said", async () => {
    const { knee } = await found((rps) => step(rps, { wrong: rps > 200 ? 2 : 1 }));
    expect(knee).toMatchObject({ rps: 200, tooMuch: 250 });
    expect(knee.because).toBe("2 % of the calls were wrong, most of them limited; 1 % is the limit");
  });

  test("a hiccup is none", async () => {
    const { knee, tried } = await found((rps, time) =>
      step(rps, { p99: rps > 650 || (rps === 200 && time === 1) ? 900 : 10 }),
    );
    expect(tried.slice(0, 4)).toEqual([100, 200, 200, 400]);
    expect(knee.rps).toBe(600);
  });

  test("even the first rate may be too much", async () => {
    const { knee, tried } = await found((rps) => step(rps, { p99: 900 }));
    expect([knee.rps, knee.tooMuch, tried]).toEqual([null, 100, [100, 100]]);
  });

  test("none up to the highest rate, which is tried itself", async () => {
    const { knee, tried } = await found((rps) => step(rps), { start: 100, factor: 2, max: 500 });
    expect(tried).toEqual([100, 200, 400, 500]);
    expect(knee).toEqual({
      rps: 500,
      tooMuch: null,
      because: "500 calls a second is the most that was tried",
    });
  });

  test("a generator at its end is told, where it may be the reason", async () => {
    const busy = { ...idle, busy: 0.95 };
    const { knee } = await found((rps) => step(rps, { generator: busy, p99: rps > 300 ? 900 : 10 }));
    expect(knee).toEqual({
      ...{ rps: 300, tooMuch: 350 },
      because: "p99 was 900 ms; 250 ms is the limit; the load generator itself was busy for 95 % of the time",
    });
  });

  test("an interruption leaves what was found", async () => {
    const controller = new AbortController();
    const { knee } = await found(
      (rps) => {
        if (rps === 400) controller.abort();
        return step(rps, { p99: rps === 400 ? 900 : 10 });
      },
      undefined,
      controller.signal,
    );
    expect(knee).toEqual({ rps: 200, tooMuch: null, because: "interrupted before it was found" });
  });
});
