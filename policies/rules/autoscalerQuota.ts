import { type StackPool, stackPools } from "../lib/stackPools.ts";
import { type StackFindings, stackRule } from "../lib/stackRule.ts";
import { dig, Unknown } from "../lib/unknown.ts";
import { type Verdict, verdictsIn } from "./autoscalerQuota/verdict.ts";
import { readVmSize } from "./autoscalerQuota/vmSize.ts";

/** Configuration of `autoscaler-quota`. */
export interface AutoscalerQuotaConfig {
  /** Limits in vCPUs, by the quota's name as `az vm list-usage` shows it. @default {} */
  quotas: Record<string, number>;
}

/** AKS's own, where a pool says nothing. Source: https://learn.microsoft.com/azure/aks/upgrade-aks-node-pools-rolling */
const DEFAULT_SURGE = "10%";
const SPOT_QUOTA = "lowprioritycores";
const REGIONAL_QUOTA = "cores";

/** Every pool can grow to its maximum. */
export const autoscalerQuota = stackRule<AutoscalerQuotaConfig>({
  name: "autoscaler-quota",
  displayName: "Autoscaler maximums within quota",
  severity: "high",
  demands:
    "All pools at their maximum, with the nodes that an upgrade adds, fit into the subscription's quota.",
  why:
    "A maximum beyond the quota is found out about on the day of the load: the autoscaler asks for nodes that Azure " +
    "refuses, and pods wait.",
  fix:
    "Lower maxCount, have the quota raised, or choose another VM size. Where VmSkuSelection doesn't choose the size, " +
    "write the quotas into the configuration, in vCPUs, as az vm list-usage --location <region> shows them.",
  config: {
    quotas: {
      type: "object",
      additionalProperties: { type: "number" },
      default: {},
      description:
        "Limits in vCPUs for pools whose size VmSkuSelection doesn't choose, by the quota's name as az vm list-usage " +
        'shows it: "standardDASv5Family", "cores" for the region, "lowPriorityCores" for spot.',
    },
  },
  check(resources, { quotas }, found) {
    const { pools, hidden } = stackPools(resources);
    for (const [value, resource] of hidden) found.unknown(value, resource);
    const known = verdictsIn(resources);
    const limits = new Map(
      Object.entries(quotas).map(([name, limit]) => [name.toLowerCase().replaceAll(/\s/g, ""), limit]),
    );
    const demands = new Map<string, { vcpus: number; pools: StackPool[] }>();
    for (const pool of pools) {
      const verdict = pool.name === undefined ? undefined : known.verdicts.get(pool.name);
      if (verdict !== undefined && verdict.vmSize === dig(pool.fields, "vmSize")) judge(pool, verdict, found);
      else if (known.hidden.length > 0 && dig(pool.fields, "vmSize") instanceof Unknown) {
        for (const [value, resource] of known.hidden) found.unknown(value, resource);
      } else for (const [quota, vcpus] of demandsOf(pool, limits, found)) add(demands, quota, vcpus, pool);
    }
    for (const [quota, { vcpus, pools: asking }] of demands) {
      const limit = limits.get(quota) ?? 0;
      const [first] = asking;
      if (vcpus <= limit || first === undefined) continue;
      const who = asking.map(({ label }) => label).join(", ");
      found.violation(
        `${who}: at full scale ${vcpus} vCPUs of the quota ${quota}, whose limit is ${limit}.`,
        first.resource,
      );
    }
    noOthers(resources, found);
  },
});

