/** The search server's engines (open-webSearch src/core/search/searchEngines.ts, v2.1.11). */
const engines = "baidu bing linuxdo csdn duckduckgo exa brave juejin startpage sogou hackernews".split(" ");

/** Names without blanks, dots and dashes, and the engines they mean there (normalizeEngineName). */
const meanings = new Map([
  ...engines.map((engine) => [engine, engine] as const),
  ["sougou", "sogou"],
  ["搜狗", "sogou"],
  ["hn", "hackernews"],
]);

/**
 * An engine's name as the search server reads it: "Duck Duck-Go" is duckduckgo. The guard must read names the
 * same way, or another spelling would slip past its list and its budgets. Names of other engines stay but for
 * upper case and blanks around them.
 */
export function engineName(name: string): string {
  const cleaned = name.trim().toLowerCase();
  return meanings.get(cleaned.replace(/[\s._-]+/g, "")) ?? cleaned;
}
