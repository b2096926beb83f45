import { z } from "zod";
import { engineName } from "./engines.ts";

/**
 * Why an engine failed. "silent": it found nothing, and is known to hide its failures; "unavailable": it isn't reached,
 * or says 5xx.
 */
export const failureReasons = [
  "rate-limited",
  "blocked",
  "timeout",
  "unavailable",
  "silent",
  "other",
] as const;

export type FailureReason = (typeof failureReasons)[number];

/** What a result of a search tool says about the engines. */
export interface Judgement {
  /**
   * The engines that failed, or gave nothing and are known to hide failures; empty for an error that names
   * none.
   */
  failedEngines: string[];
  /** Why it did, for one that failed. */
  reasonOf: (engine: string) => FailureReason;
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
  partialFailures: z
    .array(
      z.object({
        engine: z.string(),
        code: z.string().optional().catch(undefined),
        message: z.string().optional().catch(undefined),
      }),
    )
    .default([]),
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

/**
 * How the search server's codes and messages, which are those of its HTTP client and of the engines' pages, tell why.
 * The first that matches counts: a page that says "too many requests" may come with 403.
 */
const signs: readonly [FailureReason, RegExp][] = [
  ["rate-limited", /\b429\b|too many requests|rate.?limit/i],
  ["blocked", /\b(401|403|451)\b|captcha|challenge|robot|unusual traffic|blocked|forbidden|denied/i],
  ["timeout", /ETIMEDOUT|ECONNABORTED|time(d|\s)?[-\s]?out/i],
  ["unavailable", /\b5\d\d\b|ENOTFOUND|EAI_AGAIN|ECONN|EPIPE|EHOSTUNREACH|socket hang up|network/i],
];

/** Only the beginning of a message is read, because an engine's page may be in it. */
const reasonIn = (text: string): FailureReason =>
  signs.find(([, sign]) => sign.test(text.slice(0, 500)))?.[0] ?? "other";

/** Nothing that is known to be a failure. */
const GOOD: Judgement = {
  failedEngines: [],
  reasonOf: () => "other",
  resultCount: undefined,
  failed: false,
  hidden: false,
};

export function judge(value: unknown): Judgement {
  const parsed = result.safeParse(value);
  if (!parsed.success) return GOOD;
  const { isError, content, structuredContent } = parsed.data;
  const texts = content.flatMap(({ type, text }) => (type === "text" && text !== undefined ? [text] : []));
  if (isError) {
    return {
      failedEngines: [],
      reasonOf: () => reasonIn(texts.join(" ")),
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
    const reasons = new Map(
      partialFailures.map(({ engine, code = "", message = "" }) => [
        engineName(engine),
        reasonIn(`${code} ${message}`),
      ]),
    );
    const reasonOf = (engine: string) => reasons.get(engine) ?? "silent";
    return {
      failedEngines,
      reasonOf,
      resultCount: results.length,
      failed,
      hidden: failed && named.length === 0,
    };
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
