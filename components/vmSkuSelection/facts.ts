/** A VM size as a region offers it to a subscription. */
export interface Sku {
  name: string;
  /** The row of the usages that counts its cores; Azure's spelling differs from list to list. */
  family: string;
  /** What quota counts. */
  vcpus: number;
  /** What a node has: less than `vcpus` for a constrained size. */
  usableVcpus: number;
  memoryGiB: number;
  /** As Azure counts them: a sixth of a GPU counts as 1. */
  gpus: number;
  arch: "amd64" | "arm64";
  spot: boolean;
  /** The zones that offer it, those that are restricted for the subscription left out. */
  zones: string[];
  /** Why the subscription may not use it in the region at all. */
  restriction?: string;
}

/** A row of the usages: a limit on vCPUs and what is used of it. */
export interface Quota {
  name: string;
  /** Its name for people, as the Azure portal shows it. */
  title: string;
  limit: number;
  used: number;
}

/** What Azure says of a region. */
export interface RegionFacts {
  location: string;
  skus: Sku[];
  quotas: Quota[];
}

/** The part of Azure's ResourceSku that is read here. */
export interface ArmSku {
  name?: string;
  resourceType?: string;
  family?: string;
  capabilities?: readonly { name?: string; value?: string }[];
  locationInfo?: readonly { location?: string; zones?: readonly string[] }[];
  restrictions?: readonly {
    type?: string;
    reasonCode?: string;
    restrictionInfo?: { locations?: readonly string[]; zones?: readonly string[] };
  }[];
}

/** The part of Azure's Usage that is read here. */
export interface ArmUsage {
  name: { value?: string; localizedValue?: string };
  currentValue: number;
  limit: number;
}

/** "East US" and "eastus" are the same region. */
export function normalizeLocation(location: string): string {
  return location.toLowerCase().replaceAll(/\s/g, "");
}

/** Turns Azure's lists of a region into facts; what is no VM size is left out. */
export function regionFacts(
  location: string,
  skus: readonly ArmSku[],
  usages: readonly ArmUsage[],
): RegionFacts {
  const region = normalizeLocation(location);
  return {
    location: region,
    skus: skus.filter((sku) => sku.resourceType === "virtualMachines").map((sku) => toSku(sku, region)),
    quotas: usages.map(({ name, currentValue, limit }) => ({
      name: name.value ?? "",
      title: name.localizedValue ?? name.value ?? "",
      limit,
      used: currentValue,
    })),
  };
}

function toSku(sku: ArmSku, region: string): Sku {
  const capability = (name: string) =>
    sku.capabilities?.find((each) => each.name?.toLowerCase() === name.toLowerCase())?.value;
  const number = (name: string) => Number(capability(name) ?? 0);
  const here = (locations: readonly string[] | undefined) =>
    !locations?.length || locations.some((each) => normalizeLocation(each) === region);
  const restrictions = (sku.restrictions ?? []).filter((each) => here(each.restrictionInfo?.locations));
  const blockedZones = new Set(
    restrictions.flatMap((each) => (each.type === "Zone" ? (each.restrictionInfo?.zones ?? []) : [])),
  );
  const offered = sku.locationInfo?.find((each) => here(each.location ? [each.location] : []))?.zones ?? [];
  return {
    name: sku.name ?? "",
    family: sku.family ?? "",
    vcpus: number("vCPUs"),
    usableVcpus: number("vCPUsAvailable") || number("vCPUs"),
    memoryGiB: number("MemoryGB"),
    gpus: number("GPUs"),
    arch: capability("CpuArchitectureType")?.toLowerCase() === "arm64" ? "arm64" : "amd64",
    spot: capability("LowPriorityCapable")?.toLowerCase() === "true",
    zones: offered.filter((zone) => !blockedZones.has(zone)).sort(),
    restriction: restrictions.find((each) => each.type === "Location")?.reasonCode,
  };
}
