import type { Thresholds, Watched } from "../watched.ts";
import { type AlertRule, oneOf, type RuleGroup } from "./rule.ts";

/** Alerts on pods and volumes, whatever runs in them. */
export function workloadGroup(watched: Watched, thresholds: Thresholds): RuleGroup {
  const { namespaces, modelNamespace, autoscaling } = watched;
  const all = oneOf("namespace", [...namespaces, ...(modelNamespace ? [modelNamespace] : [])]);
  const others = oneOf("namespace", namespaces);
  return {
    name: "workloads",
    description: "Pods and volumes.",
    rules: [
      ...readiness(others),
      ...restarts(all),
      ...volumes(all, thresholds),
      ...(autoscaling ? [atMaximum(all)] : []),
    ],
  };
}

function readiness(others: string): AlertRule[] {
  return [
    {
      alert: "WorkloadDown",
      expr:
        `kube_deployment_status_replicas_available{${others}} == 0 and on (namespace, deployment) kube_deployment_spec_replicas{${others}} > 0 ` +
        `or kube_statefulset_status_replicas_ready{${others}} == 0 and on (namespace, statefulset) kube_statefulset_replicas{${others}} > 0`,
      forMinutes: 5,
      severity: 1,
      summary:
        "{{ $labels.deployment }}{{ $labels.statefulset }} of {{ $labels.namespace }} has no ready pod.",
      description: "Nobody answers there: it is wholly down.",
      runbook: "workloads",
    },
    {
      alert: "PodNotReady",
      expr:
        `max by (namespace, pod) (kube_pod_status_ready{${others}, condition="false"}) == 1 ` +
        `unless on (namespace, pod) kube_pod_status_phase{${others}, phase="Succeeded"} == 1 ` +
        `unless on (namespace, pod) kube_pod_owner{${others}, owner_kind="Job"}`,
      forMinutes: 15,
      severity: 2,
      summary: "The pod {{ $labels.pod }} of {{ $labels.namespace }} isn't ready.",
      description: "One pod doesn't take part; others may still answer.",
      runbook: "workloads",
    },
  ];
}

function restarts(all: string): AlertRule[] {
  return [
    {
      alert: "CrashLooping",
      expr:
        "max by (namespace, pod, container) " +
        `(max_over_time(kube_pod_container_status_waiting_reason{${all}, reason="CrashLoopBackOff"}[5m])) == 1`,
      forMinutes: 10,
      severity: 2,
      summary: "The container {{ $labels.container }} of {{ $labels.pod }} crashes again and again.",
      description:
        "A program ends as soon as it starts, and Kubernetes waits longer each time before it tries again.",
      runbook: "workloads",
    },
    {
      alert: "OutOfMemory",
      expr:
        `max by (namespace, pod, container) (increase(kube_pod_container_status_restarts_total{${all}}[15m])) >= 1 ` +
        `and on (namespace, pod, container) kube_pod_container_status_last_terminated_reason{${all}, reason="OOMKilled"} == 1`,
      forMinutes: 0,
      severity: 2,
      summary: "The container {{ $labels.container }} of {{ $labels.pod }} was ended for its memory.",
      description: "A container wanted more memory than its limit; what it was doing is lost.",
      runbook: "workloads",
    },
    {
      alert: "ImageNotPulled",
      expr:
        "max by (namespace, pod, container) (max_over_time(kube_pod_container_status_waiting_reason" +
        `{${all}, reason=~"ErrImagePull|ImagePullBackOff|InvalidImageName"}[5m])) == 1`,
      forMinutes: 10,
      severity: 2,
      summary: "The image of {{ $labels.container }} of {{ $labels.pod }} can't be pulled.",
      description: "The registry doesn't have it, or doesn't let the nodes have it.",
      runbook: "workloads",
    },
  ];
}

function volumes(all: string, { volumeFreePercent }: Thresholds): AlertRule[] {
  const free = `kubelet_volume_stats_available_bytes{${all}} / kubelet_volume_stats_capacity_bytes{${all}}`;
  const left = `min by (namespace, persistentvolumeclaim) (${free})`;
  return [
    {
      alert: "VolumeNearlyFull",
      expr: `${left} < ${volumeFreePercent / 100}`,
      forMinutes: 15,
      severity: 2,
      summary: "The volume {{ $labels.persistentvolumeclaim }} of {{ $labels.namespace }} is nearly full.",
      description:
        "{{ $value | humanizePercentage }} of it is left; who writes to it will fail when it is full.",
      runbook: "workloads",
    },
    {
      alert: "VolumeFillsUp",
      expr:
        `${left} < 0.4 and min by (namespace, persistentvolumeclaim) ` +
        `(predict_linear(kubelet_volume_stats_available_bytes{${all}}[6h], 4 * 86400)) < 0`,
      forMinutes: 60,
      severity: 3,
      summary:
        "The volume {{ $labels.persistentvolumeclaim }} of {{ $labels.namespace }} is full within four days.",
      description: "It is written to so fast that it will be full in four days if that goes on.",
      runbook: "workloads",
    },
  ];
}

function atMaximum(all: string): AlertRule {
  const at = (what: string) => `kube_horizontalpodautoscaler_${what}{${all}}`;
  return {
    alert: "ScaledToMaximum",
    expr:
      `${at("status_current_replicas")} >= on (namespace, horizontalpodautoscaler) ${at("spec_max_replicas")} ` +
      `and on (namespace, horizontalpodautoscaler) ${at("spec_max_replicas")} > on (namespace, horizontalpodautoscaler) ${at("spec_min_replicas")}`,
    forMinutes: 30,
    severity: 3,
    summary: "{{ $labels.horizontalpodautoscaler }} of {{ $labels.namespace }} can't scale out any more.",
    description: "All pods that the autoscaler may make are there, for half an hour: more load will be felt.",
    runbook: "workloads",
  };
}
