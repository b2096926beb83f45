import type { Panel } from "../panel.ts";
import { share } from "../promql.ts";
import { calls, counted, failed } from "./callSeries.ts";

/** Which tools stand out. */
export const toolPanels: readonly Panel[] = [
  {
    id: "tools-by-calls",
    title: "Most called tools",
    tells: "Calls a second by tool, over the last hour.",
    kind: "bars",
    unit: "per-second",
    width: 8,
    query: {
      promql: (at) => `topk(10, sum by (server, tool) (rate(${calls(at)}[1h])))`,
      legend: "{{server}} {{tool}}",
    },
  },
  {
    id: "tools-by-failures",
    title: "Tools that fail most",
    tells: "Share of a tool's calls that failed in the last hour.",
    kind: "bars",
    unit: "ratio",
    width: 8,
    thresholds: {
      when: "above",
      steps: [
        { value: 0.01, level: "warning" },
        { value: 0.05, level: "critical" },
      ],
    },
    query: {
      promql: (at) => `topk(10, ${share(failed(at), counted(at), "1h", ["server", "tool"])})`,
      legend: "{{server}} {{tool}}",
    },
  },
  {
    id: "tools-by-latency",
    title: "Slowest tools, p95",
    tells: "95 of 100 calls in the last hour were answered in this time.",
    kind: "bars",
    unit: "seconds",
    width: 8,
    query: {
      promql: ({ tool }) =>
        `topk(10, histogram_quantile(0.95, sum by (le, server, tool) ` +
        `(rate(mcp_guard_call_duration_seconds_bucket{${tool}}[1h]))))`,
      legend: "{{server}} {{tool}}",
    },
  },
];
