import { z } from "zod";
import { AUTOSCALER_DEFAULTS, AUTOSCALER_RANGES } from "../../../components/aksWithGpuPool/autoscaler.ts";

type Ranged = keyof typeof AUTOSCALER_RANGES & keyof typeof AUTOSCALER_DEFAULTS;

const number = (key: Ranged, unit: string, description: string, example: number) => {
  const [min, max] = AUTOSCALER_RANGES[key];
  return z.int().min(min).max(max).default(AUTOSCALER_DEFAULTS[key]).meta({ description, example, unit });
};

type Switch = {
  [K in keyof typeof AUTOSCALER_DEFAULTS]: (typeof AUTOSCALER_DEFAULTS)[K] extends boolean ? K : never;
}[keyof typeof AUTOSCALER_DEFAULTS];

const onOrOff = (key: Switch, description: string) =>
  z.boolean().default(AUTOSCALER_DEFAULTS[key]).meta({ description, example: !AUTOSCALER_DEFAULTS[key] });

/** How nodes come and go, in all pools alike. */
export const autoscaler = z
  .strictObject({
    expander: z.enum(["least-waste", "most-pods", "priority", "random"]).optional().meta({
      description:
        'Which pool gets the next node; "priority" needs a ConfigMap, which is made for a pool with a fallback',
      example: "least-waste",
      otherwise: '"least-waste", or "priority" with a fallback',
    }),
    scaleDownUnneededMinutes: number(
      "scaleDownUnneededMinutes",
      "minutes",
      "How long a node must be of no use before it goes",
      15,
    ),
    scaleDownDelayAfterAddMinutes: number(
      "scaleDownDelayAfterAddMinutes",
      "minutes",
      "How long no node goes after one came",
      15,
    ),
    scaleDownDelayAfterDeleteSeconds: z
      .int()
      .min(AUTOSCALER_RANGES.scaleDownDelayAfterDeleteSeconds[0])
      .max(AUTOSCALER_RANGES.scaleDownDelayAfterDeleteSeconds[1])
      .optional()
      .meta({
        description: "How long no node goes after one went",
        example: 60,
        unit: "seconds",
        otherwise: "`scanIntervalSeconds`",
      }),
    scaleDownDelayAfterFailureMinutes: number(
      "scaleDownDelayAfterFailureMinutes",
      "minutes",
      "How long no node goes after one couldn't be removed",
      5,
    ),
    scaleDownUnreadyMinutes: number(
      "scaleDownUnreadyMinutes",
      "minutes",
      "How long a node that isn't ready must be of no use before it goes",
      10,
    ),
    scaleDownUtilizationThreshold: z
      .number()
      .gt(0)
      .max(1)
      .default(AUTOSCALER_DEFAULTS.scaleDownUtilizationThreshold)
      .meta({
        description:
          "Share of CPU or memory (GPU nodes: of GPUs) that is requested, below which a node may go",
        example: 0.6,
        allowed: "a number above 0, 1 at most",
      }),
    ignoreDaemonsetsUtilization: onOrOff(
      "ignoreDaemonsetsUtilization",
      "Leave DaemonSets out of that share: on small nodes AKS's own take more than half",
    ),
    scanIntervalSeconds: number(
      "scanIntervalSeconds",
      "seconds",
      "How often waiting pods and idle nodes are looked for",
      30,
    ),
    newPodScaleUpDelaySeconds: number(
      "newPodScaleUpDelaySeconds",
      "seconds",
      "Leave pods alone that have waited for less than this",
      30,
    ),
    maxNodeProvisionMinutes: number(
      "maxNodeProvisionMinutes",
      "minutes",
      "How long a node may take to come before another pool is tried; GPU nodes take 5 to 10",
      20,
    ),
    maxGracefulTerminationSeconds: number(
      "maxGracefulTerminationSeconds",
      "seconds",
      "How long pods get to end when their node goes",
      120,
    ),
    maxEmptyBulkDelete: number("maxEmptyBulkDelete", "nodes", "Empty nodes that may go at the same time", 5),
    maxTotalUnreadyPercent: number(
      "maxTotalUnreadyPercent",
      "percent",
      "Nodes that may be not ready; with more of them it does nothing",
      60,
    ),
    okTotalUnreadyCount: number(
      "okTotalUnreadyCount",
      "nodes",
      "Nodes that may be not ready whatever the percentage",
      5,
    ),
    balanceSimilarNodeGroups: onOrOff(
      "balanceSimilarNodeGroups",
      "Keep pools that differ in their zone only at the same size",
    ),
    skipNodesWithLocalStorage: onOrOff(
      "skipNodesWithLocalStorage",
      "Never remove a node with a pod that has an emptyDir or a hostPath",
    ),
    skipNodesWithSystemPods: onOrOff(
      "skipNodesWithSystemPods",
      "Never remove a node with a pod of kube-system, those of DaemonSets aside",
    ),
    daemonsetEvictionForEmptyNodes: onOrOff(
      "daemonsetEvictionForEmptyNodes",
      "Wait for pods of DaemonSets before an empty node goes",
    ),
    daemonsetEvictionForOccupiedNodes: onOrOff(
      "daemonsetEvictionForOccupiedNodes",
      "The same for nodes with other pods",
    ),
  })
  .prefault({});

/** AKS's add-on KEDA. */
export const keda = z
  .strictObject({
    enabled: z.boolean().optional().meta({
      description: "AKS's add-on KEDA, with which servers and models scale by metrics of Azure Monitor",
      example: true,
      otherwise: "true when a server or a model scales with it",
    }),
  })
  .prefault({});
