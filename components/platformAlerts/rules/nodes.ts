import type { Thresholds, Watched } from "../watched.ts";
import type { AlertRule, RuleGroup } from "./rule.ts";

/** Nodes that offer GPUs, or did so when they were last seen. */
const GPU_NODES = 'kube_node_status_capacity{resource="nvidia_com_gpu"} > 0';

/** Alerts on nodes, and on GPUs that cost money and do nothing. */
export function nodeGroup(watched: Watched, thresholds: Thresholds): RuleGroup {
  const { gpu, gpuMetrics } = watched;
  return {
    name: "nodes",
    description: "Nodes and GPUs.",
    rules: [
      nodeNotReady(gpu ?? false),
      ...(gpu ? gpuNodes() : []),
      ...(gpuMetrics ? [gpuIdle(thresholds), gpuError()] : []),
    ],
  };
}

function nodeNotReady(gpu: boolean): AlertRule {
  const others = gpu ? ` unless on (node) ${GPU_NODES}` : "";
  return {
    alert: "NodeNotReady",
    expr: `max by (node) (kube_node_status_condition{condition="Ready", status="true"}) == 0${others}`,
    forMinutes: 10,
    severity: 2,
    summary: "The node {{ $labels.node }} isn't ready.",
    description: "What runs on the node is moved elsewhere, as long as the others have room.",
    runbook: "workloads",
  };
}

function gpuNodes(): AlertRule[] {
  return [
    {
      alert: "GpuNodeNotReady",
      expr: `max by (node) (kube_node_status_condition{condition="Ready", status="true"}) == 0 and on (node) ${GPU_NODES}`,
      forMinutes: 10,
      severity: 1,
      summary: "The GPU node {{ $labels.node }} isn't ready.",
      description: "The models on the node don't answer, and there is seldom another node that they fit on.",
      runbook: "gpu",
    },
    {
      alert: "GpuNotOffered",
      // A driver or a device plugin that fails leaves the node ready and its GPUs out of the offer.
      expr: `max by (node) (kube_node_status_allocatable{resource="nvidia_com_gpu"}) == 0 and on (node) ${GPU_NODES}`,
      forMinutes: 10,
      severity: 1,
      summary: "The GPUs of {{ $labels.node }} aren't offered to pods.",
      description: "The node is there and is paid for, but no model can be placed on it.",
      runbook: "gpu",
    },
    {
      alert: "GpuUnused",
      expr:
        `max by (node) (${GPU_NODES}) unless on (node) ` +
        'sum by (node) (kube_pod_container_resource_requests{resource="nvidia_com_gpu"}) > 0',
      forMinutes: 60,
      severity: 3,
      summary: "No pod uses the GPUs of {{ $labels.node }}.",
      description: "The node costs money by the hour, and nothing has asked for its GPUs for an hour.",
      runbook: "gpu",
    },
  ];
}

function gpuIdle({ gpuIdleMinutes }: Thresholds): AlertRule {
  return {
    alert: "GpuIdle",
    // A node that wasn't there yet when that time began has done nothing for less than that.
    expr:
      `max by (node, gpu) (max_over_time(DCGM_FI_DEV_GPU_UTIL[${gpuIdleMinutes}m])) < 1 ` +
      `and on (node, gpu) DCGM_FI_DEV_GPU_UTIL offset ${gpuIdleMinutes}m`,
    forMinutes: 15,
    severity: 3,
    summary: "GPU {{ $labels.gpu }} of {{ $labels.node }} does nothing.",
    description: `The GPU has computed nothing for ${gpuIdleMinutes} minutes, and costs money by the hour.`,
    runbook: "gpu",
  };
}

function gpuError(): AlertRule {
  return {
    alert: "GpuError",
    expr: "max by (node, gpu, err_code) (DCGM_FI_DEV_XID_ERRORS) > 0",
    forMinutes: 0,
    severity: 2,
    summary: "The driver of {{ $labels.node }} reports error {{ $value }} of GPU {{ $labels.gpu }}.",
    description:
      "The GPU or its driver has failed (NVIDIA calls the number XID): answers may break off or be wrong.",
    runbook: "gpu",
  };
}
