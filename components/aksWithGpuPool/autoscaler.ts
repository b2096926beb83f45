import type { input } from "@pulumi/azure-native/types/index.js";
import { type Check, ensure, InputPropertyError, wholeNumber } from "../validation.ts";

/**
 * How the cluster autoscaler adds nodes and takes them away; one profile for all pools of a cluster.
 * Source: `autoScalerProfile` of Microsoft.ContainerService/managedClusters, and
 * https://learn.microsoft.com/azure/aks/cluster-autoscaler#cluster-autoscaler-profile-settings
 */
export interface AutoscalerArgs {
  /**
   * Which pool gets the next node, where a waiting pod may run on several. "priority" goes by the ConfigMap
   * cluster-autoscaler-priority-expander in kube-system, which this project makes for spot pools with a fallback;
   * those need it. Without that ConfigMap "priority" adds no node at all.
   * @default "least-waste", or "priority" when a pool has a fallback
   */
  expander?: "least-waste" | "most-pods" | "priority" | "random";
  /**
   * How long a node must be of no use before it goes, in minutes, 1 to 1440. A GPU node that is missed afterwards
   * takes longer than this to be back with its model; one that stays is paid for. @default 10
   */
  scaleDownUnneededMinutes?: number;
  /** How long no node goes after one came, in minutes, 0 to 1440. A short one makes nodes come and go. @default 10 */
  scaleDownDelayAfterAddMinutes?: number;
  /**
   * How long no node goes after one went, in seconds, 0 to 86400. @default - `scanIntervalSeconds`, as with AKS
   */
  scaleDownDelayAfterDeleteSeconds?: number;
  /** How long no node goes after one couldn't be removed, in minutes, 1 to 1440. @default 3 */
  scaleDownDelayAfterFailureMinutes?: number;
  /** How long a node that isn't ready must be of no use before it goes, in minutes, 1 to 1440. @default 20 */
  scaleDownUnreadyMinutes?: number;
  /**
   * Share of a node, above 0 and up to 1, below which its pods may be moved so that it can go: of CPU or memory, the
   * larger one, that pods request; of a GPU node its GPUs alone. A model has all GPUs of its nodes, so that any value
   * keeps them. @default 0.5
   */
  scaleDownUtilizationThreshold?: number;
  /**
   * Leave pods of DaemonSets out of that share. Else a small node never goes, because AKS's own agents take more than
   * half of it. @default true
   */
  ignoreDaemonsetsUtilization?: boolean;
  /** How often waiting pods and idle nodes are looked for, in seconds, 1 to 3600. @default 10 */
  scanIntervalSeconds?: number;
  /** Leave pods alone that have waited for less than this, in seconds, 0 to 3600. @default 0 */
  newPodScaleUpDelaySeconds?: number;
  /**
   * How long a node may take to come, in minutes, 1 to 120; then another pool is tried. A GPU node takes 5 to 10: less
   * than that gives up nodes that are on their way. @default 15
   */
  maxNodeProvisionMinutes?: number;
  /** How long pods get to end when their node goes, in seconds, 0 to 86400. @default 600 */
  maxGracefulTerminationSeconds?: number;
  /** Empty nodes that may go at the same time, 1 to 1000. @default 10 */
  maxEmptyBulkDelete?: number;
  /** Nodes in percent, 0 to 100, that may be not ready; with more of them it does nothing. @default 45 */
  maxTotalUnreadyPercent?: number;
  /** Nodes that may be not ready whatever the percentage, 0 to 1000. @default 3 */
  okTotalUnreadyCount?: number;
  /** Keep pools that differ in their zone only at the same size. @default false */
  balanceSimilarNodeGroups?: boolean;
  /**
   * Never remove a node with a pod that has an emptyDir or a hostPath. Most pods have one: true keeps idle nodes.
   * @default false
   */
  skipNodesWithLocalStorage?: boolean;
  /** Never remove a node with a pod of kube-system, those of DaemonSets aside. @default true */
  skipNodesWithSystemPods?: boolean;
  /** Evict pods of DaemonSets, and wait for them, before an empty node goes. @default false */
  daemonsetEvictionForEmptyNodes?: boolean;
  /** The same for nodes with other pods. @default true */
  daemonsetEvictionForOccupiedNodes?: boolean;
}

/** What each number may be, ends included. */
export const AUTOSCALER_RANGES = {
  scaleDownUnneededMinutes: [1, 1440],
  scaleDownDelayAfterAddMinutes: [0, 1440],
  scaleDownDelayAfterFailureMinutes: [1, 1440],
  scaleDownUnreadyMinutes: [1, 1440],
  scanIntervalSeconds: [1, 3600],
  newPodScaleUpDelaySeconds: [0, 3600],
  maxNodeProvisionMinutes: [1, 120],
  maxGracefulTerminationSeconds: [0, 86_400],
  maxEmptyBulkDelete: [1, 1000],
  maxTotalUnreadyPercent: [0, 100],
  okTotalUnreadyCount: [0, 1000],
  // After scanIntervalSeconds, which it may have its value from: a wrong one is said to be that one's.
  scaleDownDelayAfterDeleteSeconds: [0, 86_400],
} as const satisfies Partial<Record<keyof AutoscalerArgs, readonly [number, number]>>;

