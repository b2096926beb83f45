import { createHash } from "node:crypto";
import {
  ApiException,
  CoreV1Api,
  KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  type V1Node,
  type V1Taint,
} from "@kubernetes/client-node";
import type { AgentPoolState } from "../arm/agentPools.ts";
import { gpuAnnotation, gpuHardware } from "./gpuHardware.ts";
import { nodePatch, ofPool } from "./nodePatch.ts";

/** Marks the nodes that this module made; kwok plays the kubelet of those that carry it. */
export const fake = { "kwok.x-k8s.io/node": "fake" };

/** The pods that an AKS node of the default size has room for with Azure CNI overlay. */
const maxPods = "250";

/** The calls that nodes are kept with. */
export type NodeApi = Pick<CoreV1Api, "listNode" | "readNode" | "createNode" | "patchNode" | "deleteNode">;

/** Makes the cluster's nodes those of the pools that Azure says exist. */
export async function syncNodes(kubeconfig: string, pools: readonly AgentPoolState[]): Promise<void> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  await reconcileNodes(config.makeApiClient(CoreV1Api), pools);
}

/**
 * Adds the nodes that are missing, removes those that are gone, and gives the ones that stay their pool's
 * labels and taints of now: AKS applies a change of either to the nodes that exist.
 */
export async function reconcileNodes(api: NodeApi, pools: readonly AgentPoolState[]): Promise<void> {
  const wanted = new Map(pools.flatMap(nodesOf).map((node) => [node.metadata?.name ?? "", node]));
  const present = (await api.listNode()).items.filter(
    (node) => node.metadata?.annotations?.["kwok.x-k8s.io/node"],
  );
  for (const name of present.map((node) => node.metadata?.name ?? "")) {
    const node = wanted.get(name);
    wanted.delete(name);
    if (node) {
      await bringUpToDate(api, name, node);
    } else {
      await api.deleteNode({ name }).catch(ignoreStatus(404));
    }
  }
  for (const node of wanted.values()) {
    await api.createNode({ body: node }).catch(ignoreStatus(409));
  }
}

/** Kubernetes's own controllers change a node's taints too, so a change is made to the node as it was read. */
async function bringUpToDate(api: NodeApi, name: string, wanted: V1Node): Promise<void> {
  for (;;) {
    const patch = nodePatch(await api.readNode({ name }), wanted);
    if (!patch) {
      return;
    }
    const answer = await api
      .patchNode({ name, body: patch }, setHeaderOptions("Content-Type", PatchStrategy.MergePatch))
      .catch(ignoreStatus(409));
    if (answer) {
      return;
    }
  }
}

function nodesOf(pool: AgentPoolState): V1Node[] {
  const scaleSet = createHash("sha256").update(pool.clusterId.toLowerCase()).digest("hex").slice(0, 8);
  return Array.from({ length: pool.count }, (_, index) => {
    const name = `aks-${pool.name}-${scaleSet}-vmss${index.toString(36).padStart(6, "0")}`;
    const capacity = {
      cpu: String(pool.vCPUs),
      memory: `${pool.memoryGiB}Gi`,
      "ephemeral-storage": "128Gi",
      pods: maxPods,
    };
    const labels = labelsOf(pool, name, index);
    const taints = pool.taints.map(parseTaint);
    return {
      metadata: {
        name,
        labels,
        annotations: { ...fake, ...ofPool(labels, taints), ...gpuAnnotation(gpuHardware(pool)) },
      },
      spec: {
        providerID: `azure:///subscriptions/x/resourceGroups/${pool.nodeResourceGroup}/providers/Microsoft.Compute/virtualMachineScaleSets/aks-${pool.name}-${scaleSet}-vmss/virtualMachines/${index}`,
        taints,
      },
      status: { capacity, allocatable: capacity },
    };
  });
}

/** The labels that AKS documents for its nodes, then the pool's own. */
function labelsOf(pool: AgentPoolState, name: string, index: number): Record<string, string> {
  return {
    "kubernetes.io/hostname": name,
    "kubernetes.io/os": "linux",
    "kubernetes.io/arch": pool.arch,
    "node.kubernetes.io/instance-type": pool.vmSize,
    "topology.kubernetes.io/region": pool.location,
    // A regional pool's nodes carry their fault domain instead of a zone.
    "topology.kubernetes.io/zone": pool.zones.length
      ? `${pool.location}-${pool.zones[index % pool.zones.length]}`
      : "0",
    agentpool: pool.name,
    "kubernetes.azure.com/agentpool": pool.name,
    "kubernetes.azure.com/cluster": pool.nodeResourceGroup,
    "kubernetes.azure.com/mode": pool.mode.toLowerCase(),
    "kubernetes.azure.com/os-sku": pool.osSku,
    "kubernetes.azure.com/role": "agent",
    ...(pool.spot ? { "kubernetes.azure.com/scalesetpriority": "spot" } : {}),
    ...(pool.gpus ? { accelerator: "nvidia", "kubernetes.azure.com/accelerator": "nvidia" } : {}),
    ...pool.labels,
  };
}

function parseTaint(text: string): V1Taint {
  const match = /^([^=:]+)(?:=([^:]*))?:(\w+)$/.exec(text);
  if (!match) {
    throw new Error(`node taint "${text}" is not of the form key=value:Effect`);
  }
  const [, key = "", value, effect = ""] = match;
  return { key, effect, ...(value ? { value } : {}) };
}

function ignoreStatus(status: number): (error: unknown) => undefined {
  return (error) => {
    if (!(error instanceof ApiException && error.code === status)) {
      throw error;
    }
    return undefined;
  };
}
