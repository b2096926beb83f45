import { isObject } from "../../azure/values.ts";
import { poolType } from "../agentPools.ts";
import { sizeIn, sizes, type VmSize } from "../catalog.ts";
import { refusal } from "../errors.ts";
import { type Consumer, checkQuota, coresInUse } from "../quota.ts";
import type { Properties, Resource } from "../store.ts";
import type { World } from "../world.ts";
import { withDefaults } from "./row.ts";

/** The cluster that a pool belongs to, which may not exist yet. */
export interface PoolOwner {
  cluster: string;
  group: string;
  location: string;
  /** Kubernetes version without a preceding `v`. */
  version: string;
  /** Azure CNI overlay gives a node 250 pods, flat Azure CNI 30, kubenet 110. */
  maxPods: number;
}

const spotTaint = "kubernetes.azure.com/scalesetpriority=spot:NoSchedule";

/** The pools of a cluster. */
export function poolsOf(world: World, clusterId: string): Resource[] {
  return world.store.ofType(poolType, clusterId);
}

/**
 * Checks a pool as AKS does before it accepts one (size, restriction, zones, mode, autoscaling,
 * quota) and fills in what AKS sets.
 *
 * @param others pools that exist or are asked for at the same time, without this one
 */
export function completePool(
  world: World,
  owner: PoolOwner,
  name: string,
  asked: Properties,
  existing: Properties | undefined,
  others: readonly Consumer[],
): Properties {
  const size = offeredSize(world, owner, name, asked["vmSize"]);
  checkZones(owner, name, size, (asked["availabilityZones"] as string[] | undefined) ?? []);
  checkSystemCounts(asked);
  const count = nodeCount(name, asked, existing);
  checkMode(name, asked, size, count);
  const spot = asked["scaleSetPriority"] === "Spot";
  const grows = count > Number(existing?.["count"] ?? 0);
  if (grows) {
    const need = { family: size.family, vCPUs: size.vCPUs, nodes: count, surge: surge(asked, count), spot };
    const used = coresInUse(others, owner.location);
    checkQuota(need, owner.location, world.limits(owner.location), used, owner);
  }
  const taints = (asked["nodeTaints"] as string[] | undefined) ?? [];
  return {
    ...withDefaults(asked, {
      vmSize: size.size,
      osDiskSizeGB: 128,
      osDiskType: "Managed",
      kubeletDiskType: "OS",
      maxPods: owner.maxPods,
      type: "VirtualMachineScaleSets",
      mode: "User",
      osType: "Linux",
      osSKU: "Ubuntu",
      scaleDownMode: "Delete",
      enableAutoScaling: false,
      enableFIPS: false,
      enableNodePublicIP: false,
      upgradeSettings: { maxSurge: "10%" },
      orchestratorVersion: owner.version,
      ...(spot ? { spotMaxPrice: -1, scaleSetEvictionPolicy: "Delete" } : {}),
    }),
    count,
    // AKS adds the taint by itself, and shows it.
    ...(spot && !taints.includes(spotTaint) ? { nodeTaints: [...taints, spotTaint] } : {}),
    currentOrchestratorVersion: asked["orchestratorVersion"] ?? owner.version,
    nodeImageVersion: "AKSUbuntu-2204gen2containerd-202510.19.0",
    powerState: { code: "Running" },
  };
}

function offeredSize(world: World, { location, cluster }: PoolOwner, pool: string, asked: unknown): VmSize {
  const size = sizeIn(location, asked ?? "Standard_D2ds_v5");
  if (size && !isRestricted(world, location, size)) {
    return size;
  }
  const available = [...sizes.values()]
    .filter((each) => each.regions.includes(location) && !isRestricted(world, location, each))
    .map((each) => each.size.toLowerCase());
  throw refusal(
    400,
    "BadRequest",
    `AgentPoolProfile:${pool} of ${cluster}: The VM size of ${asked} is not allowed in your subscription in location '${location}'. The available VM sizes are '${available.join(",")}'. For more details, please visit https://aka.ms/aks/quotas-skus-regions`,
    "properties.vmSize",
  );
}

