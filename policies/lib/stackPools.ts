import { type AgentPool, agentPools, isAgentPool, isCluster } from "./azure.ts";
import { kaitoNodes } from "./kaitoNodes.ts";
import { inOrder } from "./objects.ts";
import type { StackResource } from "./stackRule.ts";
import { dig, type Unknown } from "./unknown.ts";

/** A node pool, and the resource that it is in. */
export interface StackPool extends AgentPool {
  resource: StackResource;
}

/**
 * All node pools of a stack, each once: after a refresh a cluster lists also those that are resources of their own.
 * What AKS's add-on of KAITO makes for models is among them.
 */
export function stackPools(all: readonly StackResource[]): {
  pools: StackPool[];
  hidden: [Unknown, StackResource][];
} {
  const resources = inOrder(all);
  const pools: StackPool[] = [];
  const hidden: [Unknown, StackResource][] = [];
  const own = resources.filter(({ type }) => isAgentPool(type));
  for (const resource of [...own, ...resources.filter(({ type }) => isCluster(type))]) {
    const found = agentPools(resource.type, resource.props);
    for (const each of found.hidden) hidden.push([each, resource]);
    for (const pool of found.pools) {
      const again =
        pool.path !== "" && pools.some((each) => each.path === "" && isSame(each, pool, resource));
      if (!again) pools.push({ ...pool, resource });
    }
  }
  return { pools: [...pools, ...kaitoNodes(resources)], hidden };
}

/** Whether a pool of its own is the one that a cluster lists. */
function isSame(own: StackPool, listed: AgentPool, cluster: StackResource): boolean {
  if (own.name !== listed.name) return false;
  const [of, name] = [
    dig(own.fields, "resourceName"),
    dig(cluster.props, "resourceName") ?? dig(cluster.props, "name"),
  ];
  return typeof of !== "string" || typeof name !== "string" || of === name;
}
