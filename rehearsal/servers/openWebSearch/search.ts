import type { SearchEngine } from "../../../components/openWebSearch/engines.ts";
import { DOCUMENTS, type WebDocument } from "./documents.ts";

/** One result, with the keys that upstream's have. Source: src/types.ts. */
export interface SearchResult {
  title: string;
  url: string;
  description: string;
  source: string;
  engine: string;
}

/**
 * An engine that failed. `code` is the error's own, as Node or axios have it. Source:
 * src/core/search/searchService.ts.
 */
export interface SearchFailure {
  engine: string;
  code: string;
  message: string;
}

/** What the text of a search's answer holds as JSON. */
export interface SearchAnswer {
  query: string;
  engines: string[];
  totalResults: number;
  results: SearchResult[];
  partialFailures: SearchFailure[];
}

/**
 * The host that each engine asks, as the real server names it where there is no internet, and nothing for
 * those that catch the error and answer like a search without results: all that was seen when it ran at the
 * pinned commit.
 */
export const HOSTS: Record<SearchEngine, string | undefined> = {
  baidu: "www.baidu.com",
  bing: "cn.bing.com",
  brave: "search.brave.com",
  csdn: "so.csdn.net",
  hackernews: "hn.algolia.com",
  sogou: "www.sogou.com",
  startpage: "www.startpage.com",
  duckduckgo: undefined,
  exa: undefined,
  juejin: undefined,
  linuxdo: undefined,
};

/**
 * An engine's name out of the spellings that upstream takes for it. Source: src/core/search/searchEngines.ts.
 */
export function engineName(spelling: string): string {
  const compact = spelling
    .trim()
    .toLowerCase()
    .replace(/[\s._-]+/g, "");
  const others: Record<string, string> = { sougou: "sogou", 搜狗: "sogou", hn: "hackernews" };
  return others[compact] ?? compact;
}

/** Asks the engines, of which each gets its part of the limit. */
export function search(
  query: string,
  engines: readonly SearchEngine[],
  limit: number,
  failing: ReadonlySet<string>,
): SearchAnswer {
  const found = ranked(query);
  const partialFailures = engines.filter((engine) => failing.has(engine)).flatMap(failureOf);
  const results = engines.flatMap((engine, i) => {
    const share = Math.floor(limit / engines.length) + (i < limit % engines.length ? 1 : 0);
    return failing.has(engine) ? [] : found.slice(0, share).map((document) => resultOf(document, engine));
  });
  return { query, engines: [...engines], totalResults: results.length, results, partialFailures };
}

function failureOf(engine: SearchEngine): SearchFailure[] {
  const host = HOSTS[engine];
  return host === undefined ? [] : [{ engine, code: "ENOTFOUND", message: `getaddrinfo ENOTFOUND ${host}` }];
}

function resultOf({ title, url, description }: WebDocument, engine: string): SearchResult {
  return { title, url, description, source: new URL(url).hostname, engine };
}

/** The documents that have words of the query, those first that have most; a title's words count twice. */
function ranked(query: string): WebDocument[] {
  const words = new Set(wordsOf(query));
  const score = ({ title, description, text }: WebDocument) =>
    [...wordsOf(title), ...new Set(wordsOf(`${title} ${description} ${text}`))].filter((word) =>
      words.has(word),
    ).length;
  return DOCUMENTS.map((document) => ({ document, score: score(document) }))
    .filter((each) => each.score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ document }) => document);
}

/** Words that tell something apart. */
function wordsOf(text: string): string[] {
  const stop = new Set(["a", "an", "and", "are", "for", "in", "is", "of", "on", "the", "to", "what", "with"]);
  return (text.toLowerCase().match(/[a-z0-9.]+/g) ?? []).filter((word) => !stop.has(word));
}
