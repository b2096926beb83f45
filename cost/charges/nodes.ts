import { always, type Charge, type Charges, input, textOf } from "../charge.ts";
import { diskMeter } from "./disks.ts";

/** A node pool as AKS takes it, in a cluster or as an AgentPool of its own. */
interface Pool {
  name?: string;
  agentPoolName?: string;
  vmSize?: string;
  count?: number;
  minCount?: number;
  maxCount?: number;
  enableAutoScaling?: boolean;
  scaleSetPriority?: string;
  osDiskSizeGB?: number;
  osDiskType?: string;
}

/** The cluster: its tier, its way out to the internet, and the pools that are inline. */
export const managedCluster: Charges = (resource, context) => {
  const { prices, hours } = context;
  const tier = textOf(resource, "sku.tier") ?? "Free";
  const way = textOf(resource, "networkProfile.outboundType") ?? "loadBalancer";
  const pools = (input(resource, "agentPoolProfiles") ?? []) as Pool[];
  return [
    ...(tier === "Standard" ? [always(prices.meter("aks-standard-tier"), hours)] : []),
    ...(tier === "Premium" ? [always(prices.meter("aks-premium-tier"), hours)] : []),
    ...(way === "loadBalancer"
      ? [always(prices.meter("load-balancer"), hours), always(prices.meter("public-ip"), hours)]
      : []),
    ...pools.flatMap((pool) => nodes(pool, context)),
  ];
};

/** A node pool that is a resource of its own. */
export const agentPool: Charges = (resource, context) => nodes(resource.inputs as Pool, context);

/**
 * Pods that ask for nodes of a spot pool or of its fallback, whichever has them: neither pool has a least number, so
 * these are the nodes at rest. What they cost is decided by Azure's spare capacity.
 */
export const keptNodes: Charges = (resource) => {
  const labels = input(resource, "metadata.labels") as Record<string, string> | undefined;
  if (labels?.["mcpaas.dev/kept-nodes"] === undefined) return [];
  const selected = Object.values((input(resource, "spec.template.spec.nodeSelector") ?? {}) as object).join();
  const meter = {
    words: "nodes at rest, spot or regular",
    unit: "hour" as const,
    retail: { serviceName: "Virtual Machines" },
    price: () => "the price of a spot or of a regular machine, whichever Azure has",
  };
  return [{ meter, quantity: {}, note: `pool ${selected}: ${input(resource, "spec.replicas")}` }];
};

function nodes(pool: Pool, { prices, hours }: Parameters<Charges>[1]): Charge[] {
  const { vmSize = "unknown", count = 1, enableAutoScaling } = pool;
  const least = enableAutoScaling ? (pool.minCount ?? count) : count;
  const most = enableAutoScaling ? (pool.maxCount ?? count) : count;
  const many = least === most ? `${most}` : `${least} to ${most}`;
  const note = `pool ${pool.name ?? pool.agentPoolName ?? ""}: ${many} ${most === 1 && least === 1 ? "node" : "nodes"}`;
  const spot = pool.scaleSetPriority === "Spot";
  const machines = { meter: prices.vm(vmSize, { spot }), quantity: times(hours, least, most), note };
  const disks = osDisk(pool, vmSize);
  if (disks === undefined) return [machines];
  return [
    machines,
    { meter: prices.meter(disks), quantity: times(hours / 730, least, most), note: `${note}, OS disks` },
  ];
}

/**
 * The meter of a node's OS disk. Where a pool says no size, AKS makes it by the number of vCPUs; and an ephemeral one,
 * which is free, where the VM's cache has room for it, which isn't known here: so this is the most that it costs.
 * Source: https://learn.microsoft.com/azure/aks/concepts-storage, "Default OS disk sizing".
 */
function osDisk({ osDiskType, osDiskSizeGB }: Pool, vmSize: string): string | undefined {
  if (osDiskType === "Ephemeral") return undefined;
  const vcpus = Number(/^Standard_[A-Z]+(\d+)/.exec(vmSize)?.[1] ?? 0);
  const byVcpus = vcpus < 8 ? 128 : vcpus < 16 ? 256 : vcpus < 64 ? 512 : 1024;
  return diskMeter("p", osDiskSizeGB ?? byVcpus);
}

function times(unit: number, least: number, most: number) {
  return { rest: unit * least, full: unit * most };
}
