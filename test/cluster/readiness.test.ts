import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type ReadinessProbe, readinessProbe, watchReadiness } from "../../rehearsal/cluster/readiness.ts";

const probe: ReadinessProbe = {
  path: "/readyz",
  port: 1,
  timeoutMs: 1000,
  periodMs: 10_000,
  failureThreshold: 3,
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("a probe's port is the one that the program has here, by number or by name", () => {
  const local = (port: number | string) => ({ 8081: 50_001, health: 50_002 })[port];
  const httpGet = { path: "/readyz", port: 8081 };
  expect(readinessProbe({ httpGet }, local)).toEqual({ ...probe, port: 50_001 });
  const named = { httpGet: { port: "health" }, periodSeconds: 2, timeoutSeconds: 3, failureThreshold: 1 };
  expect(readinessProbe(named, local)).toEqual({
    path: "/",
    port: 50_002,
    timeoutMs: 3000,
    periodMs: 2000,
    failureThreshold: 1,
  });
  expect(readinessProbe(undefined, local)).toBeUndefined();
});

test("who fails is asked often, who is ready is asked at the probe's period", async () => {
  const answers = [false, false, true, true];
  const ask = vi.fn(async () => answers.shift() ?? true);
  const told: boolean[] = [];
  const stop = watchReadiness(probe, (ready) => told.push(ready), ask);
  await vi.advanceTimersByTimeAsync(500);
  expect(ask).toHaveBeenCalledTimes(3);
  expect(told).toEqual([true]);
  await vi.advanceTimersByTimeAsync(9_999);
  expect(ask).toHaveBeenCalledTimes(3);
  await vi.advanceTimersByTimeAsync(1);
  expect(ask).toHaveBeenCalledTimes(4);
  stop();
});

test("only as many failures in a row as the probe allows make it unready", async () => {
  const answers = [true, false, false, true, false, false, false];
  const told: boolean[] = [];
  const stop = watchReadiness(
    probe,
    (ready) => told.push(ready),
    async () => answers.shift() ?? false,
  );
  await vi.advanceTimersByTimeAsync(50_000);
  expect(told).toEqual([true]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(told).toEqual([true, false]);
  stop();
});

test("an answer that comes after the end is not told", async () => {
  let answer = (_ready: boolean) => {};
  const told: boolean[] = [];
  const stop = watchReadiness(
    probe,
    (ready) => told.push(ready),
    () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  );
  stop();
  answer(true);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(told).toEqual([]);
});
