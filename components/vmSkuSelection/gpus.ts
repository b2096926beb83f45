/** What a VM size's GPUs are. */
export interface GpuFigures {
  /** Whole GPUs of the size. */
  gpus: number;
  /** Memory of all of them together, in GiB. */
  memoryGiB: number;
  model: string;
  /** Their CUDA compute capability. */
  cuda: `${number}.${number}`;
}

/** KAITO's models need NVIDIA GPUs of this CUDA compute capability or newer. */
export const minComputeCapability = 8.0;

// Source: the SKU table of github.com/kaito-project/kaito v0.11.0 (pkg/sku), read 2026-11-22, the
// sizes of compute capability 8.0 and up. Azure's own SKU list can't replace it: it counts a sixth
// of an A10 as one GPU and says nothing about GPU memory or capability.
const supported: Readonly<Record<string, GpuFigures>> = {
  standard_nv36ads_a10_v5: { gpus: 1, memoryGiB: 24, model: "A10", cuda: "8.6" },
  standard_nv72ads_a10_v5: { gpus: 2, memoryGiB: 48, model: "A10", cuda: "8.6" },
  standard_nc24ads_a100_v4: { gpus: 1, memoryGiB: 80, model: "A100", cuda: "8.0" },
  standard_nc48ads_a100_v4: { gpus: 2, memoryGiB: 160, model: "A100", cuda: "8.0" },
  standard_nc96ads_a100_v4: { gpus: 4, memoryGiB: 320, model: "A100", cuda: "8.0" },
  standard_nd96asr_a100_v4: { gpus: 8, memoryGiB: 320, model: "A100", cuda: "8.0" },
  standard_nd96amsr_a100_v4: { gpus: 8, memoryGiB: 640, model: "A100", cuda: "8.0" },
  standard_nc40ads_h100_v5: { gpus: 1, memoryGiB: 94, model: "H100", cuda: "9.0" },
  standard_nc80adis_h100_v5: { gpus: 2, memoryGiB: 188, model: "H100", cuda: "9.0" },
  standard_ncc40ads_h100_v5: { gpus: 1, memoryGiB: 94, model: "H100", cuda: "9.0" },
  standard_nd96isr_h100_v5: { gpus: 8, memoryGiB: 640, model: "H100", cuda: "9.0" },
  standard_nd96isr_h200_v5: { gpus: 8, memoryGiB: 1128, model: "H200", cuda: "9.0" },
};

// Why the other GPU sizes never pass, so that the verdict can say more than "not in the table".
const unsupported: readonly (readonly [RegExp, string])[] = [
  [/^standard_nv6ads_a10_v5$/, "has only a sixth of an A10 GPU (4 GiB)"],
  [/^standard_nv12ads_a10_v5$/, "has only a third of an A10 GPU (8 GiB)"],
  [/^standard_nv18ads_a10_v5$/, "has only half of an A10 GPU (12 GiB)"],
  [/_t4_v3$/, tooOld("T4", "7.5")],
  [/^standard_(nc\d+r?s_v3|nd40r?s_v2)$/, tooOld("V100", "7.0")],
  [/^standard_nd\d+r?s$/, tooOld("P40", "6.1")],
  [/^standard_nc\d+r?s_v2$/, tooOld("P100", "6.0")],
  [/^standard_nv(\d+(_promo)?|\d+s_v[23])$/, tooOld("M60", "5.2")],
  [/^standard_nc\d+r?(_promo)?$/, tooOld("K80", "3.7")],
  [/(_v620_|_v710_|_mi300x_|^standard_nv\d+as_v4$)/, "has AMD GPUs, and KAITO's models need NVIDIA's"],
];

/** The whole, supported GPUs of a size, or nothing when it has none that can be used. */
export function supportedGpu(vmSize: string): GpuFigures | undefined {
  return supported[vmSize.toLowerCase()];
}

/** Why a size with GPUs can't serve models, in words that follow its name. */
export function whyUnsupported(vmSize: string): string {
  const known = unsupported.find(([pattern]) => pattern.test(vmSize.toLowerCase()));
  return known?.[1] ?? "has GPUs that are not in the table of those known to run KAITO's models";
}

function tooOld(model: string, capability: string): string {
  return `has ${model} GPUs of CUDA compute capability ${capability}, and KAITO's models need ${minComputeCapability.toFixed(1)}`;
}

/** Why models can't run on nodes of a size, in words that follow its name; nothing when they can. */
export function whyNoModels(vmSize: string): string | undefined {
  if (supportedGpu(vmSize) !== undefined) return undefined;
  return looksLikeGpu(vmSize) ? whyUnsupported(vmSize) : "has no GPU";
}

/** Whether a size's name says that it has GPUs, for when Azure can't be asked. */
export function looksLikeGpu(vmSize: string): boolean {
  return /^standard_n[cdgv]/.test(vmSize.toLowerCase());
}
