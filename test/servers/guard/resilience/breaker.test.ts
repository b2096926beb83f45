import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createBreaker } from "../../../../servers/guard/resilience/breaker.ts";
import { BreakerOpen, UpstreamFailure } from "../../../../servers/guard/resilience/index.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-11-23T12:00:00Z") }));
afterEach(() => void vi.useRealTimers());

const pass = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);
const settled = () => new Promise((resolve) => setImmediate(resolve));

function start({ failures = 3, openSeconds = 30 } = {}) {
  const breaker = createBreaker({ failures, openSeconds });
  const states: string[] = [];
  breaker.onState((state) => void states.push(state));
  const fail = () => breaker.run(() => Promise.reject(new UpstreamFailure("down"))).catch((error) => error);
  const succeed = () => breaker.run(async () => "answer");
  return { breaker, run: breaker.run, states, fail, succeed };
}

/** A call that ends when the test says so. */
function held() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  return { send: () => promise, resolve, reject };
}

describe("the breaker", () => {
  it("opens after so many failures in a row, and then sends nothing", async () => {
    const { breaker, run, states, fail, succeed } = start();
    await fail();
    await fail();
    expect(await succeed()).toBe("answer");
    await fail();
    await fail();
    expect(breaker.state).toBe("closed");
    expect(await fail()).toBeInstanceOf(UpstreamFailure);
    expect(breaker.state).toBe("open");
    expect(states).toEqual(["open"]);
    const send = vi.fn();
    await expect(run(send)).rejects.toThrow(BreakerOpen);
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
    const { breaker, run, states, fail, succeed } = start({ failures: 1 });
    await fail();
    pass(30);
    const trial = held();
    const tried = run(trial.send);
    expect(breaker.state).toBe("half-open");
    const send = vi.fn();
    const others = await Promise.allSettled([run(send), run(send)]);
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
    const { breaker, run, states, fail, succeed } = start({ failures: 2 });
    await fail();
    await fail();
    pass(30);
    const gone = new Error("gone");
    await expect(run(() => Promise.reject(gone))).rejects.toBe(gone);
    expect(breaker.state).toBe("open");
    const trial = held();
    const tried = run(trial.send);
    await expect(succeed()).rejects.toThrow(BreakerOpen);
    trial.reject(new UpstreamFailure("still down"));
    await expect(tried).rejects.toThrow(UpstreamFailure);
    expect((await fail()).retryAfterSeconds).toBe(30);
    pass(30);
    await succeed();
    expect(states).toEqual(["open", "half-open", "open", "half-open", "open", "half-open", "closed"]);
  });

  it("starts to count anew after it closed", async () => {
    const { breaker, fail, succeed } = start({ failures: 2 });
    await fail();
    await fail();
    pass(30);
    await succeed();
    await fail();
    expect(breaker.state).toBe("closed");
    await fail();
    expect(breaker.state).toBe("open");
  });

  it("counts neither cancelled calls nor mistakes of its own, and isn't reset by them", async () => {
    const { breaker, run, fail } = start({ failures: 2 });
    await fail();
    for (let i = 0; i < 5; i++) {
      await run(() => Promise.reject(new DOMException("gone", "AbortError"))).catch(() => {});
    }
    expect(breaker.state).toBe("closed");
    await fail();
    expect(breaker.state).toBe("open");
  });

  it("isn't closed by a call that had begun before it opened", async () => {
    const { breaker, run, fail } = start({ failures: 1 });
    const early = held();
    const begun = run(early.send);
    await fail();
    early.resolve("late answer");
    expect(await begun).toBe("late answer");
    expect(breaker.state).toBe("open");
    pass(30);
    const trial = held();
    const tried = run(trial.send);
    expect(breaker.state).toBe("half-open");
    trial.resolve("back");
    await tried;
    expect(breaker.state).toBe("closed");
  });

  it("has never more than one call under way once it opened, whatever happens", async () => {
    const step = fc.constantFrom("begin", "answer", "fail", "cancel", "wait");
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 50 }), async (steps) => {
        const { breaker, run, fail } = start({ failures: 1 });
        await fail();
        let trials: ReturnType<typeof held>[] = [];
        for (const action of steps) {
          if (action === "wait") pass(31);
          if (action === "begin" && breaker.state !== "closed") {
            const call = held();
            const begun = vi.fn(call.send);
            void run(begun).catch(() => {});
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
            expect(breaker.state).toBe(action === "answer" ? "closed" : "open");
            if (action === "answer") await fail();
          }
        }
      }),
    );
  });
});
