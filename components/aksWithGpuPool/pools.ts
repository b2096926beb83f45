import type { AgentPoolArgs } from "@pulumi/azure-native/containerservice/agentPool.js";
import { TAINT } from "../forms.ts";
import { ensure, InputPropertyError, matches, wholeNumber } from "../validation.ts";
import type { VmPoolRequest } from "../vmSkuSelection.ts";
import { ensureGpus } from "./gpuSize.ts";
import {
  type CheckedFallback,
  checkedFallback,
  type FallbackPoolArgs,
  SPOT_LABEL,
  SPOT_TAINT,
} from "./spot.ts";
import { surgeNodes } from "./surge.ts";

/** The label that tells this project's pools apart; a pod selects its nodes by it. */
export const POOL_LABEL = "mcpaas.dev/pool";

/** What keeps other pods off GPU nodes. KAITO's pods tolerate exactly this one by default. */
export const GPU_TAINT = "sku=gpu:NoSchedule";

/** What every node pool can be told. */
export interface NodePoolArgs {
  /** A VM size to use whatever the quota says, for example "Standard_D4s_v5". @default - chosen by quota */
  vmSize?: string;
  /** VM sizes to try first, best first. @default - the candidates of VmSkuSelection */
  preferredSkus?: string[];
  /** Fewest vCPUs of a node, when the size is chosen. @default 2 */
  minVcpus?: number;
  /** Least memory of a node in GiB, when the size is chosen. @default 8 */
  minMemoryGiB?: number;
  /** Processor architecture of the nodes. @default "amd64" */
  nodeArch?: "amd64" | "arm64";
  /** Nodes that are always there, 0 to 1000 (the system pool: at least 1). @default 1 */
  minCount?: number;
  /** Nodes at most, 1 to 1000; the quota is checked for this many. @default 3 */
  maxCount?: number;
  /** Availability zones, for example ["1", "2", "3"]. @default - none: a regional pool */
  zones?: string[];
  /** Size of the OS disk in GiB. @default - what AKS picks for the VM size */
  osDiskSizeGiB?: number;
  /** Labels of the nodes, besides the pool's own. @default - none */
  labels?: Record<string, string>;
  /** Taints of the nodes, such as "team=a:NoSchedule", besides the pool's own. @default - none */
  taints?: string[];
}

/** A GPU pool's own choices; see {@link NodePoolArgs} for the rest. */
export interface GpuPoolArgs extends NodePoolArgs {
  /**
   * A VM size to use whatever the quota says, for example "Standard_NC24ads_A100_v4". One without GPUs, or with
   * GPUs that can't run KAITO's models (a T4), is an error. @default - chosen by quota
   */
  vmSize?: string;
  /** GPUs of a node. @default 1 */
  gpus?: number;
  /** Least memory of all a node's GPUs, in GiB. @default - any */
  minGpuMemoryGiB?: number;
  /** Spot VMs: cheap, and evicted when Azure needs them. @default false */
  spot?: boolean;
  /**
   * A second pool, of regular VMs of the same size, whose nodes come when there are no spot ones. Pods that tolerate
   * both and select nodes by mcpaas.dev/pool run on either; the cluster autoscaler tries spot first. Both pools may
   * then have no node (`minCount` isn't sent), because Azure refuses to make a spot pool with nodes that it hasn't
   * got: whoever needs nodes before a pod does asks for them with KeptNodes. Needs `spot`, and quota for both.
   * @default - none: without spot capacity nothing runs
   */
  fallback?: FallbackPoolArgs;
  /**
   * Who installs the GPU driver: AKS ("Install") or nobody ("None", for NVIDIA's GPU operator).
   * Source: `gpuProfile.driver` of Microsoft.ContainerService/managedClusters/agentPools.
   * @default "Install"
   */
  driver?: "Install" | "None";
}

/** A pool as the component uses it: every choice made. */
export interface NodePool {
  readonly name: string;
  readonly role: "system" | "user" | "gpu";
  readonly minCount: number;
  readonly maxCount: number;
  readonly maxSurge: number;
  readonly labels: Record<string, string>;
  readonly taints: string[];
  readonly zones?: string[];
  readonly osDiskSizeGiB?: number;
  readonly spot: boolean;
  readonly driver?: "Install" | "None";
  readonly request: VmPoolRequest;
  /** The pool whose VM size it has; it isn't chosen for itself then. */
  readonly sizeOf: string;
  /** What takes over from it. */
  readonly fallback?: CheckedFallback;
}

