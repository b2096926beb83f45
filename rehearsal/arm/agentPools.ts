import { sizeIn } from "./catalog.ts";
import type { Resource, Store } from "./store.ts";

/** A node pool that exists, as whoever makes its nodes needs to know it. */
export interface AgentPoolState {
  clusterId: string;
  clusterName: string;
  /** Region in its short form, for example `eastus`. */
  location: string;
  nodeResourceGroup: string;
  name: string;
  /** For example `Standard_D4s_v5`. */
  vmSize: string;
  /** Nodes that exist now; an autoscaled pool's current count. */
  count: number;
  mode: "System" | "User" | "Gateway";
  labels: Record<string, string>;
  /** In AKS's form, `key=value:Effect`. */
  taints: string[];
  /** Empty for a regional pool. */
  zones: string[];
  spot: boolean;
  osSku: string;
  /** Processor architecture, in Kubernetes's words. */
  arch: "amd64" | "arm64";
  vCPUs: number;
  memoryGiB: number;
  /** GPUs of one node as ARM reports them: a fraction of an A10 counts as one. */
  gpus: number;
  gpuModel?: string;
  /** Memory of all GPUs of one node. */
  gpuMemoryGiB?: number;
}

/** ARM type of clusters. */
export const clusterType = "Microsoft.ContainerService/managedClusters";
/** ARM type of node pools. */
export const poolType = `${clusterType}/agentPools`;

/** All pools that exist: not those being deleted, nor those of a cluster that is. */
export function agentPoolStates(store: Store): AgentPoolState[] {
  return store.ofType(clusterType).flatMap((cluster) =>
    cluster.state === "Deleting"
      ? []
      : store
          .ofType(poolType, cluster.id)
          .filter((pool) => pool.state !== "Deleting")
          .map((pool) => stateOf(cluster, pool)),
  );
}

function stateOf(cluster: Resource, pool: Resource): AgentPoolState {
  const location = String(cluster.body["location"]);
  const properties = pool.body.properties;
  const size = sizeIn(location, properties["vmSize"]);
  return {
    clusterId: cluster.id,
    clusterName: cluster.name,
    location,
    nodeResourceGroup: String(cluster.body.properties["nodeResourceGroup"]),
    name: pool.name,
    vmSize: size?.size ?? String(properties["vmSize"]),
    count: Number(properties["count"] ?? 0),
    mode: (properties["mode"] as AgentPoolState["mode"]) ?? "User",
    labels: (properties["nodeLabels"] as Record<string, string>) ?? {},
    taints: (properties["nodeTaints"] as string[]) ?? [],
    zones: (properties["availabilityZones"] as string[]) ?? [],
    spot: properties["scaleSetPriority"] === "Spot",
    osSku: String(properties["osSKU"] ?? "Ubuntu"),
    arch: size?.arch === "Arm64" ? "arm64" : "amd64",
    vCPUs: size?.vCPUs ?? 0,
    memoryGiB: size?.memoryGiB ?? 0,
    gpus: size?.gpus ?? 0,
    ...(size?.gpuModel ? { gpuModel: size.gpuModel } : {}),
    ...(size?.gpuMemoryGiB ? { gpuMemoryGiB: size.gpuMemoryGiB } : {}),
  };
}
