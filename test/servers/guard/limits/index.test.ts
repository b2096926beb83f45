import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createLimits, type LimitHit } from "../../../../servers/guard/limits/index.ts";

beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-11-23T12:00:00Z") }));
afterEach(() => void vi.useRealTimers());

const alice = { subject: "alice", roles: [] };
const bob = { subject: "bob", roles: [] };

type Rate = { calls: number; seconds: number };
const plenty: Rate = { calls: 1_000_000, seconds: 60 };

function limits(settings: {
  caller?: Rate;
  tools?: Record<string, Rate>;
  engines?: Record<string, Rate>;
  concurrency?: number;
}) {
  const rest = { bodyBytes: 1024, requestSeconds: 1, callSeconds: 1, sessions: 1, sessionIdleSeconds: 1 };
  return createLimits({ caller: plenty, tools: {}, engines: {}, concurrency: 1, ...rest, ...settings });
}

const call = (caller = alice, tool = "search", engines: string[] = []) => ({ caller, tool, engines });

describe("the budget of a caller", () => {
  it("is the caller's own, over all tools, and tells when it is full again", async () => {
    const { take } = limits({ caller: { calls: 2, seconds: 60 } });
    expect(await take(call(alice, "a"))).toBeUndefined();
    vi.advanceTimersByTime(10_500);
    expect(await take(call(alice, "b"))).toBeUndefined();
    expect(await take(call(alice, "c"))).toEqual({
      limit: "caller",
      retryAfterSeconds: 50,
      detail: "2 calls of all tools in 60 seconds are used up",
    });
    expect(await take(call(bob))).toBeUndefined();
    vi.advanceTimersByTime(49_500);
    expect(await take(call())).toBeUndefined();
  });

  it("never lets a caller wait for no time at all", async () => {
    const { take } = limits({ caller: { calls: 1, seconds: 60 } });
    await take(call());
    vi.advanceTimersByTime(59_999);
    expect((await take(call()))?.retryAfterSeconds).toBe(1);
  });

  it("isn't used by calls that are refused, so they don't make the wait longer", async () => {
    const { take } = limits({ caller: { calls: 1, seconds: 10 } });
    await take(call());
    for (let i = 0; i < 9; i++) {
      vi.advanceTimersByTime(1000);
      expect((await take(call()))?.retryAfterSeconds).toBe(9 - i);
    }
    vi.advanceTimersByTime(1000);
    expect(await take(call())).toBeUndefined();
  });
});

describe("the budget of a tool", () => {
  it("is of each caller, and refuses without using the caller's other budget", async () => {
    const { take } = limits({
      caller: { calls: 3, seconds: 60 },
      tools: { search: { calls: 1, seconds: 60 } },
    });
    expect(await take(call())).toBeUndefined();
    for (let i = 0; i < 5; i++) expect((await take(call()))?.limit).toBe("tool");
    expect(await take(call(bob))).toBeUndefined();
    expect(await take(call(alice, "fetch"))).toBeUndefined();
    expect(await take(call(alice, "fetch"))).toBeUndefined();
    expect((await take(call(alice, "fetch")))?.limit).toBe("caller");
  });

  it("isn't made up by a tool's odd name", async () => {
    const { take } = limits({ tools: { search: { calls: 1, seconds: 60 } } });
    for (const tool of ["constructor", "__proto__", "toString", "", "search "]) {
      expect(await take(call(alice, tool))).toBeUndefined();
      expect(await take(call(alice, tool))).toBeUndefined();
    }
  });
});

describe("the budget of an engine", () => {
  const engines = { bing: { calls: 2, seconds: 60 }, "hacker-news": { calls: 1, seconds: 30 } };

  it("is of all callers together, in any spelling, once a call", async () => {
    const { take } = limits({ engines });
    expect(await take(call(alice, "search", ["bing", "Bing", "bing"]))).toBeUndefined();
    expect(await take(call(bob, "search", [" BING "]))).toBeUndefined();
    expect(await take(call(bob, "search", ["bing"]))).toEqual({
      limit: "engine",
      retryAfterSeconds: 60,
      detail: "2 calls to bing by all callers in 60 seconds are used up",
    });
    expect(await take(call(bob, "search", ["duckduckgo"]))).toBeUndefined();
  });

  it("refuses a call to several engines as a whole, and tells the longest wait", async () => {
    const { take, takeEngines } = limits({ engines });
    await takeEngines(["bing", "hackernews"]);
    expect((await take(call(alice, "search", ["bing", "hn"])))?.retryAfterSeconds).toBe(30);
    expect(await takeEngines(["bing"])).toBeUndefined();
    expect((await take(call(alice, "search", ["hn", "bing"])))?.detail).toContain("bing");
  });

  it("alone counts for a call that falls back", async () => {
    const { take, takeEngines } = limits({ caller: { calls: 1, seconds: 60 }, engines });
    await take(call(alice, "search", ["bing"]));
    expect(await takeEngines(["hackernews"])).toBeUndefined();
    expect((await takeEngines(["hackernews"]))?.limit).toBe("engine");
    expect(await takeEngines(["unknown"])).toBeUndefined();
    expect(await takeEngines([])).toBeUndefined();
  });
});

