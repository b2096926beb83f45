import type { McpGuardArgs, McpGuardLimits, McpGuardRate } from "../mcpGuard/args.ts";
import { stdioLimits } from "../mcpServerDeployment/stdioSessions.ts";
import type { ContainerResources } from "../resources.ts";
import { TOOLS_OF_ENGINES } from "./engines.ts";
import { OPEN_WEB_SEARCH_RESOURCES } from "./pod.ts";
import { allowedEngines, defaultEngine, type OpenWebSearchSettings } from "./settings.ts";

/** A guard, without what OpenWebSearch settles itself. */
export type OpenWebSearchGuard = Omit<McpGuardArgs, "search" | "sse">;

/** What decides about the guard besides its own arguments. */
export interface GuardedSearch extends OpenWebSearchSettings {
  fallback?: boolean;
  fetchPages?: boolean;
  resources?: ContainerResources;
}

/** Of all callers together: engines turn away who asks often, and then everybody gets nothing. */
const PER_ENGINE: McpGuardRate = { calls: 30, seconds: 60 };

/**
 * What one caller may do. Fetching is what costs: a page of 2 MB with `readability` holds the server's one
 * thread for seconds and takes 430 MiB (see OpenWebSearchArgs.resources).
 */
const PER_TOOL: Record<string, McpGuardRate> = {
  search: { calls: 30, seconds: 60 },
  fetchWebContent: { calls: 20, seconds: 60 },
  fetchGithubReadme: { calls: 20, seconds: 60 },
};

/** Upstream keeps a session, about 160 KiB, until somebody ends it: 200 of them are 32 MiB. */
const LIMITS = { concurrency: 8, sessions: 200 } as const satisfies McpGuardLimits;

/**
 * Memory of the process that a session of a stdio server is, in MiB: 150 idle, and room for usual pages. One
 * of 2 MB with `readability` takes 575 (see OPEN_WEB_SEARCH_RESOURCES), for which 768 MiB have just enough room
 * while the other session is idle. Who reads such pages needs more memory, or "http".
 */
const PROCESS_MIB = 192;

/** Limits of this server, besides those of tools and engines, where nothing is said of it. */
export function searchLimits({
  transport = "http",
  resources = OPEN_WEB_SEARCH_RESOURCES,
}: Pick<GuardedSearch, "transport" | "resources">): McpGuardLimits {
  return { ...LIMITS, ...stdioLimits({ transport, resources }, PROCESS_MIB) };
}

/** The guard of a search server: what was said, with these engines, limits and tools. */
export function searchGuard(guard: OpenWebSearchGuard, settings: GuardedSearch): McpGuardArgs {
  const engines = allowedEngines(settings);
  const { limits = {}, authorization = {} } = guard;
  // The guard takes the first for the one that upstream asks when a call names none.
  const first = defaultEngine(settings);
  const ordered = [first, ...engines.filter((engine) => engine !== first)];
  return {
    ...guard,
    sse: settings.transport === "sse",
    search: { engines: ordered, fallback: settings.fallback ?? true },
    limits: {
      ...searchLimits(settings),
      ...limits,
      tools: { ...PER_TOOL, ...limits.tools },
      engines: { ...Object.fromEntries(engines.map((engine) => [engine, PER_ENGINE])), ...limits.engines },
    },
    // The first rule that matches decides, so nobody's rule can open what is closed here.
    authorization: { ...authorization, rules: [...closedTools(settings), ...(authorization.rules ?? [])] },
  };
}

/** Rules against the tools that would ask a site whose engine isn't allowed, or that fetch at all. */
function closedTools(settings: GuardedSearch) {
  const allowed: readonly string[] = allowedEngines(settings);
  const tools =
    (settings.fetchPages ?? true)
      ? Object.entries(TOOLS_OF_ENGINES).flatMap(([engine, tool]) => (allowed.includes(engine) ? [] : [tool]))
      : ["fetch*"];
  return tools.length === 0 ? [] : [{ effect: "deny" as const, tools }];
}