/** A pool whose size VmSkuSelection chose: its figures must be for as many nodes as the pool may have. */
function judge(pool: StackPool, verdict: Verdict, found: StackFindings) {
  const most = nodesOf(pool, found);
  if (most === undefined) return;
  const { code, vmSize, need, headroom, quota, maxCount = 0 } = verdict;
  if (code !== "ok") {
    found.violation(
      `Whether ${pool.label} fits into the quota isn't known: ${vmSize} is judged "${code}" (${verdict.reason}).`,
      pool.resource,
    );
  } else if (most > maxCount) {
    found.violation(
      `${pool.label} may grow to ${most} nodes, and VmSkuSelection asked the quota for ${maxCount}.`,
      pool.resource,
    );
  } else if (!verdict.fallback && need !== undefined && headroom !== undefined && need > headroom) {
    found.violation(
      `${pool.label} needs ${need} vCPUs at full scale, and ${headroom} are left of ${quota ?? "its quota"}.`,
      pool.resource,
    );
  }
}

/** What a pool takes of which configured quotas. */
function demandsOf(pool: StackPool, limits: Map<string, number>, found: StackFindings): [string, number][] {
  const vmSize = dig(pool.fields, "vmSize");
  const spot = dig(pool.fields, "scaleSetPriority");
  for (const value of [vmSize, spot]) {
    if (value instanceof Unknown) {
      found.unknown(value, pool.resource);
      return [];
    }
  }
  const size = readVmSize(String(vmSize ?? ""));
  const most = nodesOf(pool, found);
  if (most === undefined) return [];
  if (size === undefined) {
    found.violation(
      `How many vCPUs ${pool.label} takes of which quota can't be told from its VM size (${vmSize ?? "not set"}).`,
      pool.resource,
    );
    return [];
  }
  const family = spot === "Spot" ? SPOT_QUOTA : size.quota;
  if (!limits.has(family)) {
    found.violation(
      `The quota of ${pool.label} isn't known: no VmSkuSelection chose ${vmSize}, and the configuration has no ` +
        `quotas["${family}"].`,
      pool.resource,
    );
    return [];
  }
  const vcpus = size.vcpus * (most + surgeOf(pool, most, spot === "Spot"));
  const regional: [string, number][] =
    limits.has(REGIONAL_QUOTA) && spot !== "Spot" ? [[REGIONAL_QUOTA, vcpus]] : [];
  return [[family, vcpus], ...regional];
}

function add(
  demands: Map<string, { vcpus: number; pools: StackPool[] }>,
  quota: string,
  vcpus: number,
  pool: StackPool,
) {
  const before = demands.get(quota) ?? { vcpus: 0, pools: [] };
  demands.set(quota, { vcpus: before.vcpus + vcpus, pools: [...before.pools, pool] });
}

function nodesOf(pool: StackPool, found: StackFindings): number | undefined {
  const scaling = dig(pool.fields, "enableAutoScaling");
  const most = dig(pool.fields, scaling === true ? "maxCount" : "count");
  for (const value of [scaling, most]) {
    if (value instanceof Unknown) {
      found.unknown(value, pool.resource);
      return undefined;
    }
  }
  // Programs in YAML give text. AKS makes one node where nothing is said.
  const nodes = Number(most ?? 1);
  if (Number.isFinite(nodes) && nodes >= 0) return nodes;
  found.violation(`How many nodes ${pool.label} may have can't be read (${most}).`, pool.resource);
  return undefined;
}

/** Nodes that an upgrade adds; spot pools get none. */
function surgeOf(pool: StackPool, most: number, spot: boolean): number {
  if (spot) return 0;
  const surge = String(dig(pool.fields, "upgradeSettings", "maxSurge") ?? DEFAULT_SURGE);
  return surge.endsWith("%") ? Math.ceil((most * Number.parseFloat(surge)) / 100) : Number(surge);
}

/** What makes nodes without a maximum. */
function noOthers(resources: Parameters<typeof stackPools>[0], found: StackFindings) {
  for (const each of resources) {
    const mode = dig(each.props, "nodeProvisioningProfile", "mode");
    if (mode instanceof Unknown) found.unknown(mode, each);
    else if (mode === "Auto") {
      found.violation(
        `${each.name} makes nodes by itself (nodeProvisioningProfile.mode is Auto), and nothing says how many.`,
        each,
      );
    }
  }
}