describe("all budgets together", () => {
  const rate = fc.record({ calls: fc.integer({ min: 1, max: 4 }), seconds: fc.integer({ min: 1, max: 9 }) });
  const anyCall = fc.record({
    caller: fc.constantFrom(alice, bob),
    tool: fc.constantFrom("search", "fetch", "other"),
    engines: fc.subarray(["bing", "exa", "brave"]),
  });
  const step = fc.oneof(
    { weight: 4, arbitrary: anyCall },
    { weight: 1, arbitrary: fc.integer({ min: 100, max: 4000 }) },
  );

  it("let through exactly what each of them has left, in whatever order calls come", async () => {
    await fc.assert(
      fc.asyncProperty(
        rate,
        rate,
        rate,
        fc.array(step, { maxLength: 40 }),
        async (caller, search, bing, steps) => {
          const { take } = limits({ caller, tools: { search }, engines: { bing } });
          const model = new FixedWindows();
          for (const item of steps) {
            if (typeof item === "number") {
              vi.advanceTimersByTime(item);
              continue;
            }
            const uses: [key: string, rate: Rate][] = [[`caller ${item.caller.subject}`, caller]];
            if (item.tool === "search") uses.push([`tool ${item.caller.subject}`, search]);
            if (item.engines.includes("bing")) uses.push(["engine", bing]);
            expect((await take(item))?.retryAfterSeconds).toBe(model.take(uses));
          }
        },
      ),
    );
  });

  it("aren't overdrawn by calls that come at once", async () => {
    await fc.assert(
      fc.asyncProperty(rate, rate, fc.array(anyCall, { maxLength: 30 }), async (caller, bing, calls) => {
        const { take } = limits({ caller, engines: { bing } });
        const model = new FixedWindows();
        const expected = calls.map((item) => {
          const uses: [string, Rate][] = [[item.caller.subject, caller]];
          if (item.engines.includes("bing")) uses.push(["engine", bing]);
          return model.take(uses);
        });
        const hits = await Promise.all(calls.map((item) => take(item)));
        expect(hits.map((hit) => hit?.retryAfterSeconds)).toEqual(expected);
      }),
    );
  });
});

/** What the limits should do, written as plainly as can be. */
class FixedWindows {
  readonly #windows = new Map<string, { used: number; endsAt: number }>();

  take(uses: [key: string, rate: Rate][]): number | undefined {
    const open = uses.map(([key, rate]) => {
      const window = this.#windows.get(key);
      const current = window && window.endsAt > Date.now() ? window : undefined;
      return { rate, key, ...(current ?? { used: 0, endsAt: Date.now() + rate.seconds * 1000 }) };
    });
    const full = open.filter(({ used, rate }) => used >= rate.calls);
    if (full.length > 0)
      return Math.max(...full.map(({ endsAt }) => Math.ceil((endsAt - Date.now()) / 1000)));
    for (const { key, used, endsAt } of open) this.#windows.set(key, { used: used + 1, endsAt });
    return undefined;
  }
}

describe("the number of calls at once", () => {
  const isHit = (entered: (() => void) | LimitHit): entered is LimitHit => typeof entered !== "function";

  it("is capped, and a call that ends makes room for one, however often it ends", () => {
    const { enter } = limits({ concurrency: 2 });
    const [first, second] = [enter(), enter()];
    const refused = enter();
    expect(refused).toMatchObject({ limit: "concurrency", retryAfterSeconds: 1 });
    if (isHit(first) || isHit(second)) throw new Error("there was room");
    first();
    first();
    expect(isHit(enter())).toBe(false);
    expect(isHit(enter())).toBe(true);
    second();
    expect(isHit(enter())).toBe(false);
  });

  it("is never exceeded and never leaks", () => {
    const leaves = fc.array(fc.option(fc.nat({ max: 9 }), { nil: undefined }), { maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), leaves, (concurrency, steps) => {
        const { enter } = limits({ concurrency });
        const running: (() => void)[] = [];
        for (const leave of steps) {
          if (leave !== undefined) {
            running.splice(leave, 1)[0]?.();
            continue;
          }
          const entered = enter();
          expect(isHit(entered)).toBe(running.length >= concurrency);
          if (!isHit(entered)) running.push(entered);
        }
      }),
    );
  });
});
