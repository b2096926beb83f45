/*
 * What Open-WebSearch is at the commit that servers/open-websearch/Dockerfile builds. It is newer than the
 * last release, v2.1.11, because it has Express 5, knows "localhost." for what it is, and names Baidu's robot
 * check as a failure. Source: https://github.com/Aas-ee/open-webSearch, src/core/search/searchEngines.ts and
 * src/config.ts.
 */

/** The commit of the source, from 2026-08-21. */
export const OPEN_WEB_SEARCH_COMMIT = "e08a65b1eab856a1acdad8ba37a3b07479eb72af";

/** The version that its package.json has there, with the commit: the tag of the image that is built. */
export const OPEN_WEB_SEARCH_VERSION = `2.1.11-${OPEN_WEB_SEARCH_COMMIT.slice(0, 7)}`;

/** Search engines that it can ask. Release v2.1.11 has all but hackernews. */
export const SEARCH_ENGINES = [
  "baidu",
  "bing",
  "linuxdo",
  "csdn",
  "duckduckgo",
  "exa",
  "brave",
  "juejin",
  "startpage",
  "sogou",
  "hackernews",
] as const;

/** A search engine by upstream's name. */
export type SearchEngine = (typeof SEARCH_ENGINES)[number];

/** How Bing is asked; the other engines are always asked by plain requests. */
export const SEARCH_MODES = ["request", "auto", "playwright"] as const;

/** "request": plain HTTP. "playwright": a browser. "auto": the first, then the second if there is one. @useDeclaredType */
export type SearchMode = (typeof SEARCH_MODES)[number];

/**
 * Tools that fetch from the site of one engine, by that engine. The other tools are `search`,
 * `fetchWebContent`, which fetches any public page, and `fetchGithubReadme`. Source: src/tools/setupTools.ts.
 */
export const TOOLS_OF_ENGINES = {
  csdn: "fetchCsdnArticle",
  juejin: "fetchJuejinArticle",
  linuxdo: "fetchLinuxDoArticle",
} as const satisfies Partial<Record<SearchEngine, string>>;

/**
 * Engines that are allowed where nothing is said, the best first. Bing is the last, because upstream asks its
 * host for China, cn.bing.com (src/engines/bing/bing.ts).
 */
export const DEFAULT_ENGINES = ["duckduckgo", "startpage", "brave", "bing"] as const satisfies SearchEngine[];
