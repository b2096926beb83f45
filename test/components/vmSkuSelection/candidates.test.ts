import { describe, expect, it } from "vitest";
import { candidatesFor } from "../../../components/vmSkuSelection/candidates.ts";
import { supportedGpu } from "../../../components/vmSkuSelection/gpus.ts";
import { cpuSeries, gpuSizesByPrice, isBurstable } from "../../../components/vmSkuSelection/series.ts";

const sizes = (request: Parameters<typeof candidatesFor>[0]) =>
  candidatesFor(request).map((each) => each.vmSize);

describe("candidatesFor", () => {
  it("tries a fixed size alone", () => {
    expect(
      candidatesFor({ vmSize: "Standard_D4s_v5", preferredSkus: ["Standard_D8s_v5"], maxCount: 1 }),
    ).toEqual([{ vmSize: "Standard_D4s_v5", source: "fixed" }]);
  });

  it("tries the preferred sizes first, in their order, each once", () => {
    const preferredSkus = [
      "Standard_NC40ads_H100_v5",
      "standard_nc40ads_h100_v5",
      "Standard_NC24ads_A100_v4",
    ];
    expect(sizes({ preferredSkus, gpus: 1, maxCount: 1 })).toEqual([
      "Standard_NC40ads_H100_v5",
      "Standard_NC24ads_A100_v4",
      "Standard_NV36ads_A10_v5",
    ]);
  });

  it("offers no size with more GPUs than it takes", () => {
    expect(sizes({ gpus: 1, maxCount: 1 })).toEqual([
      "Standard_NV36ads_A10_v5",
      "Standard_NC24ads_A100_v4",
      "Standard_NC40ads_H100_v5",
    ]);
    expect(sizes({ gpus: 3, maxCount: 1 })).toEqual(["Standard_NC96ads_A100_v4"]);
    expect(sizes({ gpus: 1, minGpuMemoryGiB: 160, maxCount: 1 })).toEqual([
      "Standard_NC48ads_A100_v4",
      "Standard_NC80adis_H100_v5",
    ]);
  });

  it("has no GPU size for arm64 and none with 9 GPUs", () => {
    expect(sizes({ gpus: 1, nodeArch: "arm64", maxCount: 1 })).toEqual([]);
    expect(sizes({ gpus: 9, maxCount: 1 })).toEqual([]);
  });

  it.each(["amd64", "arm64"] as const)("goes from cheap to dear, burstable last (%s)", (nodeArch) => {
    const sources = candidatesFor({ nodeArch, maxCount: 1 }).map((each) => each.source);
    expect(sources.indexOf("burstable")).toBe(sources.lastIndexOf("built-in") + 1);
    expect(sources.at(-1)).toBe("burstable");
    const first = { amd64: "Standard_D2as_v5", arm64: "Standard_D2ps_v6" }[nodeArch];
    expect(sizes({ nodeArch, maxCount: 1 })[0]).toBe(first);
  });

  it.each(["amd64", "arm64"] as const)("offers no burstable size where it must not (%s)", (nodeArch) => {
    const all = candidatesFor({ nodeArch, maxCount: 1 });
    expect(candidatesFor({ nodeArch, maxCount: 1, burstable: true })).toEqual(all);
    expect(candidatesFor({ nodeArch, maxCount: 1, burstable: false })).toEqual(
      all.filter(({ vmSize }) => !vmSize.startsWith("Standard_B")),
    );
  });

  it("knows by its name whether a size is burstable", () => {
    for (const { series, burstable = false } of cpuSeries) {
      expect([series, isBurstable(`Standard_${series.replace("#", "2")}`)]).toEqual([series, burstable]);
    }
    expect(isBurstable("Basic_A1")).toBe(false);
  });

  it("offers of each series the smallest size that is able", () => {
    expect(sizes({ minVcpus: 5, maxCount: 1 })).toContain("Standard_D8s_v5");
    expect(sizes({ minVcpus: 5, maxCount: 1 })).not.toContain("Standard_D16s_v5");
    expect(sizes({ minMemoryGiB: 32, maxCount: 1 })).toContain("Standard_E4s_v5");
    expect(sizes({ minMemoryGiB: 32, maxCount: 1 })).toContain("Standard_D8s_v5");
    expect(sizes({ minVcpus: 64, maxCount: 1 })).toEqual([]);
  });

  it("knows the GPUs of every built-in GPU size", () => {
    for (const size of gpuSizesByPrice) {
      expect(supportedGpu(size), size).toBeDefined();
    }
  });
});
