import { setTimeout as sleep } from "node:timers/promises";

/** When calls are due. */
export interface Pace {
  /** Calls a second. */
  rps: number;
  /** How many in all. */
  calls: number;
}

/** A clock in milliseconds, and a way to wait. */
export interface Clock {
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: async (ms, signal) => {
    await sleep(ms, undefined, { signal }).catch(() => {});
  },
};

/**
 * Begins each call when it is due, whether or not earlier ones were answered, as callers do that know nothing of
 * each other. What could not begin in time, because this process was busy, begins at once, and is told when it was
 * due: a caller waits from then on, so a pause of the server is in the times of all the calls that were due in it.
 *
 * @param send gets the number of the call, and the time at which it is due
 * @returns when the first call was due
 */
export async function pace(
  { rps, calls }: Pace,
  send: (call: number, dueMs: number) => void,
  signal: AbortSignal,
  clock: Clock = systemClock,
): Promise<number> {
  const start = clock.now();
  const due = (call: number) => start + (call * 1000) / rps;
  for (let call = 0; call < calls && !signal.aborted; ) {
    const now = clock.now();
    for (; call < calls && due(call) <= now; call += 1) send(call, due(call));
    if (call < calls) await clock.sleep(Math.max(0, due(call) - clock.now()), signal);
  }
  return start;
}