/** A pool with its defaults filled in and its arguments checked. */
export function nodePool(
  role: NodePool["role"],
  args: GpuPoolArgs,
  { name, path } = { name: role as string, path: `${role}Pool` },
): NodePool {
  const minCount = ensure(
    `${path}.minCount`,
    args.minCount ?? 1,
    wholeNumber(role === "system" ? 1 : 0, 1000),
  );
  const maxCount = ensure(`${path}.maxCount`, args.maxCount ?? 3, wholeNumber(1, 1000));
  if (minCount > maxCount) {
    throw new InputPropertyError(
      `${path}.minCount`,
      `${minCount} is more than maxCount, which is ${maxCount}`,
    );
  }
  for (const [i, taint] of (args.taints ?? []).entries()) {
    ensure(`${path}.taints[${i}]`, taint, matches(TAINT));
  }
  const gpu = role === "gpu";
  const spot = args.spot ?? false;
  const gpus = gpu ? (args.gpus ?? 1) : 0;
  const maxSurge = surgeNodes(gpus);
  const request: VmPoolRequest = withoutUndefined({
    vmSize: args.vmSize,
    preferredSkus: args.preferredSkus,
    nodeArch: args.nodeArch ?? "amd64",
    gpus: gpu ? gpus : undefined,
    minGpuMemoryGiB: args.minGpuMemoryGiB,
    minVcpus: gpu ? args.minVcpus : (args.minVcpus ?? 2),
    minMemoryGiB: gpu ? args.minMemoryGiB : (args.minMemoryGiB ?? 8),
    maxCount,
    maxSurge,
    ...(role === "system" ? { burstable: false, inline: true } : {}),
    spot: spot || undefined,
    zones: args.zones,
  });
  if (gpu) ensureGpus(`${path}.vmSize`, request);
  const fallback = args.fallback && checkedFallback(path, name, args.fallback, { spot, maxCount });
  return {
    name,
    role,
    minCount: fallback ? 0 : minCount,
    maxCount,
    maxSurge,
    labels: { ...args.labels, [POOL_LABEL]: name, ...(spot ? SPOT_LABEL : {}) },
    taints: [...(gpu ? [GPU_TAINT] : []), ...(spot ? [SPOT_TAINT] : []), ...(args.taints ?? [])],
    zones: args.zones,
    osDiskSizeGiB: args.osDiskSizeGiB,
    spot,
    driver: gpu ? (args.driver ?? "Install") : undefined,
    request: fallback
      ? { ...request, fallback: { pool: fallback.name, maxCount: fallback.maxCount } }
      : request,
    sizeOf: name,
    fallback,
  };
}

/** What is the same in a cluster's inline profile and in an AgentPool of its own. */
export function poolProperties(pool: NodePool) {
  return {
    mode: pool.role === "system" ? "System" : "User",
    type: "VirtualMachineScaleSets",
    osType: "Linux",
    osSKU: "Ubuntu",
    count: pool.minCount,
    enableAutoScaling: true,
    minCount: pool.minCount,
    maxCount: pool.maxCount,
    nodeLabels: pool.labels,
    // AKS plans LocalDNS as the default of newer Kubernetes versions: pods then ask an address of their node, which
    // no NetworkPolicy that selects the cluster's DNS pods lets them reach.
    localDNSProfile: { mode: "Disabled" },
    ...(pool.taints.length > 0 ? { nodeTaints: pool.taints } : {}),
    ...(pool.zones ? { availabilityZones: pool.zones } : {}),
    ...(pool.osDiskSizeGiB ? { osDiskSizeGB: pool.osDiskSizeGiB } : {}),
    ...(pool.spot
      ? { scaleSetPriority: "Spot", scaleSetEvictionPolicy: "Delete", spotMaxPrice: -1 }
      : { upgradeSettings: upgradeSettings(pool.maxSurge) }),
    ...(pool.driver ? { gpuProfile: { driver: pool.driver } } : {}),
  } satisfies Partial<AgentPoolArgs>;
}

/** AKS takes these settings for pools of regular VMs only: a spot pool never gets surge nodes. */
function upgradeSettings(maxSurge: number) {
  return maxSurge === 0 ? { maxSurge: "0", maxUnavailable: "1" } : { maxSurge: String(maxSurge) };
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T;
}
