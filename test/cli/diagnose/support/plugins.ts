import { pod, workload } from "./objects.ts";

export const SOCKETS = { name: "device-plugin", hostPath: { path: "/var/lib/kubelet/device-plugins" } };
const GPU_TOLERATIONS = [{ key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" }];

// Source: charts/kaito/workspace/templates/nvidia-device-plugin-ds.yaml of KAITO 0.11.0.
export const kaitoPlugin = (tolerations: object[] = GPU_TOLERATIONS) =>
  workload("nvidia-device-plugin-daemonset", "kaito-workspace", {
    image: "mcr.microsoft.com/oss/v2/nvidia/k8s-device-plugin:v0.18.2-1",
    spec: { volumes: [SOCKETS], tolerations },
  });
// Source: gpu-feature-discovery 0.17.4, which has NVIDIA's device plugin for an image.
export const discovery = (tolerations: object[] = GPU_TOLERATIONS) =>
  workload("gpu-feature-discovery", "kaito-workspace", {
    image: "nvcr.io/nvidia/k8s-device-plugin:v0.17.4",
    spec: {
      volumes: [
        { name: "output-dir", hostPath: { path: "/etc/kubernetes/node-feature-discovery/features.d" } },
      ],
      tolerations,
    },
  });
/** The pod that a DaemonSet has on the node aks-gpu-0. */
export const podOf = (set: ReturnType<typeof workload>, containers: object[], ready = "True") =>
  pod(`${set.metadata.name}-x`, "kaito-workspace", {
    labels: { app: set.metadata.name },
    nodeName: "aks-gpu-0",
    phase: ready === "True" ? "Running" : "Pending",
    conditions: [{ type: "Ready", status: ready }],
    containers,
  });
