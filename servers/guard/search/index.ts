import type { Config } from "../config.ts";
import { engineName } from "./engines.ts";
import { type Judgement, judge } from "./judge.ts";

export type { Judgement } from "./judge.ts";

/** What the guard knows about a search tool: which engines it may ask, and whether they answered. */
export interface Search {
  /** The tool's name. */
  readonly tool: string;
  /**
   * The engines a call asks for, in plain spelling and each once; the first allowed one if it names none,
   * because that is how many the search server asks by itself. Or why the call is refused, in words for the
   * caller.
   */
  requested(args: unknown): { engines: string[] } | { refusal: string };
  /** The same arguments with these engines, which the search server then can't choose otherwise. */
  withEngines(args: unknown, engines: readonly string[]): unknown;
  /** What a result says about the engines. */
  judge(result: unknown): Judgement;
  /** The next allowed engine that wasn't tried, if falling back is on and there is one. */
  next(tried: readonly string[]): string | undefined;
}

export function createSearch(settings: Config["search"]): Search | undefined {
  if (settings === undefined) return undefined;
  const { tool, enginesArgument, fallback } = settings;
  const allowed = [...new Set(settings.engines.map(engineName))];
  const list = allowed.join(", ");

  return {
    tool,
    requested(args) {
      const value = isObject(args) ? args[enginesArgument] : undefined;
      if (value === undefined) return { engines: allowed.slice(0, 1) };
      if (!Array.isArray(value) || value.length === 0 || !value.every((item) => typeof item === "string")) {
        return { refusal: `${enginesArgument} must be a list of engines out of: ${list}` };
      }
      const engines = [...new Set(value.map(engineName))];
      const refused = engines.filter((engine) => !allowed.includes(engine));
      if (refused.length === 0) return { engines };
      const named = refused.map((engine) => JSON.stringify(engine.slice(0, 40)));
      return {
        refusal: `${enginesArgument}: ${named.slice(0, 5).join(", ")} not allowed; allowed are: ${list}`,
      };
    },
    withEngines: (args, engines) => ({ ...(isObject(args) ? args : {}), [enginesArgument]: [...engines] }),
    judge,
    next(tried) {
      const names = tried.map(engineName);
      return fallback ? allowed.find((engine) => !names.includes(engine)) : undefined;
    },
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
