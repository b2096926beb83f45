import { z } from "zod";
import { POOL_NAME, TAKEN_POOL_NAMES } from "../../../components/aksWithGpuPool/ownPools.ts";
import { TAINT } from "../../../components/forms.ts";
import { whyNoModels } from "../../../components/vmSkuSelection/gpus.ts";
import { gpuSizesByPrice } from "../../../components/vmSkuSelection/series.ts";
import { text, vmSize } from "./fields.ts";

const nodes = (min: number) => z.int().min(min).max(1000);

const poolFields = (
  defaults: { min: number; max: number },
  least: number,
  example = { one: "Standard_D4s_v5", several: ["Standard_D4as_v5", "Standard_D4s_v5"] },
) => ({
  vmSize: vmSize.optional().meta({
    description: "A VM size to use whatever the quota says",
    example: example.one,
    otherwise: "chosen by quota",
  }),
  preferredSkus: z.array(vmSize).optional().meta({
    description: "VM sizes to try first, best first",
    example: example.several,
    allowed: "a list of VM sizes of Azure",
    otherwise: "built-in candidates",
  }),
  minVcpus: z.int().min(2).max(512).optional().meta({
    description: "Fewest vCPUs of a node, when its size is chosen",
    example: 4,
    unit: "vCPUs",
    otherwise: "2",
  }),
  minMemoryGiB: z.number().min(4).max(24576).optional().meta({
    description: "Least memory of a node, when its size is chosen",
    example: 16,
    unit: "GiB",
    otherwise: "8 (GPU pool: any)",
  }),
  minCount: nodes(least)
    .default(defaults.min)
    .meta({
      description:
        least === 0 ? "Nodes that are always there; 0 lets idle ones go" : "Nodes that are always there",
      example: 1,
      unit: "nodes",
    }),
  maxCount: nodes(1).default(defaults.max).meta({
    description: "Nodes at most; the quota is checked for this many and the surge of an upgrade",
    example: 3,
    unit: "nodes",
  }),
  zones: z
    .array(z.enum(["1", "2", "3"]))
    .optional()
    .meta({
      description: "Availability zones to spread the nodes over",
      example: ["1", "2", "3"],
      otherwise: "none: regional",
    }),
  osDiskSizeGiB: z
    .int()
    .min(30)
    .max(2048)
    .optional()
    .meta({ description: "Size of a node's OS disk", example: 128, unit: "GiB", otherwise: "AKS's choice" }),
});

const taints = {
  taints: z
    .array(text(TAINT))
    .optional()
    .meta({
      description: "Taints besides the pool's own",
      example: ["CriticalAddonsOnly=true:NoSchedule"],
      allowed: "a list of key=value:effect",
      otherwise: "none",
    }),
};

const countsInOrder = (pool: { minCount: number; maxCount: number }, context: z.RefinementCtx) => {
  if (pool.minCount <= pool.maxCount) return;
  context.addIssue({
    code: "custom",
    path: ["minCount"],
    message: `at most maxCount, which is ${pool.maxCount}`,
  });
};

/** The pool that is part of the cluster. */
export const systemPool = z
  .strictObject({ ...poolFields({ min: 1, max: 2 }, 1), ...taints })
  .superRefine(countsInOrder)
  .prefault({});

/** The pool for workloads without GPUs. */
export const userPool = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .meta({ description: "Make a pool for workloads without GPUs", example: false }),
    ...poolFields({ min: 1, max: 2 }, 0),
    ...taints,
  })
  .superRefine(countsInOrder)
  .prefault({});

// No taints of one's own here: KAITO's pods tolerate a fixed set, and would wait for ever.
const gpuFields = {
  gpus: z
    .int()
    .min(1)
    .max(16)
    .default(1)
    .meta({ description: "GPUs of a node, at least", example: 1, unit: "GPUs" }),
  minGpuMemoryGiB: z.number().min(1).max(2048).optional().meta({
    description: "Least memory of all GPUs of a node",
    example: 24,
    unit: "GiB",
    otherwise: "any",
  }),
  spot: z
    .boolean()
    .default(false)
    .meta({ description: "Spot VMs: cheap, and evicted when Azure needs them", example: true }),
  fallback: z
    .strictObject({
      minCount: nodes(0).default(0).meta({
        description: "Regular nodes that are always there, at full price",
        example: 1,
        unit: "nodes",
      }),
      maxCount: nodes(1).optional().meta({
        description: "Regular nodes at most; the quota is checked for this many, besides spot's",
        example: 1,
        unit: "nodes",
        otherwise: "as many as spot nodes",
      }),
    })
    .optional()
    .meta({
      description: "A second pool of regular VMs, whose nodes come when there are no spot ones; needs spot",
      example: { maxCount: 1 },
      otherwise: "none: without spot capacity no model runs",
    }),
  driver: z.enum(["Install", "None"]).default("Install").meta({
    description: 'Who installs the GPU driver: AKS, or ("None") NVIDIA\'s GPU operator',
    example: "Install",
  }),
  ...poolFields({ min: 1, max: 1 }, 0, {
    one: "Standard_NC24ads_A100_v4",
    several: ["Standard_NC24ads_A100_v4", "Standard_NV36ads_A10_v5"],
  }),
};

type Spot = { spot: boolean; maxCount: number; fallback?: { minCount: number; maxCount?: number } };

/** A pool with a fallback: a spot one, whose fallback's counts are in order. */
const fallsBack = ({ spot, maxCount, fallback }: Spot, context: z.RefinementCtx) => {
  if (fallback === undefined) return;
  const most = fallback.maxCount ?? maxCount;
  const fail = (path: string[], message: string) => context.addIssue({ code: "custom", path, message });
  if (!spot) fail(["spot"], "true, because fallback takes over from spot nodes");
  if (fallback.minCount > most) fail(["fallback", "minCount"], `at most maxCount, which is ${most}`);
};

const usableGpu = ({ vmSize }: { vmSize?: string }, context: z.RefinementCtx) => {
  const why = vmSize === undefined ? undefined : whyNoModels(vmSize);
  if (why === undefined) return;
  context.addIssue({
    code: "custom",
    path: ["vmSize"],
    message: `a VM size whose GPUs can run models, such as ${gpuSizesByPrice[0]}; this one ${why}`,
  });
};

/** The pool for models. */
export const gpuPool = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .meta({ description: 'Make a GPU pool; without one no model can run in mode "byo"', example: true }),
    ...gpuFields,
  })
  .superRefine(countsInOrder)
  .superRefine(fallsBack)
  .superRefine(usableGpu)
  .prefault({});

/** Pools for models that have their own. */
export const moreGpuPools = z
  .record(
    text(POOL_NAME).refine((name) => !TAKEN_POOL_NAMES.includes(name)),
    z.strictObject(gpuFields).superRefine(countsInOrder).superRefine(fallsBack).superRefine(usableGpu),
  )
  .default({})
  .meta({
    description: "Further GPU pools, by name, for models that don't share one",
    example: { large: { minGpuMemoryGiB: 160, gpus: 2 } },
    allowed: `pools by name, each ${POOL_NAME.words}, and not ${TAKEN_POOL_NAMES.join(", ")}`,
  });
