import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  BreakerOpen,
  createResilience,
  UpstreamFailure,
} from "../../../../servers/guard/resilience/index.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-11-23T12:00:00Z") }));
afterEach(() => void vi.useRealTimers());

const pass = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);
const { signal } = new AbortController();
const once = { repeatable: false, signal };

function start({ failures = 3, openSeconds = 30, attempts = 2, initialMs = 100, maxMs = 2000 } = {}) {
  const pauses: number[] = [];
  const resilience = createResilience(
    { breaker: { failures, openSeconds }, retries: { attempts, initialMs, maxMs, tools: [] } },
    { sleep: async (ms) => void pauses.push(ms) },
  );
  const states: string[] = [];
  resilience.onState((state) => void states.push(state));
  const fail = () =>
    resilience.run(() => Promise.reject(new UpstreamFailure("down")), once).catch((error) => error);
  const succeed = () => resilience.run(async () => "answer", once);
  return { resilience, run: resilience.run, states, pauses, fail, succeed };
}

/** A call that ends when the test says so. */
function held() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  return { send: () => promise, resolve, reject };
}

describe("the breaker", () => {
  it("opens after so many failures in a row, and then sends nothing", async () => {
    const { resilience, run, states, fail, succeed } = start();
    await fail();
    await fail();
    expect(await succeed()).toBe("answer");
    await fail();
    await fail();
    expect(resilience.state).toBe("closed");
    expect(await fail()).toBeInstanceOf(UpstreamFailure);
    expect(resilience.state).toBe("open");
    expect(states).toEqual(["open"]);
    const send = vi.fn();
    await expect(run(send, once)).rejects.toThrow(BreakerOpen);
    expect(send).not.toHaveBeenCalled();
  });

  it("tells how long it stays open, in whole seconds and never none", async () => {
    const { fail } = start({ failures: 1 });
    await fail();
    expect((await fail()).retryAfterSeconds).toBe(30);
    pass(10.5);
    expect((await fail()).retryAfterSeconds).toBe(20);
    pass(19.499);
    expect((await fail()).retryAfterSeconds).toBe(1);
  });

  it("tries a single call when its time is over, and refuses the others meanwhile at once", async () => {
    const { resilience, run, states, fail, succeed } = start({ failures: 1 });
    await fail();
    pass(30);
    const trial = held();
    const tried = run(trial.send, once);
    expect(resilience.state).toBe("half-open");
    const send = vi.fn();
    const others = await Promise.allSettled([run(send, once), run(send, once)]);
    expect(others.map((other) => other.status === "rejected" && other.reason.retryAfterSeconds)).toEqual([
      1, 1,
    ]);
    expect(send).not.toHaveBeenCalled();
    trial.resolve("back");
    expect(await tried).toBe("back");
    expect(await succeed()).toBe("answer");
    expect(states).toEqual(["open", "half-open", "closed"]);
  });

  it("opens for the whole time again when the trial fails", async () => {
    const { states, fail } = start({ failures: 3 });
    for (let i = 0; i < 3; i++) await fail();
    pass(30);
    expect(await fail()).toBeInstanceOf(UpstreamFailure);
    expect(states).toEqual(["open", "half-open", "open"]);
    expect((await fail()).retryAfterSeconds).toBe(30);
  });

  it("learns nothing from a trial whose caller went away: the next call is the trial", async () => {
    const { resilience, run, states, fail, succeed } = start({ failures: 2 });
    await fail();
    await fail();
    pass(30);
    const gone = new Error("gone");
    await expect(run(() => Promise.reject(gone), once)).rejects.toBe(gone);
    expect(resilience.state).toBe("open");
    const trial = held();
    const tried = run(trial.send, once);
    await expect(succeed()).rejects.toThrow(BreakerOpen);
    trial.reject(new UpstreamFailure("still down"));
    await expect(tried).rejects.toThrow(UpstreamFailure);
    expect((await fail()).retryAfterSeconds).toBe(30);
    pass(30);
    await succeed();
    expect(states).toEqual(["open", "half-open", "open", "half-open", "open", "half-open", "closed"]);
  });

  it("starts to count anew after it closed", async () => {
    const { resilience, fail, succeed } = start({ failures: 2 });
    await fail();
    await fail();
    pass(30);
    await succeed();
    await fail();
    expect(resilience.state).toBe("closed");
    await fail();
    expect(resilience.state).toBe("open");
  });

  it("counts neither cancelled calls nor mistakes of its own, and isn't reset by them", async () => {
    const { resilience, run, fail } = start({ failures: 2 });
    await fail();
    for (let i = 0; i < 5; i++) {
      await run(() => Promise.reject(new DOMException("gone", "AbortError")), once).catch(() => {});
    }
    expect(resilience.state).toBe("closed");
    await fail();
    expect(resilience.state).toBe("open");
  });

  it("isn't closed by a call that had begun before it opened", async () => {
    const { resilience, run, fail } = start({ failures: 1 });
    const early = held();
    const begun = run(early.send, once);
    await fail();
    early.resolve("late answer");
    expect(await begun).toBe("late answer");
    expect(resilience.state).toBe("open");
    pass(30);
    const trial = held();
    const tried = run(trial.send, once);
    expect(resilience.state).toBe("half-open");
    trial.resolve("back");
    await tried;
    expect(resilience.state).toBe("closed");
  });

  it("has never more than one call under way once it opened, whatever happens", async () => {
    const step = fc.constantFrom("begin", "answer", "fail", "cancel", "wait");
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 50 }), async (steps) => {
        const { resilience, run, fail } = start({ failures: 1 });
        await fail();
        let trials: ReturnType<typeof held>[] = [];
        for (const action of steps) {
          if (action === "wait") pass(31);
          if (action === "begin" && resilience.state !== "closed") {
            const call = held();
            const begun = vi.fn(call.send);
            void run(begun, once).catch(() => {});
            if (begun.mock.calls.length > 0) trials.push(call);
          }
          expect(trials.length).toBeLessThanOrEqual(1);
          if (["answer", "fail", "cancel"].includes(action) && trials.length > 0) {
            for (const trial of trials) {
              if (action === "answer") trial.resolve("");
              else trial.reject(action === "fail" ? new UpstreamFailure("down") : new Error("gone"));
            }
            trials = [];
            await settled();
            expect(resilience.state).toBe(action === "answer" ? "closed" : "open");
            if (action === "answer") await fail();
          }
        }
      }),
    );
  });
});

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("a failed call", () => {
  it("that may be repeated is, after pauses that differ", async () => {
    const { run, pauses } = start({ attempts: 5, failures: 100 });
    const onRetry = vi.fn();
    const send = vi.fn(() => Promise.reject(new UpstreamFailure("down")));
    await expect(run(send, { repeatable: true, signal, onRetry })).rejects.toThrow("down");
    expect(send).toHaveBeenCalledTimes(6);
    expect(onRetry).toHaveBeenCalledTimes(5);
    expect(pauses).toHaveLength(5);
    expect(new Set(pauses).size).toBe(5);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(2000);
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(0);
  });

  it("is answered by the first attempt that works", async () => {
    const { run, states } = start({ failures: 3 });
    const send = vi.fn(async () => "answer").mockRejectedValueOnce(new UpstreamFailure("1"));
    send.mockRejectedValueOnce(new UpstreamFailure("2"));
    expect(await run(send, { repeatable: true, signal })).toBe("answer");
    expect(send).toHaveBeenCalledTimes(3);
    expect(states).toEqual([]);
  });

  it.each([
    ["mustn't be repeated", { attempts: 2 }, false, new UpstreamFailure("down")],
    ["failed for another reason", { attempts: 2 }, true, new Error("mistake")],
    ["has no repetitions in the settings", { attempts: 0 }, true, new UpstreamFailure("down")],
    ["opened the breaker", { attempts: 2, failures: 1 }, true, new UpstreamFailure("down")],
  ])("that %s is sent once", async (_why, settings, repeatable, error) => {
    const { run } = start(settings);
    const send = vi.fn(() => Promise.reject(error));
    await expect(run(send, { repeatable, signal })).rejects.toBe(error);
    expect(send).toHaveBeenCalledTimes(1);
  });

  it("pauses no longer than the settings say, whatever the jitter", async () => {
    const settings = fc.record({
      initialMs: fc.integer({ min: 1, max: 60_000 }),
      maxMs: fc.integer({ min: 1, max: 60_000 }),
    });
    await fc.assert(
      fc.asyncProperty(settings, async ({ initialMs, maxMs }) => {
        const { run, pauses } = start({ attempts: 10, failures: 100, initialMs, maxMs });
        await run(() => Promise.reject(new UpstreamFailure("down")), { repeatable: true, signal }).catch(
          () => {},
        );
        expect(pauses).toHaveLength(10);
        expect(pauses.every((ms) => ms >= 0 && ms <= maxMs)).toBe(true);
      }),
    );
  });
});

