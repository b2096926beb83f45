/** A series of general-purpose VM sizes, which grow by doubling from 2 vCPUs. */
export interface Series {
  /** The size without `Standard_`; `#` stands for its vCPUs. */
  series: string;
  arch: "amd64" | "arm64";
  gibPerVcpu: number;
  /** USD an hour of its 2, 4, 8, 16 and 32 vCPU sizes, which only decides the order. */
  usd: readonly number[];
  burstable?: boolean;
}

// Source: Linux on-demand prices of eastus as in github.com/Azure/karpenter-provider-azure v1.5.1,
// generated 2025-05-16. Other regions differ, but the order among these sizes hardly does. Some
// figures look odd (the 16 vCPU size of Das v5); they are kept as they were published.
export const cpuSeries: readonly Series[] = [
  { series: "D#as_v5", arch: "amd64", gibPerVcpu: 4, usd: [0.086, 0.172, 0.344, 1.424, 2.848] },
  { series: "D#s_v5", arch: "amd64", gibPerVcpu: 4, usd: [0.096, 0.192, 0.384, 0.768, 1.536] },
  { series: "D#ads_v5", arch: "amd64", gibPerVcpu: 4, usd: [0.103, 0.39, 0.78, 0.824, 3.12] },
  { series: "D#ds_v5", arch: "amd64", gibPerVcpu: 4, usd: [0.113, 0.226, 0.452, 0.904, 1.808] },
  { series: "E#as_v5", arch: "amd64", gibPerVcpu: 8, usd: [0.159, 0.226, 0.498, 0.904, 1.854] },
  { series: "E#s_v5", arch: "amd64", gibPerVcpu: 8, usd: [0.126, 0.252, 0.504, 1.008, 2.016] },
  { series: "D#as_v6", arch: "amd64", gibPerVcpu: 4, usd: [0.0908, 0.182, 0.363, 0.726, 1.453] },
  { series: "D#s_v6", arch: "amd64", gibPerVcpu: 4, usd: [0.101, 0.202, 0.403, 0.806, 1.613] },
  { series: "D#ads_v6", arch: "amd64", gibPerVcpu: 4, usd: [0.114, 0.228, 0.456, 0.912, 1.824] },
  { series: "D#ds_v6", arch: "amd64", gibPerVcpu: 4, usd: [0.125, 0.249, 0.498, 0.997, 1.993] },
  { series: "E#as_v6", arch: "amd64", gibPerVcpu: 8, usd: [0.119, 0.238, 0.477, 0.954, 1.907] },
  { series: "E#s_v6", arch: "amd64", gibPerVcpu: 8, usd: [0.132, 0.265, 0.529, 1.058, 2.117] },
  { series: "D#s_v3", arch: "amd64", gibPerVcpu: 4, usd: [0.096, 0.192, 0.384, 0.768, 1.536] },
  { series: "D#ps_v5", arch: "arm64", gibPerVcpu: 4, usd: [0.077, 0.154, 0.308, 0.616, 1.232] },
  { series: "D#pds_v5", arch: "arm64", gibPerVcpu: 4, usd: [0.0904, 0.181, 0.362, 0.723, 1.446] },
  { series: "E#ps_v5", arch: "arm64", gibPerVcpu: 8, usd: [0.101, 0.202, 0.403, 0.806, 1.613] },
  { series: "D#ps_v6", arch: "arm64", gibPerVcpu: 4, usd: [0.0702, 0.14, 0.281, 0.562, 1.123] },
  { series: "D#pds_v6", arch: "arm64", gibPerVcpu: 4, usd: [0.0918, 0.184, 0.367, 0.734, 1.469] },
  { series: "E#ps_v6", arch: "arm64", gibPerVcpu: 8, usd: [0.0922, 0.184, 0.369, 0.738, 1.475] },
  { series: "B#as_v2", arch: "amd64", gibPerVcpu: 4, usd: [0.0844, 0.15, 0.301, 0.675], burstable: true },
  { series: "B#s_v2", arch: "amd64", gibPerVcpu: 4, usd: [0.0924, 0.166, 0.37, 0.739], burstable: true },
  { series: "B#ps_v2", arch: "arm64", gibPerVcpu: 4, usd: [0.0764, 0.134, 0.306, 0.611], burstable: true },
];

/** Whether a size is of a burstable series, by its name: Azure's list of sizes doesn't say. */
export function isBurstable(vmSize: string): boolean {
  return /^standard_b\d/i.test(vmSize);
}

// Same source; the H200 size, which eastus doesn't have, with the price of eastus2. Their GPUs
// stand in gpus.ts. Confidential sizes are left out: they need an attestation set-up to be of use.
export const gpuSizesByPrice: readonly string[] = [
  "Standard_NV36ads_A10_v5", // 3.2
  "Standard_NC24ads_A100_v4", // 3.673
  "Standard_NV72ads_A10_v5", // 6.52
  "Standard_NC40ads_H100_v5", // 6.98
  "Standard_NC48ads_A100_v4", // 7.346
  "Standard_NC80adis_H100_v5", // 13.96
  "Standard_NC96ads_A100_v4", // 14.692
  "Standard_ND96asr_A100_v4", // 27.197
  "Standard_ND96amsr_A100_v4", // 32.77
  "Standard_ND96isr_H200_v5", // 84.8
  "Standard_ND96isr_H100_v5", // 98.32
];
