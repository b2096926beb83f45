import { EventEmitter } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { keepWatching, type Watched } from "../../rehearsal/cluster/watch.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** An informer whose starts go as they are told to. */
class FakeInformer extends EventEmitter implements Watched {
  starts: (() => Promise<void>)[] = [];
  started = 0;
  stopped = 0;

  start(): Promise<void> {
    this.started += 1;
    return this.starts.shift()?.() ?? Promise.resolve();
  }

  async stop(): Promise<void> {
    this.stopped += 1;
  }
}

const refused = () => Promise.reject(new Error("connection refused"));

test("a watch that ended is started again, and once more when that fails", async () => {
  const informer = new FakeInformer();
  informer.starts = [() => Promise.resolve(), refused, () => Promise.resolve()];
  const errors: unknown[] = [];
  await keepWatching(informer, (error) => errors.push(String(error)), 500);
  informer.emit("error", "ended");
  await vi.advanceTimersByTimeAsync(499);
  expect(informer.started).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(informer.started).toBe(2);
  await vi.advanceTimersByTimeAsync(500);
  expect(informer.started).toBe(3);
  expect(errors).toEqual(["ended", "Error: connection refused"]);
});

test("it is not started again after it was stopped, however it ended", async () => {
  const informer = new FakeInformer();
  const stop = await keepWatching(informer, () => undefined, 500);
  informer.emit("error", "ended");
  await stop();
  informer.emit("error", "aborted");
  await vi.advanceTimersByTimeAsync(10_000);
  expect([informer.started, informer.stopped]).toEqual([1, 1]);
});

test("a start that is under way is waited for: its watch would outlive the stop", async () => {
  const informer = new FakeInformer();
  let listed = () => {};
  informer.starts = [
    () => Promise.resolve(),
    () =>
      new Promise<void>((resolve) => {
        listed = resolve;
      }),
  ];
  const stop = await keepWatching(informer, () => undefined, 500);
  informer.emit("error", "ended");
  await vi.advanceTimersByTimeAsync(500);
  const stopping = stop();
  await vi.advanceTimersByTimeAsync(0);
  expect(informer.stopped).toBe(0);
  listed();
  await stopping;
  expect(informer.stopped).toBe(1);
});

test("a first start that fails is the caller's to tell", async () => {
  const informer = new FakeInformer();
  informer.starts = [refused];
  await expect(keepWatching(informer, () => undefined)).rejects.toThrow("connection refused");
});
