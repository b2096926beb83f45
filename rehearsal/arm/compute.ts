import { regions, sizes, type VmSize } from "./catalog.ts";
import otherSkus from "./data/other-skus.json" with { type: "json" };
import quotaData from "./data/quotas.json" with { type: "json" };
import { coresInUse, usages } from "./quota.ts";
import { isRestricted } from "./types/poolRules.ts";
import { ids, type World } from "./world.ts";

/** Rows of `Microsoft.Compute/skus`, as the API gives them: one for each size and region, disks and the like too. */
export function skuRows(world: World, location: string | undefined): unknown[] {
  const { scenario } = world.faults;
  const lists = built.get(scenario) ?? new Map<string, unknown[]>();
  built.set(scenario, lists);
  const rows = lists.get(location ?? "") ?? buildSkuRows(world, location);
  lists.set(location ?? "", rows);
  return rows;
}

// A list of thousands is asked for page by page; only the scenario changes it.
const built = new WeakMap<object, Map<string, unknown[]>>();

function buildSkuRows(world: World, location: string | undefined): unknown[] {
  const places = Object.keys(regions).filter((region) => location === undefined || region === location);
  return places.flatMap((region) => [
    ...otherSkus.rows.map((row) => otherRow(row, region)),
    ...[...sizes.values()]
      .filter((size) => size.regions.includes(region))
      .map((size) => sizeRow(world, size, region)),
  ]);
}

/** Rows of `Microsoft.Compute/locations/{region}/usages`. */
export function usageRows(world: World, location: string): unknown[] {
  const spelling: Record<string, string> = quotaData.usageSpelling;
  const nodes = world.pools().filter((pool) => pool.location === location);
  const used = coresInUse(nodes, location);
  used.set("virtualmachines", sum(nodes.map((pool) => pool.count)));
  used.set("virtualmachinescalesets", nodes.length);
  return usages(world.limits(location), used).map(({ name, current, limit }) => ({
    limit,
    unit: "Count",
    currentValue: current,
    name: { value: spelling[name] ?? name, localizedValue: localized(name) },
  }));
}

function sizeRow(world: World, size: VmSize, region: string): unknown {
  const reasonCode = "NotAvailableForSubscription";
  const blocked = isRestricted(world, region, size);
  const restrictions = [
    ...(blocked
      ? [{ type: "Location", values: [region], restrictionInfo: { locations: [region] }, reasonCode }]
      : []),
    ...(size.restricted.includes("Zone") && size.zones.length > 0
      ? [
          {
            type: "Zone",
            values: [region],
            restrictionInfo: { locations: [region], zones: size.zones },
            reasonCode,
          },
        ]
      : []),
  ];
  return {
    resourceType: "virtualMachines",
    name: size.size,
    tier: size.size.startsWith("Basic_") ? "Basic" : "Standard",
    size: size.size.replace(/^(Standard|Basic)_/, ""),
    family: size.family,
    locations: [region],
    locationInfo: [{ location: region, zones: size.zones, zoneDetails: [] }],
    capabilities: Object.entries(capabilities(size)).map(([name, value]) => ({ name, value: String(value) })),
    restrictions,
  };
}

function capabilities(size: VmSize): Record<string, string | number> {
  const flag = (value: boolean) => (value ? "True" : "False");
  return {
    MaxResourceVolumeMB: size.tempMiB,
    OSVhdSizeMB: 1047552,
    vCPUs: size.vCPUs,
    MemoryPreservingMaintenanceSupported: flag(size.gpus === 0),
    HyperVGenerations: size.hyperV.join(","),
    MemoryGB: size.memoryGiB,
    CpuArchitectureType: size.arch,
    LowPriorityCapable: flag(size.lowPriority),
    PremiumIO: flag(size.premiumIO),
    VMDeploymentTypes: "IaaS",
    vCPUsAvailable: size.available ?? size.vCPUs,
    ...(size.gpus > 0 ? { GPUs: size.gpus } : {}),
    EphemeralOSDiskSupported: flag(size.ephemeralOsDisk),
    AcceleratedNetworkingEnabled: flag(size.acceleratedNetworking),
    RdmaEnabled: flag(/\d+i?s?r/.test(size.size) && size.gpus > 0),
  };
}

interface OtherSku {
  resourceType: string;
  name: string;
  tier?: string;
  size?: string;
}

function otherRow(row: OtherSku, region: string): unknown {
  return {
    ...row,
    locations: [region],
    locationInfo: [{ location: region, zones: [], zoneDetails: [] }],
    capabilities: [],
    restrictions: [],
  };
}

function localized(name: string): string {
  const known: Record<string, string> = {
    cores: "Total Regional vCPUs",
    lowPriorityCores: "Total Regional Low-priority vCPUs",
    virtualMachines: "Virtual Machines",
    virtualMachineScaleSets: "Virtual Machine Scale Sets",
    availabilitySets: "Availability Sets",
  };
  return (
    known[name] ??
    (/family/i.test(name)
      ? `${name.replace(/\s?Family$/i, "").replace(/^standard/i, "Standard ")} Family vCPUs`
      : name)
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The subscription, as `GET /subscriptions/{id}` shows it. */
export function subscription(): unknown {
  return {
    id: `/subscriptions/${ids.subscription}`,
    authorizationSource: "RoleBased",
    subscriptionId: ids.subscription,
    tenantId: ids.tenant,
    displayName: "Rehearsal",
    state: "Enabled",
    subscriptionPolicies: {
      locationPlacementId: "Public_2014-09-01",
      quotaId: "PayAsYouGo_2014-09-01",
      spendingLimit: "Off",
    },
  };
}
