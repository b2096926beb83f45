import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { regions, sizeIn, sizes } from "../../rehearsal/arm/catalog.ts";
import { defaultLimits } from "../../rehearsal/arm/quota.ts";

describe("sizes.csv", () => {
  test("has no quoted cell, and as many cells in every row", () => {
    const text = readFileSync(new URL("../../rehearsal/arm/data/sizes.csv", import.meta.url), "utf8");
    expect(text).not.toContain('"');
    const widths = new Set(
      text
        .trimEnd()
        .split("\n")
        .map((line) => line.split(",").length),
    );
    expect(widths.size).toBe(1);
  });

  test("every size has cores, memory, a family and known regions", () => {
    const wrong = [...sizes.values()].filter(
      (size) =>
        !(size.vCPUs > 0 && size.memoryGiB > 0 && size.family) ||
        size.regions.length === 0 ||
        size.regions.some((region) => !regions[region]),
    );
    expect(wrong).toEqual([]);
  });

  test.each([
    {
      name: "Standard_NC24ads_A100_v4",
      gpus: 1,
      gpuMemoryGiB: 80,
      family: "StandardNCADSA100v4Family",
      vCPUs: 24,
    },
    {
      name: "Standard_NV36ads_A10_v5",
      gpus: 1,
      gpuMemoryGiB: 24,
      family: "StandardNVADSA10v5Family",
      vCPUs: 36,
    },
    {
      name: "Standard_NV6ads_A10_v5",
      gpus: 1,
      gpuMemoryGiB: 4,
      family: "StandardNVADSA10v5Family",
      vCPUs: 6,
    },
    {
      name: "Standard_NC40ads_H100_v5",
      gpus: 1,
      gpuMemoryGiB: 94,
      family: "StandardNCadsH100v5Family",
      vCPUs: 40,
    },
    {
      name: "Standard_NC4as_T4_v3",
      gpus: 1,
      gpuMemoryGiB: 16,
      family: "Standard NCASv3_T4 Family",
      vCPUs: 4,
    },
    { name: "Standard_D4s_v5", gpus: 0, gpuMemoryGiB: undefined, family: "standardDSv5Family", vCPUs: 4 },
    { name: "Standard_D4ps_v6", gpus: 0, gpuMemoryGiB: undefined, family: "StandardDpsv6Family", vCPUs: 4 },
  ])("$name is as Azure describes it", ({ name, ...expected }) => {
    expect(sizes.get(name.toLowerCase())).toMatchObject(expected);
  });

  test("regions differ", () => {
    expect(sizeIn("eastus", "Standard_ND96isr_H200_v5")).toBeUndefined();
    expect(sizeIn("westus3", "Standard_ND96isr_H200_v5")).toBeDefined();
  });
});

describe("quotas.json", () => {
  test("eastus has room on A10 alone, westus3 on A100", () => {
    const gpu = ({
      StandardNCADSA100v4Family: a100,
      StandardNVADSA10v5Family: a10,
    }: Record<string, number>) => [a100, a10];
    expect(gpu(defaultLimits("eastus"))).toEqual([0, 72]);
    expect(gpu(defaultLimits("westus3"))).toEqual([96, 0]);
    expect(gpu(defaultLimits("uksouth"))).toEqual([0, 0]);
  });
});
