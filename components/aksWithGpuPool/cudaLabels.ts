import { supportedGpu } from "../vmSkuSelection/gpus.ts";

/**
 * Labels by which KAITO knows the CUDA compute capability of nodes that it didn't make: without them it takes GPUs for
 * old ones and has vLLM compute with float16, where models are made for bfloat16. GPU feature discovery 0.17 says the
 * same under other names, nvidia.com/gpu.compute.*. Source: GetGPUConfigFromNodeLabels in pkg/sku/helpers.go, v0.11.0.
 */
export function cudaLabels(vmSize: string | undefined): Record<string, string> {
  const [major, minor] = supportedGpu(vmSize ?? "")?.cuda.split(".") ?? [];
  if (major === undefined || minor === undefined) return {};
  return { "nvidia.com/cuda.compute.major": major, "nvidia.com/cuda.compute.minor": minor };
}
