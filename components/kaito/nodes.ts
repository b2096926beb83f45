import * as pulumi from "@pulumi/pulumi";
import { type Check, InputPropertyError, validatedInput, wholeNumber } from "../validation.ts";
import { whyNoModels } from "../vmSkuSelection/gpus.ts";
import { gpuSizesByPrice } from "../vmSkuSelection/series.ts";

/** The nodes that a Workspace runs on. */
export interface KaitoNodes {
  /**
   * Labels that select the nodes: at least one, and none of KAITO's own, which it ignores. Several models with the
   * same labels share the nodes; each pod takes all GPUs of one. Source: `resource.labelSelector.matchLabels`.
   */
  matchLabels: Record<string, string>;
  /**
   * VM size of the nodes, for example "Standard_NC24ads_A100_v4". As soon as it is known, GPUs that KAITO can't
   * use and too little GPU memory are errors. Needed with `provision`. @default - not checked
   */
  vmSize?: pulumi.Input<string>;
  /**
   * Nodes that are always there. 0 is an error unless `provision`: KAITO's webhook refuses a Workspace when no
   * node matches, and KAITO makes pods only when all the nodes of a model are there, so that an autoscaler wouldn't
   * add any. @default - not checked
   */
  minCount?: number;
  /** Nodes at most, for the check that a model over several nodes fits. @default - not checked */
  maxCount?: number;
  /**
   * Id of the pool that the nodes are in, or better `ready` of a KaitoGpuNodes. While it isn't known, which is in the
   * preview that makes the pool, nothing is shown to KAITO's webhook: it judges in previews too, and refuses a
   * Workspace when no node matches.
   * @default - the nodes are there
   */
  poolId?: pulumi.Input<string>;
  /**
   * KAITO makes the nodes itself, of `vmSize`, for this model alone (KaitoInstall's mode "addon", or Karpenter):
   * `resource.instanceType` is set. KAITO refuses it in mode "byo", and refuses its absence in the others.
   * @default false
   */
  provision?: boolean;
}

/** Labels that KAITO ignores in a selector. Source: reservedSelectorLabelKeys in api/v1beta1/labels.go, v0.11.0. */
const RESERVED_LABELS = new Set([
  "kaito.sh/workspace",
  "kaito.sh/ragengine",
  "kaito.sh/workspacenamespace",
  "kaito.sh/ragenginenamespace",
  "karpenter.kaito.sh/workspace-name",
  "karpenter.kaito.sh/workspace-namespace",
  "karpenter.kaito.sh/inferenceset",
  "karpenter.kaito.sh/inferenceset-namespace",
]);

/**
 * The nodes, checked as far as they are known: a plain `vmSize` fails now, an Output when it resolves, before what
 * it is an input of is registered.
 *
 * @param path the argument's name, for messages
 * @param options.none no node is needed for now, because nothing is to run
 */
export function checkedNodes(path: string, nodes: KaitoNodes, options: { none?: boolean } = {}): KaitoNodes {
  const { matchLabels, vmSize, minCount, maxCount, provision = false } = nodes;
  const fail = (key: string, reason: string) => {
    throw new InputPropertyError(`${path}.${key}`, reason);
  };
  const labels = Object.keys(matchLabels);
  if (labels.length === 0) fail("matchLabels", "must have a label, such as mcpaas.dev/pool: gpu");
  const reserved = labels.find((label) => RESERVED_LABELS.has(label));
  if (reserved !== undefined) {
    fail("matchLabels", `has "${reserved}", which is KAITO's own and which it ignores; use another label`);
  }
  if (provision && vmSize === undefined) {
    fail("vmSize", "is missing; with provision KAITO makes the nodes and must be told their size");
  }
  if (minCount === 0 && !provision && !options.none) {
    fail(
      "minCount",
      "is 0, and KAITO refuses a Workspace when no node is there; keep 1 node at least, or let KAITO make the nodes " +
        "(provision); an InferenceSet with replicas: 0 needs none",
    );
  }
  for (const [key, count, least] of [
    ["minCount", minCount, 0],
    ["maxCount", maxCount, 1],
  ] as const) {
    const reason = count === undefined ? undefined : wholeNumber(least, 1000)(count);
    if (reason !== undefined) fail(key, reason);
  }
  if (minCount !== undefined && maxCount !== undefined && minCount > maxCount) {
    fail("minCount", `${minCount} is more than maxCount, which is ${maxCount}`);
  }
  return {
    ...nodes,
    vmSize: vmSize === undefined ? undefined : validatedInput(`${path}.vmSize`, vmSize, usableGpu),
  };
}

/** A VM size with whole NVIDIA GPUs that KAITO's models can run on. */
const usableGpu: Check<string> = (vmSize) => {
  const why = whyNoModels(vmSize);
  return why && `${vmSize} ${why}; the smallest that will do is ${gpuSizesByPrice[0]}`;
};

/**
 * The `resource` of a Workspace (kaito.sh/v1beta1), of nodes that were checked. What isn't known yet holds the
 * Workspace back: a VM size until it was checked, a pool until it is there.
 */
export function resourceSpec(nodes: KaitoNodes): {
  instanceType?: pulumi.Input<string>;
  labelSelector: { matchLabels: pulumi.Input<Record<string, string>> };
} {
  const { matchLabels, vmSize, poolId, provision } = nodes;
  const later = [vmSize, poolId].filter((value) => value !== undefined && typeof value !== "string");
  return {
    ...(provision ? { instanceType: vmSize } : {}),
    labelSelector: {
      matchLabels: later.length === 0 ? matchLabels : pulumi.all(later).apply(() => matchLabels),
    },
  };
}
