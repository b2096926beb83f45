import { describe, expect, it } from "vitest";
import { type ArmSku, normalizeLocation, regionFacts } from "../../../components/vmSkuSelection/facts.ts";

const row: ArmSku = {
  name: "Standard_E4-2s_v5",
  resourceType: "virtualMachines",
  family: "standardESv5Family",
  capabilities: [
    { name: "vCPUs", value: "4" },
    { name: "vCPUsAvailable", value: "2" },
    { name: "MemoryGB", value: "32" },
    { name: "CpuArchitectureType", value: "x64" },
    { name: "LowPriorityCapable", value: "True" },
  ],
  locationInfo: [{ location: "EastUS", zones: ["3", "1", "2"] }],
  restrictions: [
    {
      type: "Zone",
      reasonCode: "NotAvailableForSubscription",
      restrictionInfo: { locations: ["eastus"], zones: ["2"] },
    },
  ],
};

const only = (sku: ArmSku) => regionFacts("East US", [sku], []).skus[0];

describe("regionFacts", () => {
  it("reads a size: cores that quota counts, cores that work, zones that are open", () => {
    expect(only(row)).toEqual({
      name: "Standard_E4-2s_v5",
      family: "standardESv5Family",
      vcpus: 4,
      usableVcpus: 2,
      memoryGiB: 32,
      gpus: 0,
      arch: "amd64",
      spot: true,
      zones: ["1", "3"],
      restriction: undefined,
    });
  });

  it("sees a restriction of the region, but not one of another region", () => {
    const closed = (location: string): ArmSku => ({
      ...row,
      restrictions: [{ type: "Location", reasonCode: "QuotaId", restrictionInfo: { locations: [location] } }],
    });
    expect(only(closed("eastus"))?.restriction).toBe("QuotaId");
    expect(only(closed("westus3"))?.restriction).toBeUndefined();
  });

  it("takes a size for amd64 without spot when Azure says neither", () => {
    expect(only({ ...row, capabilities: [] })).toMatchObject({ arch: "amd64", spot: false, vcpus: 0 });
    expect(only({ ...row, capabilities: [{ name: "CpuArchitectureType", value: "Arm64" }] })?.arch).toBe(
      "arm64",
    );
  });

  it("leaves out what is no VM size, and keeps both names of a quota", () => {
    const facts = regionFacts(
      "eastus",
      [{ ...row, resourceType: "disks" }],
      [{ name: { value: "cores", localizedValue: "Total Regional vCPUs" }, currentValue: 3, limit: 10 }],
    );
    expect(facts.skus).toEqual([]);
    expect(facts.quotas).toEqual([{ name: "cores", title: "Total Regional vCPUs", limit: 10, used: 3 }]);
  });

  it("writes a region as Azure does", () => {
    expect(normalizeLocation("West US 3")).toBe("westus3");
  });
});
