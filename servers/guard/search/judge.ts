import { z } from "zod";
import { engineName } from "./engines.ts";

/** What a result of a search tool says about the engines. */
export interface Judgement {
  /** The engines that the result itself names as failed; empty for an error that names none. */
  failedEngines: string[];
  /** How many results there are; undefined if the result isn't one of a search. */
  resultCount: number | undefined;
  /** Whether another engine should be asked: no result at all, and an engine that failed. */
  failed: boolean;
}

/**
 * The text of a search result: JSON with the results and, beside them, what went wrong by engine; an engine that
 * fails makes no error of the whole (open-webSearch src/tools/setupTools.ts and src/core/search/searchService.ts,
 * v2.1.11).
 */
const answer = z.object({
  results: z.array(z.unknown()),
  partialFailures: z.array(z.object({ engine: z.string() })).default([]),
});

const result = z.object({
  isError: z.boolean().optional(),
  content: z.array(z.object({ type: z.string(), text: z.string().optional() })).default([]),
  structuredContent: z.unknown().optional(),
});

/** Errors that every engine would give again, because they are about the arguments. */
const ofArguments = /input validation error|query string cannot be empty/i;

export function judge(value: unknown): Judgement {
  const parsed = result.safeParse(value);
  if (!parsed.success) return { failedEngines: [], resultCount: undefined, failed: false };
  const { isError, content, structuredContent } = parsed.data;
  const texts = content.flatMap(({ type, text }) => (type === "text" && text !== undefined ? [text] : []));
  if (isError) {
    return {
      failedEngines: [],
      resultCount: undefined,
      failed: !texts.some((text) => ofArguments.test(text)),
    };
  }
  for (const candidate of [structuredContent, ...texts.map(json)]) {
    const found = answer.safeParse(candidate);
    if (!found.success) continue;
    const failedEngines = [...new Set(found.data.partialFailures.map(({ engine }) => engineName(engine)))];
    const resultCount = found.data.results.length;
    return { failedEngines, resultCount, failed: resultCount === 0 && failedEngines.length > 0 };
  }
  return { failedEngines: [], resultCount: undefined, failed: false };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
