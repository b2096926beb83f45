/**
 * Other spellings that the search server takes for an engine, by their compact form (open-webSearch
 * src/core/search/searchEngines.ts, normalizeEngineName, v2.1.11).
 */
const aliases = new Map([
  ["sougou", "sogou"],
  ["搜狗", "sogou"],
  ["hn", "hackernews"],
]);

/**
 * An engine's name as the search server reads it: "Duck Duck-Go" is duckduckgo. The guard must read names the
 * same way, or another spelling would slip past its list and its budgets.
 */
export function engineName(name: string): string {
  const compact = name
    .trim()
    .toLowerCase()
    .replace(/[\s._-]+/g, "");
  return aliases.get(compact) ?? compact;
}
