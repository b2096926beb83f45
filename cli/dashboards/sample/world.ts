import { busy, incident } from "./day.ts";

/** A tool of the imagined platform: its share of calls, and how long it takes half of them, in seconds. */
export interface SampleTool {
  server: string;
  tool: string;
  perSecond: number;
  median: number;
  failing: number;
}

/** Servers and tools that this project ships, as a team of a few dozen people may use them. */
export const TOOLS: readonly SampleTool[] = [
  { server: "open-websearch", tool: "search", perSecond: 2.6, median: 1.1, failing: 0.004 },
  { server: "open-websearch", tool: "fetchWebContent", perSecond: 1.5, median: 0.9, failing: 0.011 },
  { server: "open-websearch", tool: "fetchGithubReadme", perSecond: 0.3, median: 0.45, failing: 0.002 },
  { server: "innovation-engine", tool: "list_catalogue", perSecond: 0.5, median: 0.04, failing: 0 },
  { server: "innovation-engine", tool: "inspect_document", perSecond: 0.35, median: 0.12, failing: 0.001 },
  { server: "innovation-engine", tool: "execute_document", perSecond: 0.06, median: 9.5, failing: 0.02 },
  { server: "echo", tool: "echo", perSecond: 0.8, median: 0.006, failing: 0 },
];

export const SERVERS = [...new Set(TOOLS.map(({ server }) => server))];

const searches = ({ tool }: SampleTool) => tool === "search";

export function rateOf(server: string, hour: number): number {
  const own = TOOLS.filter((tool) => tool.server === server);
  return own.reduce((sum, { perSecond }) => sum + perSecond, 0) * busy(hour);
}

/** Share of a server's calls that fail; the engine that refuses brings some searches down with it. */
export function failingOf(server: string, hour: number): number {
  const own = TOOLS.filter((tool) => tool.server === server);
  const all = own.reduce((sum, { perSecond }) => sum + perSecond, 0);
  const bad = own.reduce(
    (sum, tool) => sum + tool.perSecond * (tool.failing + (searches(tool) ? 0.16 * incident(hour) : 0)),
    0,
  );
  return bad / all;
}

/** Seconds in which a share of a server's calls is answered. */
export function latencyOf(server: string, quantile: 0.5 | 0.95, hour: number): number {
  const own = TOOLS.filter((tool) => tool.server === server);
  const all = own.reduce((sum, { perSecond }) => sum + perSecond, 0);
  const median = own.reduce((sum, tool) => sum + tool.median * tool.perSecond, 0) / all;
  const crowded = 1 + 0.35 * busy(hour) + (server === "open-websearch" ? 1.6 * incident(hour) : 0);
  return median * crowded * (quantile === 0.5 ? 1 : 3.1);
}

/** Search engines: their share of searches, and how often they fail on a usual day. */
export const ENGINES = [
  { engine: "brave", share: 0.55, failing: 0.02 },
  { engine: "startpage", share: 0.32, failing: 0.05 },
  { engine: "hackernews", share: 0.13, failing: 0.005 },
] as const;

/** The engine that answers 429 in the bad half hour. */
export const REFUSING = "brave";

export const NODES = {
  system: ["aks-system-0", "aks-system-1"],
  user: ["aks-user-0", "aks-user-1"],
  gpu: ["aks-gpu-0"],
};

export const MODEL = "phi-4-mini";
