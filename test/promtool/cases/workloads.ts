import type { AlertCase } from "../case.ts";

const available = 'kube_deployment_status_replicas_available{namespace="mcp", deployment="echo"}';
const wanted = 'kube_deployment_spec_replicas{namespace="mcp", deployment="echo"}';
const pod = { namespace: "mcp", pod: "echo-1" };
const ofPod = 'namespace="mcp", pod="echo-1", uid="1"';
const notReady = `kube_pod_status_ready{${ofPod}, condition="false"}`;
const container = { ...pod, container: "server" };
const waits = (reason: string) =>
  `kube_pod_container_status_waiting_reason{${ofPod}, container="server", reason="${reason}"}`;
const restarts = `kube_pod_container_status_restarts_total{${ofPod}, container="server"}`;
const ended = (reason: string) =>
  `kube_pod_container_status_last_terminated_reason{${ofPod}, container="server", reason="${reason}"}`;
const claim = { namespace: "chat", persistentvolumeclaim: "data" };
const free = 'kubelet_volume_stats_available_bytes{namespace="chat", persistentvolumeclaim="data"}';
const size = 'kubelet_volume_stats_capacity_bytes{namespace="chat", persistentvolumeclaim="data"}';
const hpa = (what: string) =>
  `kube_horizontalpodautoscaler_${what}{namespace="mcp", horizontalpodautoscaler="echo"}`;

export const workloadCases: AlertCase[] = [
  {
    alert: "WorkloadDown",
    when: "no pod of two is available",
    series: { [available]: "2x5 0x10", [wanted]: "2x15" },
    at: "12m",
    fires: [{ labels: { namespace: "mcp", deployment: "echo" } }],
  },
  {
    alert: "WorkloadDown",
    when: "a database has no ready pod",
    series: {
      'kube_statefulset_status_replicas_ready{namespace="chat", statefulset="db"}': "0x15",
      'kube_statefulset_replicas{namespace="chat", statefulset="db"}': "1x15",
    },
    at: "12m",
    fires: [{ labels: { namespace: "chat", statefulset: "db" } }],
  },
  {
    alert: "WorkloadDown",
    when: "one of two is available",
    series: { [available]: "1x15", [wanted]: "2x15" },
    at: "12m",
    fires: [],
  },
  {
    alert: "WorkloadDown",
    when: "it shall have none",
    series: { [available]: "0x15", [wanted]: "0x15" },
    at: "12m",
    fires: [],
  },
  {
    alert: "PodNotReady",
    when: "for 20 minutes",
    series: { [notReady]: "1x20" },
    at: "20m",
    fires: [{ labels: pod }],
  },
  {
    alert: "PodNotReady",
    when: "it has done its work",
    series: { [notReady]: "1x20", [`kube_pod_status_phase{${ofPod}, phase="Succeeded"}`]: "1x20" },
    at: "20m",
    fires: [],
  },
  {
    alert: "PodNotReady",
    when: "another namespace",
    series: { 'kube_pod_status_ready{namespace="team-a", pod="x", condition="false"}': "1x20" },
    at: "20m",
    fires: [],
  },
  {
    alert: "CrashLooping",
    when: "it waits before it starts again, with a start now and then",
    series: { [waits("CrashLoopBackOff")]: "1 1 _ 1 1 1 _ 1 1 1 1 _ 1 1 1 1 1 _ 1 1 1" },
    at: "20m",
    fires: [{ labels: container }],
  },
  {
    alert: "CrashLooping",
    when: "it is being created",
    series: { [waits("ContainerCreating")]: "1x20" },
    at: "20m",
    fires: [],
  },
  {
    alert: "OutOfMemory",
    when: "it was ended and starts again",
    series: { [restarts]: "0x5 1x10", [ended("OOMKilled")]: "_x5 1x10" },
    at: "8m",
    fires: [{ labels: container }],
  },
  {
    alert: "OutOfMemory",
    when: "it ended with an error",
    series: { [restarts]: "0x5 1x10", [ended("Error")]: "_x5 1x10" },
    at: "8m",
    fires: [],
  },
  {
    alert: "OutOfMemory",
    when: "that was long ago",
    series: { [restarts]: "0x5 1x60", [ended("OOMKilled")]: "_x5 1x60" },
    at: "50m",
    fires: [],
  },
  {
    alert: "ImageNotPulled",
    when: "the registry says no",
    series: { [waits("ErrImagePull")]: "1 _ 1 _ 1 _ 1 _ 1 _ 1 _ 1 _ 1 _ 1 _ 1" },
    at: "18m",
    fires: [{ labels: container }],
  },
  {
    alert: "ImageNotPulled",
    when: "it waits for something else",
    series: { [waits("CrashLoopBackOff")]: "1x20" },
    at: "18m",
    fires: [],
  },
  {
    alert: "VolumeNearlyFull",
    when: "a twentieth is left",
    series: { [free]: "5x30", [size]: "100x30" },
    at: "30m",
    fires: [{ labels: claim, value: "5%" }],
  },
  {
    alert: "VolumeNearlyFull",
    when: "half of it is left",
    series: { [free]: "50x30", [size]: "100x30" },
    at: "30m",
    fires: [],
  },
  {
    alert: "VolumeFillsUp",
    when: "a hundredth an hour, and a third is left",
    series: { [free]: `${40 * 6000}-100x900`, [size]: "600000x900" },
    at: "460m",
    fires: [{ labels: claim }],
  },
  {
    alert: "VolumeFillsUp",
    when: "nothing is written",
    series: { [free]: "30x500", [size]: "100x500" },
    at: "460m",
    fires: [],
  },
  {
    alert: "VolumeFillsUp",
    when: "it is nearly empty, and something is written",
    series: { [free]: `${90 * 6000}-100x900`, [size]: "600000x900" },
    at: "460m",
    fires: [],
  },
  {
    alert: "ScaledToMaximum",
    when: "all four for three quarters of an hour",
    series: {
      [hpa("status_current_replicas")]: "2x5 4x50",
      [hpa("spec_max_replicas")]: "4x55",
      [hpa("spec_min_replicas")]: "1x55",
    },
    at: "45m",
    fires: [{ labels: { namespace: "mcp", horizontalpodautoscaler: "echo" } }],
  },
  {
    alert: "ScaledToMaximum",
    when: "three of four",
    series: {
      [hpa("status_current_replicas")]: "3x55",
      [hpa("spec_max_replicas")]: "4x55",
      [hpa("spec_min_replicas")]: "1x55",
    },
    at: "45m",
    fires: [],
  },
  {
    alert: "ScaledToMaximum",
    when: "it may have no other number",
    series: {
      [hpa("status_current_replicas")]: "2x55",
      [hpa("spec_max_replicas")]: "2x55",
      [hpa("spec_min_replicas")]: "2x55",
    },
    at: "45m",
    fires: [],
  },
];
