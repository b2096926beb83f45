import type { Section } from "../panel.ts";
import { share } from "../promql.ts";

export const search: Section = {
  id: "search",
  title: "Search engines",
  about:
    "Which engines answer? They are other people's: what they refuse can only be asked less often, or elsewhere.",
  needs: "search",
  panels: [
    {
      id: "engine-requests",
      title: "Searches by engine",
      tells: "Requests a second that were sent to each engine.",
      kind: "areas",
      unit: "per-second",
      width: 12,
      query: {
        promql: ({ server, range }) =>
          `sum by (engine) (rate(mcp_guard_engine_requests_total{${server}}[${range}]))`,
        legend: "{{engine}}",
      },
    },
    {
      id: "engine-failure-rate",
      title: "Failure rate by engine",
      tells:
        "Share of an engine's requests that brought no result. Above a half, searches lean on the other engines.",
      kind: "lines",
      unit: "ratio",
      width: 12,
      max: 1,
      thresholds: {
        when: "above",
        steps: [
          { value: 0.2, level: "warning" },
          { value: 0.5, level: "critical" },
        ],
      },
      runbook: "mcp",
      query: {
        promql: ({ server, range }) =>
          share(
            `mcp_guard_engine_failures_total{${server}}`,
            `mcp_guard_engine_requests_total{${server}}`,
            range,
            ["engine"],
          ),
        legend: "{{engine}}",
      },
    },
    {
      id: "engine-failure-reasons",
      title: "Failures by engine and reason",
      tells:
        "rate-limited is 429: ask less. blocked is a page that wants a human; timeout and unavailable pass.",
      kind: "lines",
      unit: "per-second",
      width: 12,
      query: {
        promql: ({ server, range }) =>
          `sum by (engine, reason) (rate(mcp_guard_engine_failures_total{${server}}[${range}])) > 0`,
        legend: "{{engine}} {{reason}}",
      },
    },
    {
      id: "engine-fallbacks",
      title: "Searches that went elsewhere",
      tells: "Searches an hour that left this engine for the next one, because it failed.",
      kind: "bars",
      unit: "count",
      width: 12,
      query: {
        promql: ({ server }) => `sum by (engine) (increase(mcp_guard_engine_fallbacks_total{${server}}[1h]))`,
        legend: "{{engine}}",
      },
    },
  ],
};
