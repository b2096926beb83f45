import { type GpuFigures, supportedGpu } from "../vmSkuSelection/gpus.ts";
import { gpuSizesByPrice } from "../vmSkuSelection/series.ts";
import type { KaitoModel } from "./models.ts";

/** The figures of a model that its need for memory depends on. */
export type ModelFigures = Pick<
  KaitoModel,
  "fileSizeGiB" | "bytesPerToken" | "tensorParallel" | "distributed"
>;

/** What else the estimate depends on. */
export interface FitOptions {
  /** Tokens of the context (max-model-len). @default 2048, for which KAITO checks when nothing is set */
  contextLength?: number;
  /** Nodes that one model may be spread over. @default 3, more than which KAITO refuses */
  maxNodes?: number;
}

/**
 * KAITO's own estimate, which decides how many nodes it waits for; the numbers are measured ones of vLLM.
 * Source: EstimateNodeCount in pkg/workspace/estimator/nodesestimator/estimator.go, v0.11.0.
 */
const GPU_MEMORY_UTILIZATION = 0.84;
const WEIGHT_EXPANSION = 1.02;
const BASE_OVERHEAD_GIB = 2.3;
const OVERHEAD_OF_WEIGHTS = 0.05;
const DEFAULT_CONTEXT = 2048;

/** More nodes than this for one model and KAITO stops. Source: MaxAllowedNodeCount, workspace_controller.go. */
export const MAX_NODES = 3;

/** How many nodes with these GPUs a model needs, or why it can't run on them. */
export function nodesNeeded(
  model: ModelFigures,
  gpu: GpuFigures,
  options: FitOptions = {},
): number | { tooSmall: string } {
  const context = options.contextLength ?? DEFAULT_CONTEXT;
  const weights = model.fileSizeGiB * WEIGHT_EXPANSION;
  const usable = (gpu.memoryGiB / gpu.gpus) * GPU_MEMORY_UTILIZATION;
  const cache = (context * model.bytesPerToken) / gpu.gpus / 1024 ** 3;
  const reserve = BASE_OVERHEAD_GIB + cache;
  const figures = `${gib(weights)} of weights and, for a context of ${context} tokens, ${gib(reserve)} a GPU besides`;
  const has = `${gpu.gpus} ${gpu.model} GPU${gpu.gpus === 1 ? "" : "s"} with ${gib(usable)} usable each`;

  if (!model.tensorParallel && weights * (1 + OVERHEAD_OF_WEIGHTS) + reserve > usable) {
    return { tooSmall: `it needs ${figures}, on one GPU, and a node has ${has}` };
  }
  if (usable <= reserve) return { tooSmall: `it needs ${figures}, and a node has ${has}` };
  const weightsPerGpu = (usable - reserve) / (1 + OVERHEAD_OF_WEIGHTS);
  const nodes = Math.ceil((Math.floor(weights / weightsPerGpu) + 1) / gpu.gpus);
  const most = model.tensorParallel && model.distributed ? (options.maxNodes ?? MAX_NODES) : 1;
  return nodes <= most
    ? nodes
    : { tooSmall: `it needs ${figures}; that takes ${nodes} nodes of ${has}, and ${most} is the most` };
}

/** The cheapest VM size on one node of which a model fits, or nothing when none is large enough. */
export function smallestVmSize(model: ModelFigures, options: FitOptions = {}): string | undefined {
  return gpuSizesByPrice.find((size) => {
    const gpu = supportedGpu(size);
    return gpu !== undefined && nodesNeeded(model, gpu, { ...options, maxNodes: 1 }) === 1;
  });
}

function gib(amount: number): string {
  return `${amount.toFixed(1)} GiB`;
}
