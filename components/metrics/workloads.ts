import type { Metric, MetricGroup, MetricType, MetricUnit } from "./metric.ts";

type Kept = "minimal" | "list";

/** A row of kube-state-metrics; "minimal" and "list" say whether Azure's profile keeps it or a keep list must. */
export function state(
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

/** Pods and what makes them, as the cluster's API has them. */
export const workloadMetrics: MetricGroup = {
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
  ],
};
