import { describe, expect, it } from "vitest";
import { nodePool, poolProperties } from "../../../components/aksWithGpuPool/pools.ts";

describe("nodePool", () => {
  it("asks the selection for what the pool can grow to, surge of an upgrade included", () => {
    expect(nodePool("user", { preferredSkus: ["Standard_D2as_v5"], maxCount: 5 }).request).toEqual({
      preferredSkus: ["Standard_D2as_v5"],
      nodeArch: "amd64",
      minVcpus: 2,
      minMemoryGiB: 8,
      maxCount: 5,
      maxSurge: 1,
    });
  });

  it("asks for a GPU and no surge node in the GPU pool", () => {
    expect(nodePool("gpu", { maxCount: 2, spot: true, zones: ["1"], minGpuMemoryGiB: 24 }).request).toEqual({
      nodeArch: "amd64",
      gpus: 1,
      minGpuMemoryGiB: 24,
      maxCount: 2,
      maxSurge: 0,
      spot: true,
      zones: ["1"],
    });
  });

  it("asks for a system pool that is part of the cluster and never burstable, and for no other", () => {
    expect(nodePool("system", {}).request).toMatchObject({ inline: true, burstable: false });
    expect(nodePool("user", {}).request).not.toHaveProperty("inline");
    expect(nodePool("gpu", {}).request).not.toHaveProperty("burstable");
  });

  it.each([
    ["system", { minCount: 0 }, /^systemPool.minCount: 0 is not allowed; .* from 1 to 1000/],
    ["gpu", { minCount: 3, maxCount: 2 }, /^gpuPool.minCount: 3 is more than maxCount, which is 2/],
    ["user", { maxCount: 1.5 }, /^userPool.maxCount: 1.5 is not allowed/],
    ["user", { taints: ["dedicated"] }, /^userPool.taints\[0\]: "dedicated" is not allowed/],
  ] as const)("refuses in the %s pool %j", (role, args, message) => {
    expect(() => nodePool(role, { ...args, taints: "taints" in args ? [...args.taints] : [] })).toThrow(
      message,
    );
  });
});

describe("a GPU pool's fixed VM size", () => {
  it.each([
    [
      "Standard_NC4as_T4_v3",
      {},
      /^gpuPool\.vmSize: "Standard_NC4as_T4_v3" has T4 GPUs .* 7\.5.* use Standard_NV36ads_A10_v5 or .* leave it out/,
    ],
    ["Standard_NC6s_v3", {}, /^gpuPool\.vmSize: .* V100/],
    ["Standard_D4s_v5", {}, /^gpuPool\.vmSize: "Standard_D4s_v5" has no GPU, and the pool asks for 1/],
    [
      "Standard_NV36ads_A10_v5",
      { gpus: 2 },
      /^gpuPool\.vmSize: .* has 1 GPU, fewer than 2; use Standard_NV72ads/,
    ],
    [
      "Standard_NV36ads_A10_v5",
      { minGpuMemoryGiB: 80 },
      /has 24 GiB of GPU memory, less than 80; use .*A100/,
    ],
    [
      "Standard_NV36ads_A10_v5",
      { gpus: 16 },
      /fewer than 16; leave it out, and a size that the quota allows/,
    ],
  ])("refuses %s for %j", (vmSize, args, message) => {
    expect(() => nodePool("gpu", { vmSize, ...args })).toThrow(message);
  });

  it.each(["Standard_NC24ads_A100_v4", "standard_nv36ads_a10_v5"])("takes %s", (vmSize) => {
    expect(nodePool("gpu", { vmSize }).request.vmSize).toBe(vmSize);
  });

  it("is no concern of pools without GPUs", () => {
    expect(nodePool("user", { vmSize: "Standard_D4s_v5" }).request.vmSize).toBe("Standard_D4s_v5");
  });
});

describe("poolProperties", () => {
  const gpu = (args = {}) => poolProperties(nodePool("gpu", args));

  it("keeps other pods off GPU nodes and lets pods find them", () => {
    expect(gpu()).toMatchObject({
      mode: "User",
      nodeTaints: ["sku=gpu:NoSchedule"],
      nodeLabels: { "mcpaas.dev/pool": "gpu" },
      gpuProfile: { driver: "Install" },
    });
  });

  it.each(["system", "user", "gpu"] as const)(
    "leaves DNS of the %s pool to the pods that the namespaces' policies name",
    (role) => {
      expect(poolProperties(nodePool(role, {})).localDNSProfile).toEqual({ mode: "Disabled" });
    },
  );

  it("is regional unless zones are asked for", () => {
    expect(gpu()).not.toHaveProperty("availabilityZones");
    expect(gpu({ zones: ["1", "2"] }).availabilityZones).toEqual(["1", "2"]);
  });

  it("upgrades as the quota was asked for: GPU nodes in place, others with a surge node", () => {
    expect(gpu()).toHaveProperty("upgradeSettings", { maxSurge: "0", maxUnavailable: "1" });
    expect(poolProperties(nodePool("user", {}))).toHaveProperty("upgradeSettings", { maxSurge: "1" });
  });

  it("says what AKS says of spot nodes, and has no upgrade settings there, which AKS refuses", () => {
    const spot = gpu({ spot: true });
    expect(spot).toMatchObject({
      scaleSetPriority: "Spot",
      scaleSetEvictionPolicy: "Delete",
      spotMaxPrice: -1,
      nodeTaints: ["sku=gpu:NoSchedule", "kubernetes.azure.com/scalesetpriority=spot:NoSchedule"],
      nodeLabels: { "mcpaas.dev/pool": "gpu", "kubernetes.azure.com/scalesetpriority": "spot" },
    });
    expect(spot).not.toHaveProperty("upgradeSettings");
  });

  it("autoscales between the two counts, beginning with the lower", () => {
    expect(gpu({ minCount: 1, maxCount: 4 })).toMatchObject({
      enableAutoScaling: true,
      count: 1,
      minCount: 1,
      maxCount: 4,
    });
  });

  it("begins with no node where none is always there", () => {
    expect(gpu({ minCount: 0, maxCount: 1 })).toMatchObject({ count: 0, minCount: 0, maxCount: 1 });
  });

  it("doesn't let a label of the user take the pool's own away", () => {
    expect(gpu({ labels: { "mcpaas.dev/pool": "mine", team: "a" } }).nodeLabels).toEqual({
      "mcpaas.dev/pool": "gpu",
      team: "a",
    });
  });

  it("has no GPU driver setting where there are no GPUs", () => {
    const system = poolProperties(nodePool("system", {}));
    expect(system).not.toHaveProperty("gpuProfile");
    expect(system).not.toHaveProperty("nodeTaints");
    expect(system.mode).toBe("System");
  });
});
