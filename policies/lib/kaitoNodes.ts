import { type AgentPool, isCluster } from "./azure.ts";
import { kindOf } from "./objects.ts";
import type { StackResource } from "./stackRule.ts";
import { dig, Unknown } from "./unknown.ts";

/** Where KAITO's resources name the VM size of their nodes, and how many there are at least. v1beta1, v0.11.0. */
const KINDS: Readonly<Record<string, { at: string[]; count: string[] }>> = {
  "kaito.sh/Workspace": { at: ["resource"], count: ["resource", "count"] },
  "kaito.sh/InferenceSet": { at: ["spec", "template", "resource"], count: ["spec", "replicas"] },
  "kaito.sh/RAGEngine": { at: ["spec", "compute"], count: ["spec", "compute", "count"] },
};

/**
 * The nodes that AKS's add-on of KAITO makes for models, as pools of a fixed number: of each at least one, and more
 * where a model needs them, which KAITO decides. Without the add-on the nodes are those of the stack's pools.
 */
export function kaitoNodes(resources: readonly StackResource[]): (AgentPool & { resource: StackResource })[] {
  const isOn = resources.some(
    ({ type, props }) => isCluster(type) && dig(props, "aiToolchainOperatorProfile", "enabled") === true,
  );
  if (!isOn) return [];
  return resources.flatMap((resource) => {
    const kind = kindOf(resource.type) ?? "";
    const places = KINDS[kind];
    if (places === undefined) return [];
    const vmSize = dig(resource.props, ...places.at, "instanceType");
    if (vmSize === undefined) return [];
    const count = dig(resource.props, ...places.count) ?? 1;
    const name = vmSize instanceof Unknown ? undefined : `${kind} ${resource.name}`;
    const path = places.at.join(".");
    const fields = { vmSize, count, enableAutoScaling: false };
    return [{ label: `the nodes of ${resource.name}`, path, name, fields, resource }];
  });
}
