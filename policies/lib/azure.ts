import { dig, isRecord, join, Unknown } from "./unknown.ts";

/**
 * Tells resources of Azure's by their Pulumi type: plain, with an API version in the module, and of an SDK that was
 * made for one API version.
 */
export function azureType(module: string, ...names: string[]): (type: string) => boolean {
  const pattern = new RegExp(
    `^azure-native(?:_${module}_v\\w+)?:${module}(?:/v\\w+)?:(?:${names.join("|")})$`,
  );
  return (type) => pattern.test(type);
}

export const isCluster = azureType("containerservice", "ManagedCluster");
export const isAgentPool = azureType("containerservice", "AgentPool");
export const isRegistry = azureType("containerregistry", "Registry");

/** A node pool of AKS: an AgentPool of its own, or one that is written inside its cluster. */
export interface AgentPool {
  /** For people, for example `pool "gpu"`. */
  label: string;
  /** Where it stands in the resource; empty for a resource of its own. */
  path: string;
  name: string | undefined;
  fields: Record<string, unknown>;
}

/** The node pools that a resource holds, and what hides some of them. `props` come from `reveal`. */
export function agentPools(type: string, props: unknown): { pools: AgentPool[]; hidden: Unknown[] } {
  if (isAgentPool(type) && isRecord(props)) return { pools: [agentPool(props, "")], hidden: [] };
  if (!isCluster(type)) return { pools: [], hidden: [] };
  const list = dig(props, "agentPoolProfiles");
  if (list instanceof Unknown) return { pools: [], hidden: [list] };
  if (!Array.isArray(list)) return { pools: [], hidden: [] };
  return {
    pools: list.flatMap((each, i) => (isRecord(each) ? [agentPool(each, join("agentPoolProfiles", i))] : [])),
    hidden: list.filter((each) => each instanceof Unknown),
  };
}

function agentPool(fields: Record<string, unknown>, path: string): AgentPool {
  // The name is an input by one key, and an output, or a cluster's part, by the other.
  const found = dig(fields, "agentPoolName") ?? dig(fields, "name");
  const name = typeof found === "string" ? found : undefined;
  return { label: name === undefined ? "the pool" : `pool "${name}"`, path, name, fields };
}

/** The path of a pool's field, as a person would look for it. */
export function at({ path }: AgentPool, field: string): string {
  return join(path, field);
}

/**
 * Whether VMs of this size have GPUs: families N, but for NP, which has FPGAs.
 * Source: https://learn.microsoft.com/azure/virtual-machines/sizes/overview
 */
export function hasGpus(vmSize: string): boolean {
  return /^standard_n[a-oq-z]/i.test(vmSize);
}
