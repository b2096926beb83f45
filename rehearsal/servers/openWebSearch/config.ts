import { SEARCH_ENGINES, type SearchEngine } from "../../../components/openWebSearch/engines.ts";

/** What Open-WebSearch reads from its environment, as far as anything of it shows here. */
export interface SearchConfig {
  host: string;
  port: number;
  stdio: boolean;
  /** Engines that calls may name. */
  allowed: SearchEngine[];
  /** The engine that is asked when a call names none. */
  default: SearchEngine;
  /** "playwright" fails every search, as without a browser. */
  searchMode: string;
  /** Engines that fail, as they would without the internet. */
  failing: ReadonlySet<string>;
  /** How long a search takes, in milliseconds. */
  delayMs: number;
}

/**
 * Reads it as upstream's src/config.ts does at the pinned commit: nothing is an error. Unknown engines are
 * left out, none that is known means all, and a default that isn't allowed becomes the first that is.
 *
 * @param env besides upstream's variables FAILING_ENGINES, a list of engines or "all", SEARCH_DELAY_MS, which makes the
 * web slow, and HOST, which upstream doesn't have: it listens on every address.
 */
export function readConfig(env: NodeJS.ProcessEnv): SearchConfig {
  const known = (name: string): name is SearchEngine => SEARCH_ENGINES.includes(name as SearchEngine);
  const named = list(env["ALLOWED_SEARCH_ENGINES"]).filter(known);
  const allowed = named.length > 0 ? named : [...SEARCH_ENGINES];
  const wanted = env["DEFAULT_SEARCH_ENGINE"] ?? "bing";
  const first = allowed[0] as SearchEngine;
  const fallback = named.length > 0 ? first : "bing";
  const failing = list(env["FAILING_ENGINES"]);
  return {
    host: env["HOST"] ?? "127.0.0.1",
    port: Number(env["PORT"] ?? 3000),
    stdio: env["MODE"] === "stdio",
    allowed,
    default: known(wanted) && allowed.includes(wanted) ? wanted : fallback,
    searchMode: env["SEARCH_MODE"] ?? "auto",
    failing: new Set(failing.includes("all") ? SEARCH_ENGINES : failing),
    delayMs: Number(env["SEARCH_DELAY_MS"] ?? 0),
  };
}

function list(text = ""): string[] {
  return text
    .split(",")
    .map((each) => each.trim())
    .filter(Boolean);
}
