import type { V1Node } from "@kubernetes/client-node";
import type { AgentPoolState } from "../arm/agentPools.ts";

/** The GPUs of a machine, as NVIDIA's driver tells of them. */
export interface GpuHardware {
  count: number;
  /** The driver's name for one of them. */
  product: string;
  /** Of one of them, MiB, as nvidia-smi reports it. */
  memoryMiB: number;
  /** CUDA compute capability. */
  compute: { major: number; minor: number };
}

/** GPUs of Azure's sizes, by the model and the GiB of one GPU that the size has. */
interface Row {
  model: string;
  gib: number;
  product: string;
  memoryMiB: number;
  compute: [number, number];
}

/**
 * Sources: what `nvidia-smi --query-gpu=name,memory.total` prints in public logs of these machines; for the A10
 * also KAITO v0.11.0, pkg/workspace/inference/preset_inferences_test.go. Azure hands out A10s and their
 * fractions as virtual GPUs, whose names end in their profile.
 */
const rows: readonly Row[] = [
  { model: "NVIDIA A10", gib: 24, product: "NVIDIA A10-24Q", memoryMiB: 24512, compute: [8, 6] },
  { model: "NVIDIA A10", gib: 12, product: "NVIDIA A10-12Q", memoryMiB: 12288, compute: [8, 6] },
  { model: "NVIDIA A10", gib: 8, product: "NVIDIA A10-8Q", memoryMiB: 8192, compute: [8, 6] },
  { model: "NVIDIA A10", gib: 4, product: "NVIDIA A10-4Q", memoryMiB: 4096, compute: [8, 6] },
  { model: "NVIDIA A100", gib: 80, product: "NVIDIA A100 80GB PCIe", memoryMiB: 81920, compute: [8, 0] },
  { model: "NVIDIA A100", gib: 40, product: "NVIDIA A100-SXM4-40GB", memoryMiB: 40960, compute: [8, 0] },
  { model: "NVIDIA H100", gib: 94, product: "NVIDIA H100 NVL", memoryMiB: 95830, compute: [9, 0] },
  { model: "NVIDIA H100", gib: 80, product: "NVIDIA H100 80GB HBM3", memoryMiB: 81559, compute: [9, 0] },
  { model: "NVIDIA H200", gib: 141, product: "NVIDIA H200", memoryMiB: 143771, compute: [9, 0] },
  { model: "NVIDIA T4", gib: 16, product: "Tesla T4", memoryMiB: 15360, compute: [7, 5] },
];

/** Where a node made by the rehearsal says what GPUs its machine has: agents find them, as drivers do. */
const annotation = "rehearsal.mcpaas.dev/gpus";

/** The GPUs of a pool's machines; undefined when they have none, or of a model that isn't known here. */
export function gpuHardware(
  pool: Pick<AgentPoolState, "vmSize" | "gpus" | "gpuModel" | "gpuMemoryGiB">,
): GpuHardware | undefined {
  const gib = (pool.gpuMemoryGiB ?? 0) / pool.gpus;
  const row = rows.find((candidate) => candidate.model === pool.gpuModel && candidate.gib === gib);
  if (!row) {
    return undefined;
  }
  // The ND sizes have the same A100 in another form.
  const product =
    row.model === "NVIDIA A100" && /_ND/i.test(pool.vmSize) ? `NVIDIA A100-SXM4-${gib}GB` : row.product;
  const [major, minor] = row.compute;
  return { count: pool.gpus, product, memoryMiB: row.memoryMiB, compute: { major, minor } };
}

/** The annotation of a node with these GPUs. */
export function gpuAnnotation(hardware: GpuHardware | undefined): Record<string, string> {
  return hardware ? { [annotation]: JSON.stringify(hardware) } : {};
}

/** The GPUs in a node's machine. */
export function gpusOf(node: V1Node): GpuHardware | undefined {
  const text = node.metadata?.annotations?.[annotation];
  return text === undefined ? undefined : (JSON.parse(text) as GpuHardware);
}
