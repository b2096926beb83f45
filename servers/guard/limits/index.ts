import type { Caller } from "../caller.ts";
import type { Config } from "../config.ts";
import { engineName } from "../search/engines.ts";
import { type Budget, createBudget } from "./budget.ts";

export const limitKinds = ["caller", "tool", "engine", "concurrency"] as const;

/** A limit that a call ran into. */
export interface LimitHit {
  limit: (typeof limitKinds)[number];
  /** Whole seconds after which the same call fits, if nobody else calls meanwhile; at least 1. */
  retryAfterSeconds: number;
  /** The limit in words, fit for the answer. */
  detail: string;
}

/** The budgets of this process: with several pods each has its own, so the sum is what a caller can use. */
export interface Limits {
  /**
   * Takes a call from every budget it counts against, or from none: the hit tells the one with the longest
   * wait. Windows are fixed: the first call starts one, and a new one starts full.
   */
  take(call: { caller: Caller; tool: string; engines: readonly string[] }): Promise<LimitHit | undefined>;
  /** Takes from the budgets of engines alone, for a call that falls back to another engine. */
  takeEngines(engines: readonly string[]): Promise<LimitHit | undefined>;
  /**
   * Begins a call: the function that ends it, which may be called twice, or the hit when too many are
   * running.
   */
  enter(): (() => void) | LimitHit;
}

interface Use {
  budget: Budget;
  key: string;
}

export function createLimits(settings: Config["limits"]): Limits {
  const perCaller = createBudget("caller", "of all tools", settings.caller);
  // Maps, because a tool may well be called "constructor"; and only tools with a limit make for keys, because
  // callers can think up names of tools without end.
  const perTool = new Map(
    Object.entries(settings.tools).map(([tool, rate]) => [tool, createBudget("tool", `of ${tool}`, rate)]),
  );
  const perEngine = new Map(
    Object.entries(settings.engines).map(([engine, rate]) => [
      engineName(engine),
      createBudget("engine", `to ${engine} by all callers`, rate),
    ]),
  );
  const usesOf = (engines: readonly string[]): Use[] =>
    [...new Set(engines.map(engineName))].flatMap((engine) => {
      const budget = perEngine.get(engine);
      return budget ? [{ budget, key: "" }] : [];
    });

  let running = 0;
  let last: Promise<unknown> = Promise.resolve();
  // One at a time, because looking and taking are two steps of the library: nothing here waits for anything,
  // so a turn lasts microseconds.
  const inTurn = (uses: Use[]): Promise<LimitHit | undefined> => {
    const turn = last.then(() => takeAll(uses));
    last = turn.catch(() => {});
    return turn;
  };

  return {
    take({ caller, tool, engines }) {
      const ofTool = perTool.get(tool);
      const uses: Use[] = [{ budget: perCaller, key: caller.subject }];
      if (ofTool) uses.push({ budget: ofTool, key: caller.subject });
      return inTurn([...uses, ...usesOf(engines)]);
    },
    takeEngines: (engines) => inTurn(usesOf(engines)),
    enter() {
      if (running >= settings.concurrency) {
        const detail = `${settings.concurrency} calls are running, more than that is not allowed`;
        return { limit: "concurrency", retryAfterSeconds: 1, detail };
      }
      running += 1;
      let ended = false;
      return () => {
        if (!ended) running -= 1;
        ended = true;
      };
    },
  };
}

async function takeAll(uses: readonly Use[]): Promise<LimitHit | undefined> {
  const hits = await Promise.all(uses.map(({ budget, key }) => budget.look(key)));
  const longest = hits
    .filter((hit) => hit !== undefined)
    .reduce<LimitHit | undefined>(
      (a, b) => (a && a.retryAfterSeconds >= b.retryAfterSeconds ? a : b),
      undefined,
    );
  if (longest) return longest;
  await Promise.all(uses.map(({ budget, key }) => budget.take(key)));
  return undefined;
}
