import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkQuota, coresInUse, defaultLimits, usages, withOverrides } from "../../rehearsal/arm/quota.ts";
import { inGroup, makeCluster, makeGroup, putPool, type Rig, startRig, sub, versions } from "./support.ts";

const owner = { cluster: "demo", group: "rg" };

const pool = fc.record({
  location: fc.constant("eastus"),
  vmSize: fc.constantFrom("Standard_D4s_v5", "Standard_NV36ads_A10_v5"),
  vCPUs: fc.constantFrom(4, 36),
  count: fc.nat(5),
  spot: fc.boolean(),
});

describe("accounting", () => {
  test("regional cores are the on-demand families' sum, and spot is apart", () => {
    fc.assert(
      fc.property(fc.array(pool), (pools) => {
        const used = coresInUse(pools, "eastus");
        const of = (spot: boolean) =>
          pools.filter((each) => each.spot === spot).reduce((sum, each) => sum + each.vCPUs * each.count, 0);
        const families = [...used].filter(([row]) => row.includes("family"));
        expect(families.reduce((sum, [, cores]) => sum + cores, 0)).toBe(of(false));
        expect(used.get("cores") ?? 0).toBe(of(false));
        expect(used.get("lowprioritycores") ?? 0).toBe(of(true));
        expect(coresInUse(pools, "westus3").size).toBe(0);
      }),
    );
  });

  test("a pool passes exactly when nodes and surge fit family and region, or spot", () => {
    const limits = { cores: 40, standardDSv5Family: 24, lowPriorityCores: 16 };
    const need = fc.record({
      family: fc.constant("StandardDSv5Family"),
      vCPUs: fc.constantFrom(2, 4, 8),
      nodes: fc.nat(6),
      surge: fc.nat(2),
      spot: fc.boolean(),
    });
    const use = fc.record({ family: fc.nat(24), cores: fc.nat(40), spot: fc.nat(16) });
    fc.assert(
      fc.property(need, use, (asked, already) => {
        const used = new Map([
          ["cores", already.cores],
          ["standarddsv5family", already.family],
          ["lowprioritycores", already.spot],
        ]);
        const cores = asked.vCPUs * (asked.nodes + asked.surge);
        const fits = asked.spot
          ? already.spot + cores <= 16
          : already.family + cores <= 24 && already.cores + cores <= 40;
        const check = () => checkQuota(asked, "eastus", limits, used, owner);
        fits ? check() : expect(check).toThrow();
      }),
    );
  });

  test.each([
    {
      name: "family",
      limits: { cores: 100, standardDSv5Family: 10 },
      code: "ErrCode_InsufficientVCPUQuota",
      says: "Insufficient vcpu quota requested 12, remaining 6 for family standardDSv5Family for region eastus. Surge nodes would also consume vcpu quota.",
    },
    {
      name: "regional",
      limits: { cores: 10, standardDSv5Family: 100 },
      code: "QuotaExceeded",
      says: "Location: eastus, Current Limit: 10, Current Usage: 4, Additional Required: 12, (Minimum) New Limit Required: 16.",
    },
  ])("the $name refusal has the figures", ({ limits, code, says }) => {
    const need = { family: "standardDSv5Family", vCPUs: 4, nodes: 2, surge: 1, spot: false };
    const used = new Map([
      ["cores", 4],
      ["standarddsv5family", 4],
    ]);
    const check = () => checkQuota(need, "eastus", limits, used, owner);
    expect(check).toThrow(expect.objectContaining({ code, message: expect.stringContaining(says) }));
  });

  test("overrides ignore case and blanks; gpu means every GPU family", () => {
    const limits = withOverrides(defaultLimits("eastus"), { gpu: 0, "standard ncasv3_t4 family": 8 });
    expect(limits).toMatchObject({ StandardNVADSA10v5Family: 0, "Standard NCASv3_T4 Family": 8 });
    expect(usages(limits, new Map()).every((row) => row.current === 0)).toBe(true);
  });
});

describe("pools use quota up", () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await startRig();
    await makeGroup(rig);
    await makeCluster(rig);
  });
  afterEach(() => rig.close());

  const a10 = (count: number) => ({ vmSize: "Standard_NV36ads_A10_v5", count });
  async function usage(name: string): Promise<number> {
    const path = "/providers/Microsoft.Compute/locations/eastus/usages?api-version=2026-03-01";
    const { body } = await rig.raw("GET", sub(rig, path));
    return body.value.find((row: { name: { value: string } }) => row.name.value === name).currentValue;
  }

  test("usages follow the nodes, without surge", async () => {
    expect([await usage("standardDSv5Family"), await usage("cores")]).toEqual([8, 8]);
    await rig.finish(await putPool(rig, "gpu", a10(1)));
    expect([await usage("standardNVADSA10v5Family"), await usage("cores")]).toEqual([36, 44]);
    const path = `Microsoft.ContainerService/managedClusters/demo/agentPools/gpu?${versions.aks}`;
    await rig.finish(await rig.raw("DELETE", inGroup(rig, path)));
    expect(await usage("standardNVADSA10v5Family")).toBe(0);
  });

  test("a node and its surge fit into the family's 72 cores, a second pool doesn't", async () => {
    expect((await putPool(rig, "gpu1", a10(2))).body.message).toContain("requested 108, remaining 72");
    await rig.finish(await putPool(rig, "gpu1", a10(1)));
    const second = await putPool(rig, "gpu2", a10(1));
    expect(second).toMatchObject({ status: 400, body: { code: "ErrCode_InsufficientVCPUQuota" } });
    expect(second.body.message).toContain("requested 72, remaining 36");
  });

  test("spot pools use the shared spot row alone", async () => {
    const spot = { vmSize: "Standard_NC24ads_A100_v4", scaleSetPriority: "Spot", count: 1 };
    expect((await rig.finish(await putPool(rig, "spot", spot)))["status"]).toBe("Succeeded");
    expect([await usage("lowPriorityCores"), await usage("StandardNCADSA100v4Family")]).toEqual([24, 0]);
  });

  test("a pool that doesn't grow is not asked again", async () => {
    await rig.finish(await putPool(rig, "gpu", a10(1)));
    await rig.raw("PUT", "/_rehearsal/scenario", { body: { name: "no-quota" } });
    const same = await putPool(rig, "gpu", { ...a10(1), nodeLabels: { a: "b" } });
    expect(same.status).toBe(200);
    await rig.finish(same);
    expect((await putPool(rig, "gpu", a10(2))).status).toBe(400);
  });

  test("the inline pools of one cluster are counted together", async () => {
    const inline = (name: string, mode: string) => ({ name, mode, count: 10, vmSize: "Standard_D4s_v5" });
    const path = inGroup(rig, `Microsoft.ContainerService/managedClusters/big?${versions.aks}`);
    const body = {
      location: "westus3",
      identity: { type: "SystemAssigned" },
      properties: {
        dnsPrefix: "big",
        agentPoolProfiles: [inline("one", "System"), inline("two", "User"), inline("three", "User")],
      },
    };
    expect((await rig.raw("PUT", path, { body })).body.message).toContain("requested 44, remaining 20");
  });
});
