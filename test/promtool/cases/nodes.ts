import type { AlertCase } from "../case.ts";

const isReady = (node: string) =>
  `kube_node_status_condition{node="${node}", condition="Ready", status="true"}`;
const gpus = (node: string) =>
  `kube_node_status_capacity{node="${node}", resource="nvidia_com_gpu", unit="integer"}`;
const offered = 'kube_node_status_allocatable{node="gpu-0", resource="nvidia_com_gpu", unit="integer"}';
const asked =
  'kube_pod_container_resource_requests{node="gpu-0", namespace="models", pod="phi-0", resource="nvidia_com_gpu"}';
const used = 'DCGM_FI_DEV_GPU_UTIL{node="gpu-0", gpu="0", UUID="GPU-1"}';
const xid = 'DCGM_FI_DEV_XID_ERRORS{node="gpu-0", gpu="0", err_code="79"}';
const gpuNode = { node: "gpu-0" };

export const nodeCases: AlertCase[] = [
  {
    alert: "NodeNotReady",
    when: "a node without GPU for a quarter of an hour",
    series: { [isReady("user-0")]: "1x5 0x20", [isReady("gpu-0")]: "0x25", [gpus("gpu-0")]: "1x25" },
    at: "20m",
    fires: [{ labels: { node: "user-0" } }],
  },
  {
    alert: "NodeNotReady",
    when: "a short restart",
    series: { [isReady("user-0")]: "1x5 0x3 1x20" },
    at: "20m",
    fires: [],
  },
  {
    alert: "GpuNodeNotReady",
    when: "a node with a GPU for a quarter of an hour",
    series: { [isReady("user-0")]: "0x25", [isReady("gpu-0")]: "1x5 0x20", [gpus("gpu-0")]: "1x25" },
    at: "20m",
    fires: [{ labels: gpuNode }],
  },
  {
    alert: "GpuNodeNotReady",
    when: "it is ready",
    series: { [isReady("gpu-0")]: "1x25", [gpus("gpu-0")]: "1x25" },
    at: "20m",
    fires: [],
  },
  {
    alert: "GpuNotOffered",
    when: "the device plugin says that none is healthy",
    series: { [gpus("gpu-0")]: "1x25", [offered]: "1x5 0x20" },
    at: "20m",
    fires: [{ labels: gpuNode }],
  },
  {
    alert: "GpuNotOffered",
    when: "it is offered",
    series: { [gpus("gpu-0")]: "1x25", [offered]: "1x25" },
    at: "20m",
    fires: [],
  },
  {
    alert: "GpuUnused",
    when: "no pod has asked for an hour",
    series: { [gpus("gpu-0")]: "1x90" },
    at: "80m",
    fires: [{ labels: gpuNode }],
  },
  {
    alert: "GpuUnused",
    when: "a pod has it",
    series: { [gpus("gpu-0")]: "1x90", [asked]: "1x90" },
    at: "80m",
    fires: [],
  },
  {
    alert: "GpuIdle",
    when: "nothing for three hours",
    series: { [used]: "50x10 0x180" },
    at: "185m",
    fires: [{ labels: { ...gpuNode, gpu: "0" } }],
  },
  {
    alert: "GpuIdle",
    when: "the node is half an hour old",
    series: { [used]: "_x100 0x40" },
    at: "138m",
    fires: [],
  },
  { alert: "GpuIdle", when: "one call an hour", series: { [used]: "0x100 40 0x100" }, at: "185m", fires: [] },
  {
    alert: "GpuError",
    when: "it has fallen off the bus",
    series: { [xid]: "0x3 79x5" },
    at: "6m",
    fires: [{ labels: { ...gpuNode, gpu: "0", err_code: "79" }, value: "79" }],
  },
  { alert: "GpuError", when: "no error", series: { [xid]: "0x8" }, at: "6m", fires: [] },
];