describe("a call whose caller goes away", () => {
  it("isn't sent any more", async () => {
    const { run } = start();
    const send = vi.fn();
    const reason = new Error("gone");
    await expect(run(send, { repeatable: true, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(send).not.toHaveBeenCalled();
  });

  it("isn't repeated when the attempt under way fails", async () => {
    const { run } = start();
    const controller = new AbortController();
    const failure = new UpstreamFailure("closed");
    const send = vi.fn(async () => {
      controller.abort(new Error("gone"));
      throw failure;
    });
    await expect(run(send, { repeatable: true, signal: controller.signal })).rejects.toBe(failure);
    expect(send).toHaveBeenCalledTimes(1);
  });

  it("is let go from a pause between attempts at once", async () => {
    // The real pause: it would last for a minute.
    const resilience = createResilience({
      breaker: { failures: 9, openSeconds: 30 },
      retries: { attempts: 1, initialMs: 60_000, maxMs: 60_000, tools: [] },
    });
    const controller = new AbortController();
    const reason = new Error("gone");
    const send = vi.fn(() => Promise.reject(new UpstreamFailure("down")));
    const running = resilience.run(send, { repeatable: true, signal: controller.signal });
    await settled();
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
    expect(send).toHaveBeenCalledTimes(1);
  });
});
