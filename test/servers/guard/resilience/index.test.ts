import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { createResilience, UpstreamFailure } from "../../../../servers/guard/resilience/index.ts";

const { signal } = new AbortController();

function start({ failures = 3, attempts = 2, initialMs = 100, maxMs = 2000 } = {}) {
  const pauses: number[] = [];
  const resilience = createResilience(
    { breaker: { failures, openSeconds: 30 }, retries: { attempts, initialMs, maxMs, tools: [] } },
    { sleep: async (ms) => void pauses.push(ms) },
  );
  const states: string[] = [];
  resilience.onState((state) => void states.push(state));
  return { resilience, run: resilience.run, states, pauses };
}

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

  it("counts with each of its attempts for the breaker, whose state can be watched", async () => {
    const { resilience, run, states } = start({ failures: 3, attempts: 2 });
    expect(resilience.state).toBe("closed");
    await run(() => Promise.reject(new UpstreamFailure("down")), { repeatable: true, signal }).catch(
      () => {},
    );
    expect(resilience.state).toBe("open");
    expect(states).toEqual(["open"]);
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
