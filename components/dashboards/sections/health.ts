import type { Section } from "../panel.ts";
import { countOrZero } from "../promql.ts";

/** Jobs that this project scrapes; Azure's own targets have their own health page. */
const OUR_JOBS = "mcp-guard|vllm|kmcp|kaito|dcgm|cert-manager|istio-gateway";

export const health: Section = {
  id: "health",
  title: "Platform health",
  about: "Is everything there that should be there, and has it room?",
  panels: [
    {
      id: "nodes-not-ready",
      title: "Nodes not ready",
      tells: "Nodes whose kubelet says that they can't run pods, or says nothing. 0 is good.",
      kind: "stat",
      unit: "count",
      width: 6,
      thresholds: { when: "above", steps: [{ value: 1, level: "critical" }] },
      query: {
        promql: ({ cluster }) =>
          `sum(kube_node_status_condition{${cluster}, condition="Ready", status=~"false|unknown"})`,
        legend: "nodes",
      },
    },
    {
      id: "pods-not-ready",
      title: "Pods not ready",
      tells:
        "Pods that should run and don't answer. A few during a rollout are usual; the same ones for minutes aren't.",
      kind: "stat",
      unit: "count",
      width: 6,
      thresholds: {
        when: "above",
        steps: [
          { value: 1, level: "warning" },
          { value: 5, level: "critical" },
        ],
      },
      query: {
        promql: ({ namespaced }) =>
          countOrZero(
            `(kube_pod_status_ready{${namespaced}, condition="true"} == 0) and on (cluster, namespace, pod) ` +
              `(kube_pod_status_phase{${namespaced}, phase=~"Pending|Running|Unknown"} == 1)`,
          ),
        legend: "pods",
      },
    },
    {
      id: "restarts",
      title: "Restarts in the last hour",
      tells: "Containers that ended and were started again, for whatever reason.",
      kind: "stat",
      unit: "count",
      width: 6,
      thresholds: {
        when: "above",
        steps: [
          { value: 3, level: "warning" },
          { value: 10, level: "critical" },
        ],
      },
      query: {
        promql: ({ namespaced }) =>
          `sum(increase(kube_pod_container_status_restarts_total{${namespaced}}[1h])) or vector(0)`,
        legend: "restarts",
      },
    },
    {
      id: "targets-down",
      title: "Metrics that don't arrive",
      tells:
        "Programs that answer no scrape. While it isn't 0, other panels may be wrong by what is missing.",
      kind: "stat",
      unit: "count",
      width: 6,
      thresholds: { when: "above", steps: [{ value: 1, level: "warning" }] },
      query: {
        promql: ({ cluster }) => countOrZero(`up{${cluster}, job=~"${OUR_JOBS}"} == 0`),
        legend: "targets",
      },
    },
    {
      id: "node-cpu",
      title: "CPU in use by node",
      tells:
        "Share of a node's processor time that something uses. Near 100 % everything on the node is slow.",
      kind: "lines",
      unit: "ratio",
      width: 12,
      max: 1,
      thresholds: { when: "above", steps: [{ value: 0.9, level: "warning" }] },
      query: {
        promql: ({ cluster, range }) =>
          `1 - avg by (instance) (rate(node_cpu_seconds_total{${cluster}, mode="idle"}[${range}]))`,
        legend: "{{instance}}",
      },
    },
    {
      id: "node-memory",
      title: "Memory in use by node",
      tells: "Share of a node's memory that can't be given to anyone else. Above 90 % pods are soon evicted.",
      kind: "lines",
      unit: "ratio",
      width: 12,
      max: 1,
      thresholds: { when: "above", steps: [{ value: 0.9, level: "warning" }] },
      query: {
        promql: ({ cluster }) =>
          `1 - sum by (instance) (node_memory_MemAvailable_bytes{${cluster}}) / ` +
          `sum by (instance) (node_memory_MemTotal_bytes{${cluster}})`,
        legend: "{{instance}}",
      },
    },
    {
      id: "waiting-containers",
      title: "Containers that don't start",
      tells: "Why containers wait: CrashLoopBackOff (see their log), ImagePullBackOff (registry or name).",
      kind: "table",
      unit: "count",
      width: 8,
      query: {
        promql: ({ namespaced }) =>
          "sum by (namespace, container, reason) " +
          `(kube_pod_container_status_waiting_reason{${namespaced}, reason!="ContainerCreating"}) > 0`,
        legend: "{{namespace}} {{container}} {{reason}}",
      },
    },
    {
      id: "volumes",
      title: "Fullest volumes",
      tells:
        "Share of a volume that is in use. A full one stops its database; it can be made larger while it runs.",
      kind: "bars",
      unit: "ratio",
      width: 8,
      max: 1,
      thresholds: {
        when: "above",
        steps: [
          { value: 0.8, level: "warning" },
          { value: 0.9, level: "critical" },
        ],
      },
      query: {
        promql: ({ namespaced }) =>
          "topk(10, max by (namespace, persistentvolumeclaim) " +
          `(kubelet_volume_stats_used_bytes{${namespaced}} / kubelet_volume_stats_capacity_bytes{${namespaced}}))`,
        legend: "{{namespace}} {{persistentvolumeclaim}}",
      },
    },
    {
      id: "reconcile-errors",
      title: "Failing reconciliations",
      tells:
        "Objects that KMCP or KAITO can't bring about. Any that lasts is worth a look at the controller's log.",
      kind: "lines",
      unit: "per-second",
      width: 8,
      query: {
        promql: ({ cluster, range }) =>
          "sum by (job, controller) " +
          `(rate(controller_runtime_reconcile_errors_total{${cluster}, job=~"kmcp|kaito"}[${range}]))`,
        legend: "{{job}} {{controller}}",
      },
    },
  ],
};
