import { z } from "zod";
import { engineName } from "./engines.ts";

/** What a result of a search tool says about the engines. */
export interface Judgement {
  /**
   * The engines that failed, or gave nothing and are known to hide failures; empty for an error that names
   * none.
   */
  failedEngines: string[];
  /** How many results there are; undefined if the result isn't one of a search. */
  resultCount: number | undefined;
  /** Whether another engine should be asked: no result at all, and an engine that failed. */
  failed: boolean;
  /** Whether it failed without saying so: its reader would take it for a search that found nothing. */
  hidden: boolean;
}

/**
 * The text of a search result: JSON with the results and, beside them, what went wrong by engine; an engine
 * that fails makes no error of the whole (open-webSearch src/tools/setupTools.ts and
 * src/core/search/searchService.ts, v2.1.11).
 */
const answer = z.object({
  engines: z.array(z.string()).default([]),
  results: z.array(z.unknown()),
  partialFailures: z.array(z.object({ engine: z.string() })).default([]),
});

const result = z.object({
  isError: z.boolean().optional(),
  content: z.array(z.object({ type: z.string(), text: z.string().optional() })).default([]),
  structuredContent: z.unknown().optional(),
});

/**
 * Engines whose failures the search server logs but doesn't tell: a network error and a page that asks
 * whether one is a robot both look like a search without results (open-webSearch
 * src/engines/{duckduckgo,exa,juejin, linuxdo}, v2.1.11; seen with no network for duckduckgo).
 */
const silent = new Set(["duckduckgo", "exa", "juejin", "linuxdo"]);

/** Errors that every engine would give again, because they are about the arguments. */
const ofArguments = /input validation error|query string cannot be empty/i;

/** Nothing that is known to be a failure. */
const GOOD: Judgement = { failedEngines: [], resultCount: undefined, failed: false, hidden: false };

export function judge(value: unknown): Judgement {
  const parsed = result.safeParse(value);
  if (!parsed.success) return GOOD;
  const { isError, content, structuredContent } = parsed.data;
  const texts = content.flatMap(({ type, text }) => (type === "text" && text !== undefined ? [text] : []));
  if (isError) {
    return {
      failedEngines: [],
      resultCount: undefined,
      failed: !texts.some((text) => ofArguments.test(text)),
      hidden: false,
    };
  }
  for (const candidate of [structuredContent, ...texts.map(json)]) {
    const found = answer.safeParse(candidate);
    if (!found.success) continue;
    const { engines, results, partialFailures } = found.data;
    const named = partialFailures.map(({ engine }) => engineName(engine));
    const suspect = results.length > 0 ? [] : engines.map(engineName).filter((engine) => silent.has(engine));
    const failedEngines = [...new Set([...named, ...suspect])];
    const failed = results.length === 0 && failedEngines.length > 0;
    return { failedEngines, resultCount: results.length, failed, hidden: failed && named.length === 0 };
  }
  return GOOD;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
