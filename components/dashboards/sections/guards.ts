import type { Panel } from "../panel.ts";

/** What guards refuse and hold, and how many pods there are for it. */
export const guardPanels: readonly Panel[] = [
  {
    id: "limits",
    title: "Calls that met a limit",
    tells: "Which limit refused calls: of a caller, a tool, a search engine, or of calls at the same time.",
    kind: "lines",
    unit: "per-second",
    width: 8,
    query: {
      promql: ({ server, range }) =>
        `sum by (server, limit) (rate(mcp_guard_limits_hit_total{${server}}[${range}])) > 0`,
      legend: "{{server}} {{limit}}",
    },
  },
  {
    id: "authentication-failures",
    title: "Requests without a valid caller",
    tells: "Why tokens were refused. A sudden rise is an expired client, or somebody who tries tokens.",
    kind: "lines",
    unit: "per-second",
    width: 8,
    runbook: "mcp",
    query: {
      promql: ({ server, range }) =>
        `sum by (reason) (rate(mcp_guard_authentication_failures_total{${server}}[${range}])) > 0`,
      legend: "{{reason}}",
    },
  },
  {
    id: "sessions",
    title: "Open sessions by server",
    tells: "Clients that are connected. A guard refuses more than its limit.",
    kind: "lines",
    unit: "count",
    width: 8,
    query: {
      promql: ({ server }) => `sum by (server) (mcp_guard_sessions{${server}})`,
      legend: "{{server}}",
    },
  },
  {
    id: "guard-room",
    title: "Calls at the same time",
    tells: "Share of the calls that a server's guards let run at once. At 100 % the next ones are refused.",
    kind: "lines",
    unit: "ratio",
    width: 12,
    max: 1,
    thresholds: { when: "above", steps: [{ value: 0.8, level: "warning" }] },
    runbook: "mcp",
    query: {
      promql: ({ server }) =>
        `sum by (server) (mcp_guard_calls_running{${server}}) / sum by (server) (mcp_guard_calls_limit{${server}})`,
      legend: "{{server}}",
    },
  },
  {
    id: "guard-saturation",
    title: "Busiest guard",
    tells:
      "Share of the time in which a guard's event loop worked. Near 100 % calls wait for it: more pods help, CPU doesn't.",
    kind: "lines",
    unit: "ratio",
    width: 12,
    max: 1,
    thresholds: { when: "above", steps: [{ value: 0.8, level: "warning" }] },
    query: {
      promql: ({ server, range }) =>
        `max by (server) (rate(mcp_guard_event_loop_active_seconds_total{${server}}[${range}]))`,
      legend: "{{server}}",
    },
  },
  {
    id: "autoscaler-pods",
    title: "Pods of autoscalers",
    tells: "How many pods each autoscaler has now.",
    kind: "lines",
    unit: "count",
    width: 12,
    needs: "autoscaling",
    query: {
      promql: ({ namespaced }) =>
        "sum by (namespace, horizontalpodautoscaler) " +
        `(kube_horizontalpodautoscaler_status_current_replicas{${namespaced}})`,
      legend: "{{namespace}} {{horizontalpodautoscaler}}",
    },
  },
  {
    id: "autoscaler-room",
    title: "Room of autoscalers",
    tells:
      "Share of the pods that an autoscaler may have that it has. At 100 % it can't follow the load any more.",
    kind: "bars",
    unit: "ratio",
    width: 12,
    max: 1,
    needs: "autoscaling",
    thresholds: { when: "above", steps: [{ value: 1, level: "warning" }] },
    query: {
      promql: ({ namespaced }) =>
        "sum by (namespace, horizontalpodautoscaler) " +
        `(kube_horizontalpodautoscaler_status_current_replicas{${namespaced}}) / ` +
        "sum by (namespace, horizontalpodautoscaler) " +
        `(kube_horizontalpodautoscaler_spec_max_replicas{${namespaced}})`,
      legend: "{{namespace}} {{horizontalpodautoscaler}}",
    },
  },
];
