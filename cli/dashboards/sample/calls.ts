import { busy, incident, NOW } from "./day.ts";
import { at, count, over, type PanelSample } from "./series.ts";
import { failingOf, latencyOf, rateOf, SERVERS, TOOLS } from "./world.ts";

const allCalls = (hour: number) => SERVERS.reduce((sum, server) => sum + rateOf(server, hour), 0);
const allFailing = (hour: number) =>
  SERVERS.reduce((sum, server) => sum + rateOf(server, hour) * failingOf(server, hour), 0) / allCalls(hour);

const outcomes: Record<string, (hour: number) => number> = {
  "tool-error": (hour) => 0.012 * allCalls(hour),
  "upstream-error": (hour) => 0.7 * allFailing(hour) * allCalls(hour),
  timeout: (hour) => 0.3 * allFailing(hour) * allCalls(hour),
  limited: (hour) => 0.02 * Math.max(0, busy(hour) - 0.7) * allCalls(hour) + 0.06 * incident(hour),
  denied: (hour) => 0.002 * allCalls(hour),
};

const ofTool = (measure: (tool: (typeof TOOLS)[number]) => number): PanelSample => ({
  series: TOOLS.map((tool) => at({ server: tool.server, tool: tool.tool }, measure(tool)))
    .filter(({ values: [value = 0] }) => value > 0)
    .sort((one, other) => (other.values[0] ?? 0) - (one.values[0] ?? 0)),
});

export const callsSample: Record<string, PanelSample> = {
  "call-rate": { series: [over({}, allCalls)] },
  "call-failures": { series: [over({}, allFailing, 0.3)] },
  "call-latency": { series: [over({ quantile: "p95" }, (hour) => latencyOf("open-websearch", 0.95, hour))] },
  "breakers-open": { series: [count({}, () => 0)] },
  "calls-by-server": { series: SERVERS.map((server) => over({ server }, (hour) => rateOf(server, hour))) },
  "calls-by-outcome": {
    series: Object.entries(outcomes).map(([outcome, curve]) => over({ outcome }, curve, 0.4)),
  },
  "failures-by-server": {
    series: SERVERS.map((server) => over({ server }, (hour) => failingOf(server, hour), 0.5)),
  },
  "latency-by-server": {
    series: SERVERS.flatMap((server) =>
      ([0.5, 0.95] as const).map((quantile) =>
        over({ server, quantile: `p${quantile * 100}` }, (hour) => latencyOf(server, quantile, hour)),
      ),
    ),
  },
  "tools-by-calls": ofTool(({ perSecond }) => perSecond * busy(NOW)),
  "tools-by-failures": ofTool(({ failing, tool }) => failing + (tool === "search" ? 0.031 : 0)),
  "tools-by-latency": ofTool(({ median }) => median * 3.3),
  limits: {
    series: [
      over(
        { server: "open-websearch", limit: "caller" },
        (hour) => 0.02 * Math.max(0, busy(hour) - 0.7) * allCalls(hour),
        0.5,
      ),
      over({ server: "open-websearch", limit: "engine" }, (hour) => 0.06 * incident(hour), 0.5),
    ],
  },
  "authentication-failures": {
    series: [
      over({ reason: "expired" }, (hour) => 0.012 * busy(hour), 0.9),
      over({ reason: "missing" }, () => 0.004, 0.9),
      over({ reason: "unknown-token" }, (hour) => (hour > 3.1 && hour < 3.5 ? 0.05 : 0), 0.5),
    ],
  },
  sessions: {
    series: [
      count({ server: "open-websearch" }, (hour) => 2 + 26 * busy(hour)),
      count({ server: "innovation-engine" }, (hour) => 1 + 11 * busy(hour)),
      count({ server: "echo" }, (hour) => 1 + 4 * busy(hour)),
    ],
  },
  "guard-room": {
    series: SERVERS.map((server) =>
      over({ server }, (hour) => (rateOf(server, hour) * latencyOf(server, 0.5, hour)) / 24, 0.35),
    ),
  },
  "guard-saturation": {
    series: SERVERS.map((server) => over({ server }, (hour) => 0.006 + 0.028 * rateOf(server, hour), 0.15)),
  },
  "autoscaler-pods": {
    series: [
      count({ namespace: "mcp", horizontalpodautoscaler: "open-websearch" }, (hour) =>
        Math.ceil(0.5 + 3.2 * busy(hour)),
      ),
      count({ namespace: "mcp", horizontalpodautoscaler: "echo" }, (hour) => 1 + Math.round(busy(hour))),
    ],
  },
  "autoscaler-room": {
    series: [
      at({ namespace: "mcp", horizontalpodautoscaler: "open-websearch" }, 1),
      at({ namespace: "mcp", horizontalpodautoscaler: "echo" }, 0.5),
    ],
  },
};
