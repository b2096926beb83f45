import type { Section } from "../panel.ts";
import { countOrZero, quantiles, share } from "../promql.ts";
import { calls, counted, failed } from "./callSeries.ts";
import { guardPanels } from "./guards.ts";
import { toolPanels } from "./tools.ts";

export const mcpCalls: Section = {
  id: "calls",
  title: "MCP calls",
  about:
    "Do tools answer, how fast, and who is to blame when they don't? Failed is what the server or the platform " +
    'did wrong; what the guard refuses, and a tool\'s own "no", is not.',
  needs: "mcp",
  panels: [
    {
      id: "call-rate",
      title: "Calls",
      tells: "Calls of tools a second, however they ended.",
      kind: "stat",
      unit: "per-second",
      width: 6,
      query: { promql: (at) => `sum(rate(${calls(at)}[${at.range}]))`, legend: "calls" },
    },
    {
      id: "call-failures",
      title: "Failed",
      tells: "Share of calls that failed, by the count that the objective uses.",
      kind: "stat",
      unit: "ratio",
      width: 6,
      thresholds: {
        when: "above",
        steps: [
          { value: 0.005, level: "warning" },
          { value: 0.05, level: "critical" },
        ],
      },
      query: { promql: (at) => share(failed(at), counted(at), at.range), legend: "failed" },
    },
    {
      id: "call-latency",
      title: "Latency, p95",
      tells: "95 of 100 calls are answered in this time.",
      kind: "stat",
      unit: "seconds",
      width: 6,
      thresholds: {
        when: "above",
        steps: [
          { value: 5, level: "warning" },
          { value: 30, level: "critical" },
        ],
      },
      query: {
        promql: (at) =>
          quantiles(`mcp_guard_call_duration_seconds_bucket{${at.tool}}`, at.range, { of: [0.95] }),
        legend: "{{quantile}}",
      },
    },
    {
      id: "breakers-open",
      title: "Open breakers",
      tells: "Guards that answer in place of a server that failed too often. It tries again by itself.",
      kind: "stat",
      unit: "count",
      width: 6,
      thresholds: { when: "above", steps: [{ value: 1, level: "critical" }] },
      runbook: "mcp",
      query: {
        promql: ({ server }) => countOrZero(`mcp_guard_breaker_state{${server}} == 2`),
        legend: "breakers",
      },
    },
    {
      id: "calls-by-server",
      title: "Calls by server",
      tells: "Where the load is.",
      kind: "areas",
      unit: "per-second",
      width: 12,
      query: {
        promql: (at) => `sum by (server) (rate(${calls(at)}[${at.range}]))`,
        legend: "{{server}}",
      },
    },
    {
      id: "calls-by-outcome",
      title: "Calls that weren't ok",
      tells:
        "How calls end: denied (no right to the tool), limited, refused (bad request), timeout, upstream-error, " +
        "breaker-open, tool-error (the tool itself said no).",
      kind: "areas",
      unit: "per-second",
      width: 12,
      query: {
        promql: (at) => `sum by (outcome) (rate(${calls(at, 'outcome!="ok"')}[${at.range}]))`,
        legend: "{{outcome}}",
      },
    },
    {
      id: "failures-by-server",
      title: "Failed calls by server",
      tells:
        "Share of each server's calls that failed. One server alone: look there; all of them: look at the nodes.",
      kind: "lines",
      unit: "ratio",
      width: 12,
      thresholds: { when: "above", steps: [{ value: 0.05, level: "critical" }] },
      runbook: "mcp",
      query: {
        promql: (at) => share(failed(at), counted(at), at.range, ["server"]),
        legend: "{{server}}",
      },
    },
    {
      id: "latency-by-server",
      title: "Latency by server",
      tells: "Half of the calls, and 95 of 100, are answered in this time.",
      kind: "lines",
      unit: "seconds",
      width: 12,
      query: {
        promql: (at) =>
          quantiles(`mcp_guard_call_duration_seconds_bucket{${at.tool}}`, at.range, {
            by: ["server"],
            of: [0.5, 0.95],
          }),
        legend: "{{server}} {{quantile}}",
      },
    },
    ...toolPanels,
    ...guardPanels,
  ],
};
