import type { Metric, MetricGroup, MetricType, MetricUnit } from "./metric.ts";

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

type Kept = "minimal" | "list";

function state(
  kept: Kept,
  name: string,
  unit: MetricUnit,
  labels: string[],
  help: string,
  type: MetricType = "gauge",
): Metric {
  return { name, type, unit, help, labels, jobs: ["kube-state-metrics"], minimal: kept === "minimal" };
}

const POD = ["namespace", "pod", "uid"];
const CONTAINER = [...POD, "container"];
const HPA = ["namespace", "horizontalpodautoscaler"];
const CLAIM = ["namespace", "persistentvolumeclaim"];
const JOB = ["namespace", "job_name"];

/** Objects of the cluster's API; "minimal" and "list" say whether Azure's profile keeps them or a keep list must. */
export const stateMetrics: MetricGroup = {
  source:
    "docs/metrics of kube-state-metrics 2.9 to 2.20; kubestateRegex_minimal_mac of Azure/prometheus-collector 39583fd50",
  metrics: [
    state(
      "minimal",
      "kube_pod_status_phase",
      "state",
      [...POD, "phase"],
      "1 for the phase that a pod is in.",
    ),
    state("list", "kube_pod_status_ready", "state", [...POD, "condition"], "1 for a pod's readiness."),
    state(
      "minimal",
      "kube_pod_container_status_ready",
      "state",
      CONTAINER,
      "1 while the container passes its readiness probe.",
    ),
    state(
      "minimal",
      "kube_pod_container_status_waiting_reason",
      "state",
      [...CONTAINER, "reason"],
      "1 for the reason for which a container waits (CrashLoopBackOff, ImagePullBackOff).",
    ),
    state(
      "minimal",
      "kube_pod_container_status_last_terminated_reason",
      "state",
      [...CONTAINER, "reason"],
      "1 for the reason for which a container ended the last time (OOMKilled, Error).",
    ),
    state(
      "minimal",
      "kube_pod_container_status_restarts_total",
      "count",
      CONTAINER,
      "Restarts of a container.",
      "counter",
    ),
    state(
      "minimal",
      "kube_pod_container_resource_requests",
      "count",
      [...CONTAINER, "node", "resource", "unit"],
      "What a container requests: cores, bytes or GPUs.",
    ),
    state(
      "minimal",
      "kube_pod_container_resource_limits",
      "count",
      [...CONTAINER, "node", "resource", "unit"],
      "What a container may use: cores, bytes or GPUs.",
    ),
    state(
      "minimal",
      "kube_pod_info",
      "state",
      [...POD, "node", "created_by_kind", "created_by_name"],
      "1 a pod.",
    ),
    state(
      "minimal",
      "kube_pod_owner",
      "state",
      [...POD, "owner_kind", "owner_name", "owner_is_controller"],
      "1 an owner of a pod.",
    ),
    state(
      "minimal",
      "kube_deployment_spec_replicas",
      "count",
      ["namespace", "deployment"],
      "Pods that a Deployment should have.",
    ),
    state(
      "list",
      "kube_deployment_status_replicas",
      "count",
      ["namespace", "deployment"],
      "Pods that a Deployment has.",
    ),
    state(
      "minimal",
      "kube_deployment_status_replicas_available",
      "count",
      ["namespace", "deployment"],
      "Pods of a Deployment that are available.",
    ),
    state(
      "list",
      "kube_statefulset_replicas",
      "count",
      ["namespace", "statefulset"],
      "Pods that a StatefulSet should have.",
    ),
    state(
      "minimal",
      "kube_statefulset_status_replicas_ready",
      "count",
      ["namespace", "statefulset"],
      "Pods of a StatefulSet that are ready.",
    ),
    state(
      "minimal",
      "kube_daemonset_status_desired_number_scheduled",
      "count",
      ["namespace", "daemonset"],
      "Nodes that should run a DaemonSet's pod.",
    ),
    state(
      "minimal",
      "kube_daemonset_status_number_ready",
      "count",
      ["namespace", "daemonset"],
      "Nodes whose pod of a DaemonSet is ready.",
    ),
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
