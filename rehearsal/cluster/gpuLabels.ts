import type { V1Container } from "@kubernetes/client-node";
import type { GpuHardware } from "./gpuHardware.ts";
import { repositoryOf } from "./podPrograms.ts";

/**
 * Programs that tell a cluster about the GPUs of its nodes. A worker of node-feature-discovery tells its master by
 * gRPC, as KAITO's charts have it, or leaves an object of the API that goes with it.
 */
export type GpuAgent =
  | "device-plugin"
  | "gpu-feature-discovery"
  | "nfd-worker"
  | "nfd-grpc-worker"
  | "nfd-master";

/**
 * Which of these programs a container runs. Images are known by the last part of their repository, so that a
 * mirror's are, too.
 */
export function agentOf(container: V1Container): GpuAgent | undefined {
  const image = repositoryOf(container.image).split("/").at(-1);
  const command = container.command?.[0]?.split("/").at(-1);
  if (image === "k8s-device-plugin") {
    // One image for the plugin, for feature discovery, and for helpers of both.
    switch (command) {
      case undefined:
      case "nvidia-device-plugin":
        return "device-plugin";
      case "gpu-feature-discovery":
        return "gpu-feature-discovery";
      default:
        return undefined;
    }
  }
  if (image === "node-feature-discovery" && command === "nfd-worker") {
    return container.args?.includes("-enable-nodefeature-api=false") ? "nfd-grpc-worker" : command;
  }
  return image === "node-feature-discovery" && command === "nfd-master" ? command : undefined;
}

/**
 * What node-feature-discovery finds of an NVIDIA GPU on the PCI bus, with the configuration that NVIDIA's chart
 * gives it: the vendor only. Source: gpu-feature-discovery 0.17.4, values.yaml, nfd.worker.config.
 */
export const pciLabels: Readonly<Record<string, string>> = {
  "feature.node.kubernetes.io/pci-10de.present": "true",
};

/**
 * The labels of gpu-feature-discovery that don't depend on driver versions. Source: NVIDIA/k8s-device-plugin,
 * internal/lm/resource.go and nvml.go. It has no nvidia.com/cuda.compute.* and no nvidia.com/gpu.present.
 */
export function discoveredLabels(hardware: GpuHardware): Record<string, string> {
  const { count, product, memoryMiB, compute } = hardware;
  const families: Readonly<Record<number, string>> = { 7: "turing", 8: "ampere", 9: "hopper" };
  return {
    "nvidia.com/gpu.product": product.replaceAll(" ", "-"),
    "nvidia.com/gpu.count": String(count),
    "nvidia.com/gpu.memory": String(memoryMiB),
    "nvidia.com/gpu.replicas": "1",
    "nvidia.com/gpu.sharing-strategy": "none",
    "nvidia.com/gpu.family": families[compute.major] ?? "undefined",
    "nvidia.com/gpu.compute.major": String(compute.major),
    "nvidia.com/gpu.compute.minor": String(compute.minor),
    "nvidia.com/mig.capable": String(/A100|H100|H200/.test(product)),
    "nvidia.com/mps.capable": "false",
  };
}
