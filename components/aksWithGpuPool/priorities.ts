import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import type * as pulumi from "@pulumi/pulumi";
import type { NodePool } from "./pools.ts";

/**
 * The order in which the autoscaler tries pools, as its expander "priority" reads it: spot pools that have a fallback
 * before all others. A number may be there once; every pool must match one, or gets no node; a text is looked for
 * anywhere in the name of the pool's scale set, aks-<pool>-<number>-vmss.
 * Source: BestOption in cluster-autoscaler/expander/priority/priority.go of kubernetes/autoscaler.
 */
export function priorities(pools: readonly NodePool[]): string {
  const first = pools.filter(({ fallback }) => fallback !== undefined);
  return ["20:", ...first.map(({ name }) => `  - ^aks-${name}-`), "10:", "  - .*", ""].join("\n");
}

/** The ConfigMap that the autoscaler reads, by this name, in the cluster that it works for. */
export function priorityOrder(
  parent: pulumi.Resource,
  name: string,
  pools: readonly NodePool[],
  provider: pulumi.ProviderResource,
  cluster: pulumi.Resource,
): void {
  new ConfigMap(
    name,
    {
      metadata: { name: "cluster-autoscaler-priority-expander", namespace: "kube-system" },
      data: { priorities: priorities(pools) },
    },
    { parent, provider, deletedWith: cluster },
  );
}
