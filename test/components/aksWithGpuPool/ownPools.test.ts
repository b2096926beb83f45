import { describe, expect, it } from "vitest";
import { ownPools } from "../../../components/aksWithGpuPool/ownPools.ts";
import { nodePool, poolProperties } from "../../../components/aksWithGpuPool/pools.ts";

describe("ownPools", () => {
  it("has no pool that isn't asked for", () => {
    expect(ownPools({})).toEqual([]);
  });

  it("has the named GPU pools last, so that the others take from the quota first", () => {
    const pools = ownPools({ moreGpuPools: { h100: {}, a10: {} }, gpuPool: {}, userPool: {} });
    expect(pools.map(({ name, role }) => [name, role])).toEqual([
      ["user", "user"],
      ["gpu", "gpu"],
      ["h100", "gpu"],
      ["a10", "gpu"],
    ]);
  });

  it("makes of a named pool a GPU pool like any other, but for its name and label", () => {
    const args = { gpus: 2, spot: true, minCount: 0, maxCount: 4, labels: { team: "a" } };
    const [named] = ownPools({ moreGpuPools: { h100: args } });
    const gpu = nodePool("gpu", args);
    const labels = { ...gpu.labels, "mcpaas.dev/pool": "h100" };
    expect(named).toEqual({ ...gpu, name: "h100", sizeOf: "h100", labels });
    expect(named && poolProperties(named)).toMatchObject({
      mode: "User",
      nodeLabels: { "mcpaas.dev/pool": "h100", team: "a" },
      nodeTaints: ["sku=gpu:NoSchedule", "kubernetes.azure.com/scalesetpriority=spot:NoSchedule"],
      gpuProfile: { driver: "Install" },
    });
  });

  it.each(["a", "h100", "a2345678901b"])("takes the name %s", (name) => {
    expect(ownPools({ moreGpuPools: { [name]: {} } })[0]?.name).toBe(name);
  });

  it.each([
    ["", /^moreGpuPools\[""\]: "" is not allowed; it must be 1 to 12 of a-z and 0-9, .* example "h100"/],
    ["H100", /^moreGpuPools\["H100"\]: "H100" is not allowed/],
    ["1a", /^moreGpuPools\["1a"\]: "1a" is not allowed/],
    ["big-gpu", /^moreGpuPools\["big-gpu"\]: "big-gpu" is not allowed/],
    ["a2345678901bc", /^moreGpuPools\["a2345678901bc"\]: "a2345678901bc" is not allowed/],
    ["gpu", /^moreGpuPools\["gpu"\]: the name is gpuPool's; choose another one/],
    ["user", /^moreGpuPools\["user"\]: the name is userPool's/],
    ["system", /^moreGpuPools\["system"\]: the name is systemPool's/],
  ])("refuses the name %j", (name, message) => {
    expect(() => ownPools({ moreGpuPools: { [name]: {} } })).toThrow(message);
  });

  it("names the pool in what is wrong with its arguments", () => {
    const pool = (args: object) => () => ownPools({ moreGpuPools: { h100: args } });
    expect(pool({ minCount: 3, maxCount: 2 })).toThrow(
      /^moreGpuPools\.h100\.minCount: 3 is more than maxCount/,
    );
    expect(pool({ vmSize: "Standard_NC4as_T4_v3" })).toThrow(/^moreGpuPools\.h100\.vmSize: .* T4/);
  });
});
