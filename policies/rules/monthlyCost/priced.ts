import { isAgentPool, isCluster } from "../../lib/azure.ts";
import type { StackPool } from "../../lib/stackPools.ts";
import type { StackResource } from "../../lib/stackRule.ts";
import { dig, isRecord, Unknown } from "../../lib/unknown.ts";

/** A resource as it is charged at most, with `Unknown` where a value isn't known. */
export interface PricedResource {
  /** The resource that is told of. */
  of: StackResource;
  type: string;
  inputs: Record<string, unknown>;
}

/** Deployments that keep nodes of pools up: at full scale the pools are counted with all their nodes. */
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";

/**
 * The resources as they are charged at most: each pool once, and spot, whose price changes by the day and has the
 * regular one as its limit, as regular.
 */
export function priced(resources: readonly StackResource[], pools: readonly StackPool[]): PricedResource[] {
  const once = new Set(pools.map(({ fields }) => fields));
  const made = pools.filter(({ resource }) => !isCluster(resource.type) && !isAgentPool(resource.type));
  const nodes = made.map(({ fields, name, resource }) => ({
    of: resource,
    type: "azure-native:containerservice:AgentPool",
    inputs: { ...fields, name },
  }));
  const others = resources.filter(({ type }) => type !== DEPLOYMENT);
  return [
    ...nodes,
    ...others.map((of) => {
      const inputs = isRecord(of.props) ? of.props : {};
      const listed = dig(inputs, "agentPoolProfiles");
      if (!isCluster(of.type)) return { of, type: of.type, inputs: regular(inputs) };
      const own = (Array.isArray(listed) ? listed : []).filter((each) => once.has(each)).map(regular);
      return { of, type: of.type, inputs: { ...inputs, agentPoolProfiles: own } };
    }),
  ];
}

function regular(fields: Record<string, unknown>): Record<string, unknown> {
  const profile = dig(fields, "virtualMachineProfile");
  const machines = isRecord(profile) ? { virtualMachineProfile: { ...profile, priority: undefined } } : {};
  return { ...fields, ...machines, scaleSetPriority: undefined, priority: undefined };
}

/** The same without what isn't known. */
export function withoutUnknown(value: unknown): unknown {
  if (value instanceof Unknown) return undefined;
  if (Array.isArray(value)) return value.map(withoutUnknown);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutUnknown(each)]));
}