/** Whether the subscription may not use a size in a region: by the list, or by the scenario. */
export function isRestricted(world: World, location: string, size: VmSize): boolean {
  const rules = world.faults.scenario.restricted;
  const byScenario = [rules?.["*"], rules?.[location]].some(
    (rule) => rule !== undefined && new RegExp(rule, "i").test(size.size),
  );
  return byScenario || size.restricted.includes("Location");
}

function checkZones({ cluster, group, location }: PoolOwner, pool: string, size: VmSize, zones: string[]) {
  const offered = size.restricted.includes("Zone") ? [] : size.zones;
  const wrong = zones.filter((zone) => !offered.includes(zone));
  if (wrong.length > 0) {
    throw refusal(
      400,
      "AvailabilityZoneNotSupported",
      `Preflight validation check for resource(s) for container service ${cluster} in resource group ${group} failed. Message: The zone(s) '${wrong.join(",")}' for resource '${pool}' is not supported. The supported zones for location '${location}' are '${offered.join(",")}'`,
      "properties.availabilityZones",
    );
  }
}

function nodeCount(name: string, asked: Properties, existing: Properties | undefined): number {
  const min = asked["minCount"] as number | undefined;
  const max = asked["maxCount"] as number | undefined;
  if (asked["enableAutoScaling"] !== true) {
    return Number(asked["count"] ?? existing?.["count"] ?? 1);
  }
  if (min === undefined || max === undefined || min > max) {
    throw refusal(
      400,
      "InvalidParameter",
      `The autoscaler of agent pool ${name} needs minCount and maxCount, and minCount not above maxCount; they are ${min} and ${max}.`,
      "properties.minCount",
    );
  }
  // Once the autoscaler runs, the count is its own: a request can't set it, only the limits. The CLI, the portal
  // and Terraform refuse a count outside of them; no public source shows AKS doing so, so here it is moved inside.
  const wanted = Number(existing?.["count"] ?? asked["count"] ?? min);
  return Math.min(max, Math.max(min, wanted));
}

/** Only user pools may be without nodes; the autoscaler may not take a system pool there either. */
function checkSystemCounts(asked: Properties): void {
  const wrong = ["count", "minCount"].find((name) => asked["mode"] === "System" && asked[name] === 0);
  if (wrong) {
    const parameter = `agentPoolProfile.${wrong}`;
    throw refusal(
      400,
      "InvalidParameter",
      `The value of parameter ${parameter} is invalid. ${parameter} was 0. It must be greater or equal to minCount:1 and less than or equal to maxCount:1000. Please see https://aka.ms/aks-naming-rules for more details.`,
      parameter,
    );
  }
}

function checkMode(name: string, asked: Properties, size: VmSize, count: number): void {
  if (asked["mode"] !== "System") {
    return;
  }
  if (size.vCPUs < 2 || size.memoryGiB < 4) {
    throw refusal(
      400,
      "SystemPoolSkuTooLow",
      `The system node pool ${name} must use a VM size with at least 2 cores and 4 GB of memory; ${size.size} has less.`,
      "properties.vmSize",
    );
  }
  if (asked["scaleSetPriority"] === "Spot" || count < 1) {
    throw refusal(
      400,
      "InvalidParameter",
      `The system node pool ${name} can't be spot and needs at least one node.`,
      "properties.mode",
    );
  }
}

/** Nodes that an upgrade adds: `maxSurge` as a number or a share of the nodes, rounded up. */
export function surge(asked: Properties, count: number): number {
  const settings = asked["upgradeSettings"];
  const text = String((isObject(settings) ? settings["maxSurge"] : undefined) ?? "10%");
  return text.endsWith("%") ? Math.ceil((count * Number.parseFloat(text)) / 100) : Number.parseInt(text, 10);
}
