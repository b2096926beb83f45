import { expect, test } from "vitest";
import { type Clock, pace } from "../../../cli/load/pace.ts";

/** A clock that goes on when somebody waits; `stalls` are waits that take longer than they should. */
function clockWith(stalls: Record<number, number> = {}) {
  let [now, waits] = [1000, 0];
  const clock: Clock = {
    now: () => now,
    sleep: async (ms) => {
      waits += 1;
      now += stalls[waits] ?? ms;
    },
  };
  return clock;
}

async function sent(rps: number, calls: number, clock: Clock, signal = new AbortController().signal) {
  const found: { call: number; due: number; late: number }[] = [];
  const note = (call: number, due: number) =>
    found.push({ call, due: Math.round(due - 1000), late: Math.round(clock.now() - due) });
  await pace({ rps, calls }, note, signal, clock);
  return found;
}

test("calls are due at even distances, and none waits for another", async () => {
  expect(await sent(100, 4, clockWith())).toEqual(
    [0, 10, 20, 30].map((due, call) => ({ call, due, late: 0 })),
  );
});

test("after a pause all that was due in it is sent, and told since when it was due", async () => {
  const found = await sent(100, 5, clockWith({ 1: 35 }));
  expect(found.map(({ due, late }) => [due, late])).toEqual([
    [0, 0],
    [10, 25],
    [20, 15],
    [30, 5],
    [40, 0],
  ]);
});

test("an interruption ends it", async () => {
  const controller = new AbortController();
  const found: number[] = [];
  await pace(
    { rps: 10, calls: 100 },
    (call) => {
      found.push(call);
      if (call === 2) controller.abort();
    },
    controller.signal,
    clockWith(),
  );
  expect(found).toEqual([0, 1, 2]);
});
