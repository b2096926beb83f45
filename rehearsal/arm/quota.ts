import type { AgentPoolState } from "./agentPools.ts";
import { sizes } from "./catalog.ts";
import quotaData from "./data/quotas.json" with { type: "json" };
import { ArmError } from "./errors.ts";

/** Limits by region, then by usage name (`cores`, `lowPriorityCores` or a family). */
export type QuotaLimits = Record<string, Record<string, number>>;

/** One row of `Microsoft.Compute/locations/{region}/usages`. */
export interface Usage {
  name: string;
  current: number;
  limit: number;
}

/** What a pool would need: cores of the size for its nodes, and for those that an upgrade adds. */
export interface Need {
  family: string;
  vCPUs: number;
  nodes: number;
  surge: number;
  spot: boolean;
}

/** What quota needs to know of a pool. */
export type Consumer = Pick<AgentPoolState, "location" | "vmSize" | "vCPUs" | "count" | "spot">;

/** The row that all spot families share. */
const spotRow = "lowPriorityCores";
/** The row of all on-demand cores of a region. */
const regionalRow = "cores";

const familyRow = /family/i;
const key = (name: string) => name.toLowerCase().replaceAll(/\s/g, "");

/** The rehearsal's limits of a region before a scenario changes them; families by Azure's own spelling. */
export function defaultLimits(location: string): Record<string, number> {
  const own = (quotaData.regions as QuotaLimits)[location] ?? {};
  const rows: Record<string, number> = { ...quotaData.base };
  for (const size of sizes.values()) {
    if (size.regions.includes(location)) {
      rows[size.family] ??= size.gpus > 0 ? 0 : quotaData.cpuFamilyLimit;
    }
  }
  return withOverrides(rows, own);
}

/** Sets limits by name, ignoring case and blanks in names as Azure's own spellings differ; `gpu` means all GPU families. */
export function withOverrides(
  limits: Record<string, number>,
  overrides: Record<string, number>,
): Record<string, number> {
  const result = { ...limits };
  const gpus = new Set([...sizes.values()].filter((size) => size.gpus > 0).map((size) => key(size.family)));
  for (const [name, limit] of Object.entries(overrides)) {
    const hits = Object.keys(result).filter((row) =>
      name === "gpu" ? gpus.has(key(row)) : key(row) === key(name),
    );
    for (const row of hits) {
      result[row] = limit;
    }
    if (hits.length === 0 && name !== "gpu" && familyRow.test(name)) {
      result[name] = limit;
    }
  }
  return result;
}

/** Cores in use by the pools of a region, by usage row. */
export function coresInUse(pools: readonly Consumer[], location: string): Map<string, number> {
  const used = new Map<string, number>();
  for (const pool of pools.filter((each) => each.location === location)) {
    const cores = pool.vCPUs * pool.count;
    const family = sizes.get(pool.vmSize.toLowerCase())?.family ?? "";
    for (const row of pool.spot ? [spotRow] : [regionalRow, family]) {
      used.set(key(row), (used.get(key(row)) ?? 0) + cores);
    }
  }
  return used;
}

/** All usage rows of a region. */
export function usages(limits: Record<string, number>, used: Map<string, number>): Usage[] {
  return Object.entries(limits).map(([name, limit]) => ({ name, limit, current: used.get(key(name)) ?? 0 }));
}

/**
 * Refuses what doesn't fit, as AKS does: the nodes, and those that an upgrade would add, must fit
 * both the family and the region; spot nodes count against one row of their own.
 *
 * @param used cores in use without the pool that is asked for
 * @throws {ArmError} 400 `ErrCode_InsufficientVCPUQuota` for a family or spot, 400 `QuotaExceeded` for the region
 */
export function checkQuota(
  need: Need,
  location: string,
  limits: Record<string, number>,
  used: Map<string, number>,
  owner: { cluster: string; group: string },
): void {
  const required = need.vCPUs * (need.nodes + need.surge);
  const rows = usages(limits, used);
  const row = (name: string) => rows.find((each) => key(each.name) === key(name));
  const bucket = need.spot ? spotRow : need.family;
  const own = row(bucket);
  const remaining = (own?.limit ?? 0) - (own?.current ?? 0);
  if (required > remaining) {
    throw familyQuotaError(required, remaining, bucket, location);
  }
  const region = row(regionalRow);
  if (!need.spot && region && required > region.limit - region.current) {
    throw new ArmError(
      400,
      "QuotaExceeded",
      `Provisioning of resource(s) for container service ${owner.cluster} in resource group ${owner.group} failed. Message: Operation could not be completed as it results in exceeding approved Total Regional Cores quota. Additional details - Deployment Model: Resource Manager, Location: ${location}, Current Limit: ${region.limit}, Current Usage: ${region.current}, Additional Required: ${required}, (Minimum) New Limit Required: ${region.current + required}.`,
      { fromProvider: true },
    );
  }
}

/** AKS's refusal when a family (or spot) has too few cores left. */
export function familyQuotaError(
  required: number,
  remaining: number,
  row: string,
  location: string,
): ArmError {
  return new ArmError(
    400,
    "ErrCode_InsufficientVCPUQuota",
    `Insufficient vcpu quota requested ${required}, remaining ${Math.max(0, remaining)} for family ${row} for region ${location}. Surge nodes would also consume vcpu quota.`,
    { fromProvider: true },
  );
}