/** What depends on something else where nothing is said. */
type Derived = "expander" | "scaleDownDelayAfterDeleteSeconds";

/** AKS's own values, but for DaemonSets, whose pods would keep small idle nodes, and for the expander. */
export const AUTOSCALER_DEFAULTS = {
  scaleDownUnneededMinutes: 10,
  scaleDownDelayAfterAddMinutes: 10,
  scaleDownDelayAfterFailureMinutes: 3,
  scaleDownUnreadyMinutes: 20,
  scaleDownUtilizationThreshold: 0.5,
  ignoreDaemonsetsUtilization: true,
  scanIntervalSeconds: 10,
  newPodScaleUpDelaySeconds: 0,
  maxNodeProvisionMinutes: 15,
  maxGracefulTerminationSeconds: 600,
  maxEmptyBulkDelete: 10,
  maxTotalUnreadyPercent: 45,
  okTotalUnreadyCount: 3,
  balanceSimilarNodeGroups: false,
  skipNodesWithLocalStorage: false,
  skipNodesWithSystemPods: true,
  daemonsetEvictionForEmptyNodes: false,
  daemonsetEvictionForOccupiedNodes: true,
} as const satisfies Required<Omit<AutoscalerArgs, Derived>>;

/**
 * The cluster's profile, every value written out: AKS's defaults have changed before. AKS takes texts, of which those
 * that are times end in their unit.
 *
 * @param prioritized whether a pool has a fallback, for which pools need an order
 */
export function autoScalerProfile(args: AutoscalerArgs = {}, prioritized = false) {
  const given = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
  const all: Required<Omit<AutoscalerArgs, "expander">> = {
    scaleDownDelayAfterDeleteSeconds: args.scanIntervalSeconds ?? AUTOSCALER_DEFAULTS.scanIntervalSeconds,
    ...AUTOSCALER_DEFAULTS,
    ...given,
  };
  for (const [key, [min, max]] of Object.entries(AUTOSCALER_RANGES)) {
    ensure(`autoscaler.${key}`, all[key as keyof typeof AUTOSCALER_RANGES], wholeNumber(min, max));
  }
  ensure("autoscaler.scaleDownUtilizationThreshold", all.scaleDownUtilizationThreshold, share);
  return {
    expander: expanderOf(args.expander, prioritized),
    scaleDownUnneededTime: `${all.scaleDownUnneededMinutes}m`,
    scaleDownDelayAfterAdd: `${all.scaleDownDelayAfterAddMinutes}m`,
    // Its documentation takes minutes only, but what AKS itself writes there is "10s".
    scaleDownDelayAfterDelete: `${all.scaleDownDelayAfterDeleteSeconds}s`,
    scaleDownDelayAfterFailure: `${all.scaleDownDelayAfterFailureMinutes}m`,
    scaleDownUnreadyTime: `${all.scaleDownUnreadyMinutes}m`,
    scaleDownUtilizationThreshold: String(all.scaleDownUtilizationThreshold),
    ignoreDaemonsetsUtilization: all.ignoreDaemonsetsUtilization,
    scanInterval: `${all.scanIntervalSeconds}s`,
    newPodScaleUpDelay: `${all.newPodScaleUpDelaySeconds}s`,
    maxNodeProvisionTime: `${all.maxNodeProvisionMinutes}m`,
    maxGracefulTerminationSec: String(all.maxGracefulTerminationSeconds),
    maxEmptyBulkDelete: String(all.maxEmptyBulkDelete),
    maxTotalUnreadyPercentage: String(all.maxTotalUnreadyPercent),
    okTotalUnreadyCount: String(all.okTotalUnreadyCount),
    balanceSimilarNodeGroups: String(all.balanceSimilarNodeGroups),
    skipNodesWithLocalStorage: String(all.skipNodesWithLocalStorage),
    skipNodesWithSystemPods: String(all.skipNodesWithSystemPods),
    daemonsetEvictionForEmptyNodes: all.daemonsetEvictionForEmptyNodes,
    daemonsetEvictionForOccupiedNodes: all.daemonsetEvictionForOccupiedNodes,
  } satisfies Required<input.containerservice.ManagedClusterPropertiesAutoScalerProfileArgs>;
}

function expanderOf(expander: AutoscalerArgs["expander"], prioritized: boolean): string {
  if (!prioritized) return expander ?? "least-waste";
  if (expander !== undefined && expander !== "priority") {
    throw new InputPropertyError(
      "autoscaler.expander",
      `"${expander}" doesn't know that spot nodes come first; a pool has a fallback, so leave it out`,
    );
  }
  return "priority";
}

const share: Check<number> = (value) =>
  value > 0 && value <= 1 ? undefined : `${value} is not allowed; it must be above 0 and at most 1`;
