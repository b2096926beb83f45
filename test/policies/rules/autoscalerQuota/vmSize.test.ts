import { expect, it } from "vitest";
import { gpuSizesByPrice } from "../../../../components/vmSkuSelection/series.ts";
import { readVmSize } from "../../../../policies/rules/autoscalerQuota/vmSize.ts";

// Families as Azure's list of VM sizes (resource SKUs) spells them, in lower case.
it.each([
  ["Standard_D2as_v5", 2, "standarddasv5family"],
  ["Standard_D2s_v5", 2, "standarddsv5family"],
  ["Standard_NC24ads_A100_v4", 24, "standardncadsa100v4family"],
  ["Standard_NV36ads_A10_v5", 36, "standardnvadsa10v5family"],
  ["Standard_NC40ads_H100_v5", 40, "standardncadsh100v5family"],
  ["Standard_F4s_v2", 4, "standardfsv2family"],
  ["Standard_E16-8s_v5", 16, "standardesv5family"],
])("reads %s", (vmSize, vcpus, quota) => {
  expect(readVmSize(vmSize)).toEqual({ vcpus, quota });
});

it.each([
  ["Standard_D12_v2"],
  ["Standard_DS4_v2"],
  ["Standard_DS13-2_v2"],
  ["Standard_B2ms"],
  ["m5.large"],
  [""],
])("reads nothing from %s, whose number isn't one of vCPUs or whose quota has another name", (vmSize) => {
  expect(readVmSize(vmSize)).toBeUndefined();
});

it("reads every GPU size that this project chooses from", () => {
  expect(gpuSizesByPrice.filter((size) => readVmSize(size) === undefined)).toEqual([]);
});
