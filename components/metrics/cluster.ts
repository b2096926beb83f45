import type { MetricGroup } from "./metric.ts";
import { state } from "./workloads.ts";

/**
 * The nodes' labels that kube-state-metrics must be told to show (its allow list is empty by default): which pool a
 * node belongs to, its VM size, and whether it's spot. Source: https://learn.microsoft.com/azure/aks/use-labels
 */
export const NODE_LABELS = [
  "kubernetes.azure.com/agentpool",
  "node.kubernetes.io/instance-type",
  "kubernetes.azure.com/scalesetpriority",
] as const;

/** The label of `kube_node_labels` that a node's label becomes. Source: docs/metrics of kube-state-metrics. */
export function nodeLabel(label: (typeof NODE_LABELS)[number]): string {
  return `label_${label.replace(/[^a-zA-Z0-9_]/g, "_")}`;
}

const HPA = ["namespace", "horizontalpodautoscaler"];
const CLAIM = ["namespace", "persistentvolumeclaim"];
const JOB = ["namespace", "job_name"];

/** Everything else in the cluster's API: autoscalers, nodes, claims, Jobs and quotas. */
export const clusterMetrics: MetricGroup = {
  source:
    "docs/metrics of kube-state-metrics 2.9 to 2.20; kubestateRegex_minimal_mac of Azure/prometheus-collector 39583fd50",
  metrics: [
    state(
      "minimal",
      "kube_horizontalpodautoscaler_status_current_replicas",
      "count",
      HPA,
      "Pods that an autoscaler sees.",
    ),
    state(
      "minimal",
      "kube_horizontalpodautoscaler_status_desired_replicas",
      "count",
      HPA,
      "Pods that an autoscaler asked for.",
    ),
    state("minimal", "kube_horizontalpodautoscaler_spec_min_replicas", "count", HPA, "Its lower limit."),
    state("minimal", "kube_horizontalpodautoscaler_spec_max_replicas", "count", HPA, "Its upper limit."),
    state(
      "list",
      "kube_horizontalpodautoscaler_status_condition",
      "state",
      [...HPA, "condition", "status"],
      "1 for the state of an autoscaler's condition (AbleToScale, ScalingActive, ScalingLimited).",
    ),
    state(
      "minimal",
      "kube_node_status_condition",
      "state",
      ["node", "condition", "status"],
      "1 for the state of a node's condition (Ready, MemoryPressure).",
    ),
    state("minimal", "kube_node_status_capacity", "count", ["node", "resource", "unit"], "What a node has."),
    state(
      "minimal",
      "kube_node_status_allocatable",
      "count",
      ["node", "resource", "unit"],
      "What a node has for pods.",
    ),
    state("minimal", "kube_node_info", "state", ["node", "kubelet_version", "os_image"], "1 a node."),
    {
      ...state("minimal", "kube_node_labels", "state", ["node", ...NODE_LABELS.map(nodeLabel)], "1 a node."),
      needs: "the labels of NODE_LABELS in kube-state-metrics' allow list",
    },
    state(
      "list",
      "kube_persistentvolumeclaim_resource_requests_storage_bytes",
      "bytes",
      CLAIM,
      "What a volume claim asks for.",
    ),
    state(
      "list",
      "kube_persistentvolumeclaim_info",
      "state",
      [...CLAIM, "storageclass", "volumename"],
      "1 a claim.",
    ),
    state("minimal", "kube_job_status_active", "count", JOB, "Pods of a Job that run."),
    state("list", "kube_job_status_failed", "count", [...JOB, "reason"], "Pods of a Job that failed."),
    state("minimal", "kube_job_status_start_time", "timestamp", JOB, "When a Job began."),
    state("list", "kube_job_status_completion_time", "timestamp", JOB, "When a Job was complete."),
    state("minimal", "kube_job_failed", "state", [...JOB, "condition"], "1 for a Job that failed."),
    state(
      "minimal",
      "kube_resourcequota",
      "count",
      ["namespace", "resourcequota", "resource", "type"],
      "A namespace's quota: what is used, and the hard limit.",
    ),
  ],
};
