import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ownPools } from "../../../components/aksWithGpuPool/ownPools.ts";
import { nodePool, poolProperties } from "../../../components/aksWithGpuPool/pools.ts";
import { priorities } from "../../../components/aksWithGpuPool/priorities.ts";
import { fallbackPool, selectingLabels } from "../../../components/aksWithGpuPool/spot.ts";

const spot = { spot: true, minCount: 1, maxCount: 3, labels: { team: "a" }, zones: ["1"] };

describe("a spot pool with a fallback", () => {
  const pools = ownPools({ gpuPool: { ...spot, fallback: { maxCount: 2 } } });

  it("is two pools that models see as one, of one size", () => {
    expect(pools.map(({ name, sizeOf }) => [name, sizeOf])).toEqual([
      ["gpu", "gpu"],
      ["gpufb", "gpu"],
    ]);
    const [first, second] = pools.map(poolProperties);
    expect(first).toMatchObject({
      scaleSetPriority: "Spot",
      nodeLabels: { "mcpaas.dev/pool": "gpu", team: "a", "kubernetes.azure.com/scalesetpriority": "spot" },
    });
    expect(second).toMatchObject({
      nodeLabels: { "mcpaas.dev/pool": "gpu", team: "a" },
      nodeTaints: ["sku=gpu:NoSchedule"],
      availabilityZones: ["1"],
      upgradeSettings: { maxSurge: "0", maxUnavailable: "1" },
      gpuProfile: { driver: "Install" },
    });
    expect(second?.nodeLabels).not.toHaveProperty("kubernetes.azure.com/scalesetpriority");
    expect(second).not.toHaveProperty("scaleSetPriority");
  });

  it("needs no spot node to be made, and no regular one unless it is asked for", () => {
    expect(pools.map(poolProperties)).toMatchObject([
      { count: 0, minCount: 0, maxCount: 3 },
      { count: 0, minCount: 0, maxCount: 2 },
    ]);
    const [, kept] = ownPools({ gpuPool: { ...spot, fallback: { minCount: 1 } } }).map(poolProperties);
    expect(kept).toMatchObject({ count: 1, minCount: 1, maxCount: 3 });
  });

  it("asks for quota of both kinds", () => {
    expect(pools[0]?.request).toMatchObject({
      spot: true,
      maxCount: 3,
      fallback: { pool: "gpufb", maxCount: 2 },
    });
  });

  it("is selected by what both have", () => {
    expect(selectingLabels(pools[0] as (typeof pools)[0])).toEqual({ "mcpaas.dev/pool": "gpu", team: "a" });
    expect(selectingLabels(nodePool("gpu", spot))).toHaveProperty("kubernetes.azure.com/scalesetpriority");
  });

  it.each<[string, object, RegExp]>([
    ["no spot", { fallback: {} }, /^gpuPool.fallback: takes over from spot nodes; set spot/],
    ["a wrong minCount", { spot: true, fallback: { minCount: -1 } }, /^gpuPool.fallback.minCount: -1 is not/],
    ["a wrong maxCount", { spot: true, fallback: { maxCount: 0 } }, /^gpuPool.fallback.maxCount: 0 is not/],
    [
      "counts out of order",
      { spot: true, maxCount: 1, fallback: { minCount: 2 } },
      /^gpuPool.fallback.minCount: 2 is more than maxCount, which is 1/,
    ],
  ])("is refused with %s", (_, args, message) => {
    expect(() => ownPools({ gpuPool: args })).toThrow(message);
  });

  it("is refused where AKS couldn't name it, or has the name already", () => {
    const pool = { spot: true, fallback: {} };
    expect(ownPools({ moreGpuPools: { a123456789: pool } })[1]?.name).toBe("a123456789fb");
    expect(() => ownPools({ moreGpuPools: { a1234567890: pool } })).toThrow(
      /^moreGpuPools.a1234567890.fallback: its pool would be called a1234567890fb, .* 10 at most/,
    );
    expect(() => ownPools({ gpuPool: pool, moreGpuPools: { gpufb: {} } })).toThrow(
      /^moreGpuPools\["gpufb"\]: is the name of the fallback of gpu/,
    );
  });
});

describe("fallbackPool", () => {
  it("is nothing for a pool without one", () => {
    expect(fallbackPool(nodePool("gpu", spot))).toBeUndefined();
  });
});

describe("priorities", () => {
  const pool = (args: object) => ({ spot: true, ...args });
  const pools = ownPools({
    userPool: {},
    gpuPool: pool({ fallback: {} }),
    moreGpuPools: { large: pool({ fallback: {} }), lone: pool({}) },
  });
  /** How the autoscaler's expander orders scale sets, by what it documents. */
  const priorityOf = (scaleSet: string) => {
    const table = parse(priorities(pools)) as Record<string, string[]>;
    const matching = Object.entries(table).filter(([, texts]) =>
      texts.some((text) => RegExp(text).test(scaleSet)),
    );
    return Math.max(...matching.map(([priority]) => Number(priority)));
  };

  it.each([
    ["aks-gpu-12345678-vmss", 20],
    ["aks-large-12345678-vmss", 20],
    ["aks-gpufb-12345678-vmss", 10],
    ["aks-largefb-12345678-vmss", 10],
    ["aks-lone-12345678-vmss", 10],
    ["aks-user-12345678-vmss", 10],
    ["aks-system-12345678-vmss", 10],
  ])(
    "gives %s %d: spot pools that have a fallback come first, and every pool has its place",
    (name, priority) => {
      expect(priorityOf(name)).toBe(priority);
    },
  );
});
