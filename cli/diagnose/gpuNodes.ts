import { looksLikeGpu } from "../../components/vmSkuSelection/gpus.ts";
import type { Cluster } from "./cluster.ts";
import { GPU, selects } from "./matching.ts";
import type { Node, Pod, Workload } from "./objects.ts";

/** Nodes that have GPUs, or whose VM size says that they should. */
export function gpuNodes(cluster: Cluster): Node[] | undefined {
  return cluster
    .list("nodes")
    ?.filter(
      ({ metadata, status }) =>
        gpuCount(status?.capacity) > 0 ||
        metadata.labels?.["mcpaas.dev/pool"] === "gpu" ||
        metadata.labels?.["kubernetes.azure.com/accelerator"] === "nvidia" ||
        looksLikeGpu(vmSizeOf(metadata.labels)),
    );
}

export function gpuCount(quantities: Record<string, string> | undefined): number {
  return Number(quantities?.[GPU] ?? 0);
}

export function vmSizeOf(labels: Record<string, string> | undefined): string {
  return labels?.["node.kubernetes.io/instance-type"] ?? "";
}

/** The labels of GPU feature discovery that KAITO needs. Source: GetGPUConfigFromNodeLabels, pkg/sku/helpers.go. */
export const GPU_LABELS = [
  "nvidia.com/gpu.product",
  "nvidia.com/gpu.count",
  "nvidia.com/gpu.memory",
] as const;

/** The GPU labels that a node lacks. */
export function missingGpuLabels({ metadata }: Node): string[] {
  return GPU_LABELS.filter((label) => !metadata.labels?.[label]);
}

const PLUGIN_SOCKETS = "/var/lib/kubelet/device-plugins";

/**
 * DaemonSets that offer a node's NVIDIA GPUs to the kubelet. NVIDIA ships feature discovery in the same image, so
 * that only the folder of the kubelet's sockets tells them apart.
 */
export function devicePlugins(cluster: Cluster): Workload[] | undefined {
  return cluster.list("daemonsets")?.filter(({ spec, metadata }) => {
    const pod = spec?.template?.spec;
    const mounts = (pod?.volumes ?? []).some(
      ({ hostPath }) => hostPath?.path.replace(/\/$/, "") === PLUGIN_SOCKETS,
    );
    const nvidia = [metadata.name, ...(pod?.containers ?? []).map(({ image = "" }) => image)];
    return mounts && nvidia.some((each) => /nvidia|k8s-device-plugin/.test(each));
  });
}

/** DaemonSets that label nodes by their GPUs, and those that label them by their hardware, which these build on. */
export function featureDiscovery(cluster: Cluster): Workload[] | undefined {
  return cluster
    .list("daemonsets")
    ?.filter(({ metadata }) =>
      /gpu-feature-discovery|node-feature-discovery-worker|nfd-worker/.test(metadata.name),
    );
}

/** The pods that a DaemonSet has on a node. */
export function podsOn(cluster: Cluster, { spec, metadata }: Workload, node: Node): Pod[] {
  return cluster
    .seen("pods")
    .filter(
      (pod) =>
        pod.spec?.nodeName === node.metadata.name &&
        pod.metadata.namespace === metadata.namespace &&
        selects(spec?.selector, pod.metadata.labels),
    );
}
