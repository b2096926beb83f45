import * as pulumi from "@pulumi/pulumi";
import { checkedNodes, type KaitoNodes } from "../kaito/nodes.ts";
import { KAITO_VERSION } from "../kaito/versions.ts";
import { type Check, ensure, InputPropertyError, validatedInput } from "../validation.ts";
import { supportedGpu } from "../vmSkuSelection/gpus.ts";
import { gpuSizesByPrice } from "../vmSkuSelection/series.ts";
import { VmSkuSelection, type VmSkuSelectionArgs } from "../vmSkuSelection.ts";
import type { TunableModel } from "./presets.ts";

/** What the choice of a VM size for a node that KAITO makes depends on; see VmSkuSelectionArgs. */
export interface TuningQuota
  extends Pick<
    VmSkuSelectionArgs,
    "subscriptionId" | "location" | "clusterId" | "otherLocations" | "reselect" | "strict"
  > {
  /** VM sizes to try first, in this order. @default - the sizes with enough GPU memory, cheapest first */
  preferredSkus?: string[];
}

/** What decides on the nodes of a job. */
export interface NodesOfJob {
  nodes: KaitoNodes;
  quota?: TuningQuota;
  gpuMemoryGiB?: number;
}

/** The nodes of a job, whose VM size is known at least in the `up`. */
export type SizedNodes = KaitoNodes & { vmSize: pulumi.Input<string> };

/**
 * The nodes with a VM size that was checked: GPUs that KAITO knows, and enough memory on each of them. With `quota`
 * a VmSkuSelection decides on the size, in the preview and before anything is made.
 */
export function sizedNodes(
  parent: pulumi.Resource,
  name: string,
  args: NodesOfJob,
  model: TunableModel,
): SizedNodes {
  const { nodes, quota } = args;
  const needed = neededMemory(args, model);
  if (nodes === undefined) {
    throw new InputPropertyError("nodes", "is missing; it must say which nodes to train on");
  }
  if (quota !== undefined && !nodes.provision) {
    throw new InputPropertyError(
      "quota",
      "goes with nodes.provision only: the VM size of a pool was chosen with the pool; set nodes.vmSize to it",
    );
  }
  if (quota === undefined && nodes.vmSize === undefined) {
    throw new InputPropertyError(
      "nodes.vmSize",
      `is missing; KAITO ${KAITO_VERSION} makes no tuning job before it knows the size` +
        (nodes.provision ? "; or set quota to have it chosen" : " (the pool's, for example vmSizes.gpu)"),
    );
  }
  const vmSize = quota === undefined ? nodes.vmSize : selectedSize(parent, name, quota, nodes, needed);
  const checked = checkedNodes("nodes", { ...nodes, vmSize });
  return {
    ...checked,
    vmSize: validatedInput(
      "nodes.vmSize",
      checked.vmSize as pulumi.Input<string>,
      enoughMemory(needed, model),
    ),
  };
}

/** The labels that select the nodes, the same text for the same labels in whatever order. */
export function labelsText({ matchLabels }: KaitoNodes): string {
  return JSON.stringify(Object.entries(matchLabels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** GiB on every GPU: each of them trains with the whole model, whatever the number of GPUs. */
function neededMemory({ gpuMemoryGiB }: NodesOfJob, { tuning }: TunableModel): number {
  const rule = (value: number) =>
    Number.isFinite(value) && value > 0
      ? undefined
      : `${value} is not allowed; it must be a number of GiB greater than 0`;
  return gpuMemoryGiB === undefined
    ? tuning.gpuMemoryGiB / tuning.gpus
    : ensure("gpuMemoryGiB", gpuMemoryGiB, rule);
}

function selectedSize(
  parent: pulumi.Resource,
  name: string,
  quota: TuningQuota,
  nodes: KaitoNodes,
  needed: number,
): pulumi.Output<string> {
  const { preferredSkus = gpuSizesByPrice.filter((size) => memoryOfOne(size) >= needed), ...place } = quota;
  const selection = new VmSkuSelection(
    `${name}-size`,
    {
      ...place,
      pools: {
        tuning: pulumi.output({
          vmSize: nodes.vmSize,
          preferredSkus,
          gpus: 1,
          minGpuMemoryGiB: needed,
          maxCount: 1,
          // KAITO makes one node for the job and removes it afterwards; nobody upgrades it in between.
          maxSurge: 0,
        }),
      },
    },
    { parent },
  );
  return selection.vmSizes.apply((sizes) => sizes["tuning"] as string);
}

function enoughMemory(needed: number, model: TunableModel): Check<string> {
  return (vmSize) => {
    const has = memoryOfOne(vmSize);
    if (has >= needed) return undefined;
    const smallest = gpuSizesByPrice.find((size) => memoryOfOne(size) >= needed);
    return (
      `${vmSize} has ${has} GiB of memory on a GPU, and tuning ${model.name} needs ${needed} GiB on each, by ` +
      `KAITO's figures; ${smallest ? `the cheapest size that will do is ${smallest}` : "no size has that much"}. ` +
      "If less is enough for your data and config, say how much in gpuMemoryGiB"
    );
  };
}

function memoryOfOne(vmSize: string): number {
  const gpu = supportedGpu(vmSize);
  return gpu === undefined ? 0 : gpu.memoryGiB / gpu.gpus;
}
