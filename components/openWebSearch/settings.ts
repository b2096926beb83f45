import type { Form } from "../forms.ts";
import { DEFAULT_ENGINES, SEARCH_ENGINES, type SearchEngine, type SearchMode } from "./engines.ts";

/**
 * How clients talk to the server. "http" and "streamable-http" are the same: streamable HTTP at /mcp. "sse":
 * the older SSE transport at /sse and /messages as well. "stdio": KMCP's gateway starts the server for each
 * session.
 */
export type OpenWebSearchTransport = "http" | "streamable-http" | "sse" | "stdio";

/** What decides how Open-WebSearch runs. */
export interface OpenWebSearchSettings {
  transport?: OpenWebSearchTransport;
  image?: unknown;
  allowedEngines?: readonly string[];
  defaultEngine?: string;
  searchMode?: SearchMode;
  useProxy?: boolean;
  proxyUrl?: unknown;
  proxyEgress?: readonly unknown[];
  egress?: readonly unknown[];
  replicas?: number;
}

/** A setting that can't be as it is, and what it must be instead. */
export interface OpenWebSearchConflict {
  path: (string | number)[];
  rule: string;
}

/**
 * A proxy's URL. Upstream encodes it once more (`encodeURI` in src/config.ts), so that a percent sign arrives
 * as two characters too many: seen with a password that held "%40".
 */
export const PROXY_URL: Form = {
  pattern: /^https?:\/\/([^\s/@:%]+(:[^\s/@%]*)?@)?(\[[0-9a-fA-F:.]+\]|[\w.-]+)(:\d{1,5})?\/?$/,
  words: "http:// or https://, user and password if it wants them, host and port, without a percent sign",
  example: "http://user:password@proxy.example.com:3128",
};

/** What upstream would accept and do something else with, or what would fail at the first search. */
export function openWebSearchConflicts(settings: OpenWebSearchSettings): OpenWebSearchConflict[] {
  return [...engineConflicts(settings), ...proxyConflicts(settings), ...runConflicts(settings)];
}

/** The engines that may be asked, the best first. */
export function allowedEngines({ allowedEngines }: OpenWebSearchSettings): SearchEngine[] {
  return [...((allowedEngines as SearchEngine[] | undefined) ?? DEFAULT_ENGINES)];
}

/** The engine that is asked when a call names none. */
export function defaultEngine(settings: OpenWebSearchSettings): SearchEngine {
  return (
    (settings.defaultEngine as SearchEngine | undefined) ?? (allowedEngines(settings)[0] as SearchEngine)
  );
}

/** Upstream only warns of names that it doesn't know, and allows every engine when it knows none of them. */
function engineConflicts(settings: OpenWebSearchSettings): OpenWebSearchConflict[] {
  const engines: string[] = allowedEngines(settings);
  const known = SEARCH_ENGINES.join(", ");
  if (engines.length === 0) {
    return [
      { path: ["allowedEngines"], rule: `at least one of ${known}; to upstream an empty list means all` },
    ];
  }
  const conflicts = engines.flatMap((engine, i): OpenWebSearchConflict[] => {
    const path = ["allowedEngines", i];
    if (!SEARCH_ENGINES.includes(engine as SearchEngine)) return [{ path, rule: `one of ${known}` }];
    return engines.indexOf(engine) < i
      ? [{ path, rule: "another engine, because it is in the list already" }]
      : [];
  });
  const { defaultEngine } = settings;
  if (defaultEngine !== undefined && !engines.includes(defaultEngine)) {
    conflicts.push({ path: ["defaultEngine"], rule: `one of allowedEngines: ${engines.join(", ")}` });
  }
  // src/engines/linuxdo/linuxdo.ts asks the default engine for site:linux.do, if it is one of two, and then
  // Brave.
  if (engines.includes("linuxdo") && !engines.includes("brave")) {
    conflicts.push({
      path: ["allowedEngines"],
      rule: "a list with brave, because linuxdo has no search of its own: upstream asks Brave for it",
    });
  }
  return conflicts;
}

function proxyConflicts({ useProxy = false, proxyUrl, proxyEgress }: OpenWebSearchSettings) {
  const conflicts: OpenWebSearchConflict[] = [];
  if (!useProxy) {
    if (proxyUrl !== undefined || proxyEgress !== undefined) {
      const what = proxyUrl === undefined ? "proxyEgress" : "proxyUrl";
      conflicts.push({ path: ["useProxy"], rule: `true where there is ${what}: else nobody uses it` });
    }
    return conflicts;
  }
  if (proxyUrl === undefined) {
    const rule =
      "the proxy's URL, because useProxy is true; without it upstream calls a proxy in its own pod";
    conflicts.push({ path: ["proxyUrl"], rule });
  }
  if (!proxyEgress?.length) {
    const rule = "the proxy's addresses, because useProxy is true and a NetworkPolicy knows no names";
    conflicts.push({ path: ["proxyEgress"], rule });
  }
  return conflicts;
}

/**
 * Which of the issuer's addresses undo a proxy, as what the guard may call is open to the server of the same
 * pod: those that are all there are.
 *
 * @returns their places in `issuerEgress`
 */
export function besideProxy(useProxy: boolean, issuerEgress: readonly { cidr: string }[] = []): number[] {
  return useProxy ? issuerEgress.flatMap(({ cidr }, i) => (/\/0+$/.test(cidr) ? [i] : [])) : [];
}

/** What must stand in such a place; `useProxy` is that setting's name. */
export function issuerAlone(useProxy = "useProxy"): string {
  return (
    `the addresses of the issuer alone, because ${useProxy} is true: what the guard may call is open to the ` +
    "server too, and this is every address, past the proxy"
  );
}

function runConflicts({ searchMode, image, useProxy, egress, replicas }: OpenWebSearchSettings) {
  const conflicts: OpenWebSearchConflict[] = [];
  if (replicas !== undefined && replicas !== 1) conflicts.push({ path: ["replicas"], rule: ONE_REPLICA });
  if (searchMode === "playwright" && image === undefined) {
    const rule = '"request" or "auto" without an image of your own: the one that is built has no browser';
    conflicts.push({ path: ["searchMode"], rule });
  }
  if (useProxy && egress !== undefined) {
    const rule = "left out while useProxy is true: everything goes through the proxy, at proxyEgress";
    conflicts.push({ path: ["egress"], rule });
  }
  return conflicts;
}

const ONE_REPLICA =
  "1: sessions are in the memory of the pod where they began, and any other answers them with 400; for more " +
  "searches make a second OpenWebSearch under another name";
