import { createHash } from "node:crypto";
import { ApiException, CoreV1Api, KubeConfig, type V1Node, type V1Taint } from "@kubernetes/client-node";
import type { AgentPoolState } from "../arm/agentPools.ts";

/** Marks the nodes that this module made; kwok plays the kubelet of those that carry it. */
const fake = { "kwok.x-k8s.io/node": "fake" };

/** The pods that an AKS node of the default size has room for with Azure CNI overlay. */
const maxPods = "250";

/**
 * Makes the cluster's nodes those of the pools that Azure says exist: adds what is missing and
 * removes what is gone. A node that stays is left as it is.
 */
export async function syncNodes(kubeconfig: string, pools: readonly AgentPoolState[]): Promise<void> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const api = config.makeApiClient(CoreV1Api);
  const wanted = new Map(pools.flatMap(nodesOf).map((node) => [node.metadata?.name ?? "", node]));
  const present = (await api.listNode()).items.filter(
    (node) => node.metadata?.annotations?.["kwok.x-k8s.io/node"],
  );
  for (const name of present.map((node) => node.metadata?.name ?? "")) {
    if (!wanted.delete(name)) {
      await api.deleteNode({ name }).catch(ignoreStatus(404));
    }
  }
  for (const node of wanted.values()) {
    await api.createNode({ body: node }).catch(ignoreStatus(409));
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
    return {
      metadata: { name, labels: labelsOf(pool, name, index), annotations: fake },
      spec: {
        providerID: `azure:///subscriptions/x/resourceGroups/${pool.nodeResourceGroup}/providers/Microsoft.Compute/virtualMachineScaleSets/aks-${pool.name}-${scaleSet}-vmss/virtualMachines/${index}`,
        taints: pool.taints.map(parseTaint),
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
    "kubernetes.io/arch": /^standard_[a-z]+\d+[a-z]*p/i.test(pool.vmSize) ? "arm64" : "amd64",
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

function ignoreStatus(status: number): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof ApiException && error.code === status)) {
      throw error;
    }
  };
}
