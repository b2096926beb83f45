import type { Metric, MetricGroup } from "./metric.ts";

type Row = Omit<Metric, "jobs" | "labels"> & { labels?: readonly string[] };

/** The MCP guard's own; a test compares this list with what a guard answers at /metrics. */
const rows: Row[] = [
  {
    name: "mcp_guard_calls_total",
    type: "counter",
    unit: "count",
    help: "Calls of tools, by how they ended.",
    labels: ["tool", "outcome"],
  },
  {
    name: "mcp_guard_call_duration_seconds",
    type: "histogram",
    unit: "seconds",
    help: "Time from a call's request to the end of its answer, where the server was asked.",
    labels: ["tool"],
  },
  {
    name: "mcp_guard_limits_hit_total",
    type: "counter",
    unit: "count",
    help: "Calls refused by a limit.",
    labels: ["limit"],
  },
  {
    name: "mcp_guard_breaker_state",
    type: "gauge",
    unit: "state",
    help: "The circuit breaker: 0 closed, 1 half-open, 2 open.",
  },
  { name: "mcp_guard_sessions", type: "gauge", unit: "count", help: "Sessions that are open." },
  {
    name: "mcp_guard_upstream_retries_total",
    type: "counter",
    unit: "count",
    help: "Requests that were sent to the server again.",
  },
  { name: "mcp_guard_calls_running", type: "gauge", unit: "count", help: "Calls that run now." },
  { name: "mcp_guard_calls_limit", type: "gauge", unit: "count", help: "Calls that may run at once." },
  { name: "mcp_guard_sessions_limit", type: "gauge", unit: "count", help: "Sessions that may be open." },
  {
    name: "mcp_guard_engine_requests_total",
    type: "counter",
    unit: "count",
    help: "Searches that were sent to an engine.",
    labels: ["engine"],
  },
  {
    name: "mcp_guard_engine_failures_total",
    type: "counter",
    unit: "count",
    help: "Searches that an engine failed, by the reason: rate-limited, blocked, timeout, unavailable, silent, other.",
    labels: ["engine", "reason"],
  },
  {
    name: "process_cpu_seconds_total",
    type: "counter",
    unit: "seconds",
    help: "CPU time of the guard's process.",
  },
  {
    name: "process_resident_memory_bytes",
    type: "gauge",
    unit: "bytes",
    help: "Memory of the guard's process.",
  },
  {
    name: "mcp_guard_event_loop_active_seconds_total",
    type: "counter",
    unit: "seconds",
    help: "Time in which the guard's event loop had something to do; a rate of 1 is all that one guard can do.",
  },
  {
    name: "mcp_guard_engine_fallbacks_total",
    type: "counter",
    unit: "count",
    help: "Searches that left a failed engine.",
    labels: ["engine"],
  },
  {
    name: "mcp_guard_authentication_failures_total",
    type: "counter",
    unit: "count",
    help: "Requests without a caller, by the reason.",
    labels: ["reason"],
  },
];

export const guardMetrics: MetricGroup = {
  source: "servers/guard/metrics.ts",
  metrics: rows.map((row) => ({
    ...row,
    labels: ["server", ...(row.labels ?? [])],
    jobs: ["mcp-guard"],
  })),
};
