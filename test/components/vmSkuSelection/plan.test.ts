import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PoolPlan, Previous } from "../../../components/vmSkuSelection/held.ts";
import { planPools, planUnverified } from "../../../components/vmSkuSelection/plan.ts";
import type { OwnPool } from "../../../components/vmSkuSelection/quota.ts";
import type { VmPoolRequest } from "../../../components/vmSkuSelection/types.ts";
import { a10, a100, b2s, d2as, d4s, quota, region, t4 } from "./fakes.ts";

const gpu: VmPoolRequest = { preferredSkus: [a100.name, a10.name], gpus: 1, maxCount: 2 };

function plan(
  pools: Record<string, VmPoolRequest>,
  limits: Record<string, number>,
  given: {
    previous?: Previous;
    own?: OwnPool[];
    reselect?: string;
    order?: string[];
    used?: Record<string, number>;
  } = {},
): PoolPlan[] {
  const facts = region(limits);
  const quotas = facts.quotas.map((row) => quota(row.name, row.limit, given.used?.[row.name] ?? 0));
  const request = { ...given, pools, order: given.order ?? Object.keys(pools) };
  return planPools(request, { ...facts, quotas }, given.own);
}

function previousOf(pools: Record<string, VmPoolRequest>, plans: PoolPlan[]): Previous {
  return {
    pools,
    vmSizes: Object.fromEntries(plans.map((each) => [each.pool, each.vmSize ?? ""])),
    verified: plans.every(({ verified }) => verified),
    verdicts: Object.fromEntries(plans.map((each) => [each.pool, each.verdicts])),
  };
}

const sizesOf = (plans: PoolPlan[]) => Object.fromEntries(plans.map(({ pool, vmSize }) => [pool, vmSize]));

describe("the budget of several pools", () => {
  const one: VmPoolRequest = { preferredSkus: [a100.name, a10.name], gpus: 1, maxCount: 1, maxSurge: 0 };

  it("is summed: the second pool gets what the first one leaves", () => {
    expect(sizesOf(plan({ a: one, b: one }, { A100Family: 24 }))).toEqual({ a: a100.name, b: a10.name });
    expect(sizesOf(plan({ a: one, b: one }, { A100Family: 24 }, { order: ["b", "a"] }))).toEqual({
      b: a100.name,
      a: a10.name,
    });
  });

  it("is summed over families by the region", () => {
    const [first, second] = plan({ a: one, b: one }, { cores: 47 });
    expect(first?.vmSize).toBe(a100.name);
    expect(second?.vmSize).toBeUndefined();
    expect(second?.verdicts[0]).toMatchObject({ code: "regional-quota", headroom: 23, used: 24 });
  });

  it("keeps spot pools out of the regional cores", () => {
    const spot = { ...one, spot: true };
    expect(sizesOf(plan({ a: spot, b: one }, { cores: 24, A100Family: 24 }))).toEqual({
      a: a100.name,
      b: a100.name,
    });
  });

  const spot: VmPoolRequest = { ...one, spot: true, fallback: { pool: "afb", maxCount: 2 } };

  it.each<[string, Record<string, number>, string | undefined]>([
    ["has room for both", { A100Family: 48, lowPriorityCores: 24 }, a100.name],
    ["has no room for the fallback in one family", { A100Family: 47 }, a10.name],
    ["has no room for the fallback in the region", { cores: 47 }, undefined],
    ["has no room for spot", { lowPriorityCores: 23 }, undefined],
  ])("of a spot pool and its fallback gives a size when it %s", (_, limits, size) => {
    expect(plan({ a: spot }, limits)[0]?.vmSize).toBe(size);
  });

  it("says what the fallback needs", () => {
    const [planned] = plan({ a: spot }, { A100Family: 40, A10Family: 40 });
    expect(planned?.verdicts[0]).toMatchObject({
      code: "family-quota",
      need: 24,
      fallbackNeed: 48,
      reason: "needs 48 vCPUs, 40 left in A100Family vCPUs (limit 40, used 0)",
      raise: [{ quota: "A100Family vCPUs", by: 8, to: 48 }],
    });
  });

  it("takes both kinds for the pools after it, and gives both pools' nodes back", () => {
    const limits = { A100Family: 48, A10Family: 0, H100Family: 0 };
    expect(sizesOf(plan({ a: spot, b: one }, limits))).toEqual({ a: a100.name, b: undefined });
    const own = [
      { name: "a", vmSize: a100.name, count: 1, spot: true },
      { name: "afb", vmSize: a100.name, count: 2, spot: false },
    ];
    const used = { A100Family: 48, cores: 48, lowPriorityCores: 24 };
    const [planned] = plan({ a: spot }, { ...limits, lowPriorityCores: 24 }, { own, used });
    expect(planned).toMatchObject({ vmSize: a100.name, verified: true });
  });

  it("of a fallback is kept for it while the state holds the size", () => {
    const previous = previousOf({ a: spot }, plan({ a: spot }, {}));
    const limits = { A100Family: 48, A10Family: 0, H100Family: 0 };
    expect(sizesOf(plan({ a: spot, b: one }, limits, { previous }))).toEqual({ a: a100.name, b: undefined });
  });

  it("serves fixed sizes first, as they have no alternative", () => {
    const fixed: VmPoolRequest = { vmSize: a100.name, gpus: 1, maxCount: 1, maxSurge: 0 };
    expect(sizesOf(plan({ a: one, b: fixed }, { A100Family: 24 }))).toEqual({ a: a10.name, b: a100.name });
  });
});

describe("a choice that the state holds", () => {
  const first = plan({ gpu }, { A100Family: 72 });
  const previous = previousOf({ gpu }, first);
  const running = [{ name: "gpu", vmSize: a100.name, count: 2, spot: false }];

  it("stays when a better one turns up, with the verdicts it was made by", () => {
    const a10First = plan({ gpu }, { A100Family: 0 });
    const [held] = plan({ gpu }, { A100Family: 500 }, { previous: previousOf({ gpu }, a10First), own: [] });
    expect(held).toMatchObject({ vmSize: a10.name, kept: true, verified: true });
    expect(held?.verdicts).toEqual(a10First[0]?.verdicts);
  });

  it("is given its own nodes' cores back", () => {
    const [held] = plan(
      { gpu },
      { A100Family: 72 },
      { previous, own: running, used: { A100Family: 48, cores: 48 } },
    );
    expect(held).toMatchObject({ vmSize: a100.name, kept: true });
    expect(held?.warning).toBeUndefined();
  });

  it("is given back nothing for pools that are not its own", () => {
    const other = [{ ...running[0], name: "other" } as OwnPool];
    const used = { A100Family: 48, cores: 48 };
    expect(plan({ gpu }, { A100Family: 72 }, { own: other, used })[0]?.vmSize).toBe(a10.name);
  });

  it("stays with a warning when nodes of it run and others took the quota", () => {
    const [held] = plan({ gpu }, { A100Family: 72 }, { previous, own: running, used: { A100Family: 60 } });
    expect(held).toMatchObject({ vmSize: a100.name, kept: true, verified: true });
    expect(held?.warning).toMatch(
      /keeps Standard_NC24ads_A100_v4, but: needs 72 vCPUs, 60 left in A100Family/,
    );
    expect(held?.verdicts).toEqual(first[0]?.verdicts);
  });

  it("stays when no cluster is known that could tell", () => {
    expect(plan({ gpu }, { A100Family: 0 }, { previous })[0]).toMatchObject({
      vmSize: a100.name,
      kept: true,
    });
  });

  it("goes when it lacks quota and the cluster has no such pool, and says why", () => {
    const [chosen] = plan({ gpu }, { A100Family: 0 }, { previous, own: [] });
    expect(chosen).toMatchObject({ vmSize: a10.name, kept: false });
    expect(chosen?.warning).toMatch(/NC24ads_A100_v4 can't be used any more: needs 72/);
  });

  it("goes when the region closes it, even with nodes of it", () => {
    const facts = region();
    const skus = facts.skus.map((sku) => (sku.name === a100.name ? { ...sku, restriction: "QuotaId" } : sku));
    const request = { pools: { gpu }, order: ["gpu"], previous };
    expect(planPools(request, { ...facts, skus }, running)[0]).toMatchObject({
      vmSize: a10.name,
      kept: false,
    });
  });

  it("goes when the request asks for more than it has", () => {
    const more = { ...gpu, preferredSkus: [], minGpuMemoryGiB: 90 };
    expect(plan({ gpu: more }, {}, { previous, own: running })[0]?.vmSize).toBe("Standard_NC40ads_H100_v5");
  });

  it("goes when the user fixes another size", () => {
    const fixed = { vmSize: a10.name, gpus: 1, maxCount: 2 };
    expect(plan({ gpu: fixed }, {}, { previous, own: running })[0]).toMatchObject({
      vmSize: a10.name,
      kept: false,
    });
  });

  it("is made anew when reselect changes", () => {
    const held = { ...previous, vmSizes: { gpu: a10.name } };
    expect(plan({ gpu }, {}, { previous: held, own: [] })[0]?.vmSize).toBe(a10.name);
    expect(plan({ gpu }, {}, { previous: held, own: [], reselect: "2" })[0]?.vmSize).toBe(a100.name);
  });

  it("takes from the quota before a new pool does", () => {
    const added: VmPoolRequest = { ...gpu, maxCount: 1, maxSurge: 0 };
    const pools = { added, gpu };
    expect(sizesOf(plan(pools, { A100Family: 72 }, { previous, own: [] }))).toEqual({
      added: a10.name,
      gpu: a100.name,
    });
  });

  it("becomes verified once Azure confirms it", () => {
    const guess = previousOf({ gpu }, planUnverified({ pools: { gpu }, order: ["gpu"] }, "no answer"));
    expect(guess.verified).toBe(false);
    const [held] = plan({ gpu }, {}, { previous: guess, own: [] });
    expect(held).toMatchObject({ vmSize: a100.name, kept: true, verified: true });
    expect(held?.verdicts).toMatchObject([{ code: "ok", source: "kept" }]);
  });

  it("never moves while the request, the size and its quota hold", () => {
    const limit = fc.integer({ min: 0, max: 300 });
    fc.assert(
      fc.property(
        fc.record({ A100Family: limit, A10Family: limit, H100Family: limit }),
        limit,
        (limits, more) => {
          const before = plan({ gpu }, limits);
          fc.pre(before[0]?.vmSize !== undefined);
          const raised = Object.fromEntries(
            Object.entries(limits).map(([name, value]) => [name, value + more]),
          );
          const after = plan({ gpu }, raised, { previous: previousOf({ gpu }, before), own: [] });
          expect(previousOf({ gpu }, after)).toEqual(previousOf({ gpu }, before));
        },
      ),
    );
  });
});

describe("the size of a pool that is part of the cluster", () => {
  const system: VmPoolRequest = { preferredSkus: [d4s.name], maxCount: 2, inline: true, burstable: false };
  const running = [{ name: "system", vmSize: d2as.name, count: 1, maxCount: 2, spot: false }];
  const previous = previousOf({ system }, plan({ system }, {}));

  it("is chosen like any other as long as there is no cluster", () => {
    expect(plan({ system }, {}, { own: [] })[0]).toMatchObject({ vmSize: d4s.name, kept: false });
    expect(plan({ system }, { DsFamily: 0 }, { previous, own: [] })[0]?.vmSize).toBe(d2as.name);
  });

  it.each<[string, VmPoolRequest, Parameters<typeof plan>[2]]>([
    ["the state was lost", system, {}],
    ["the state holds another", system, { previous }],
    ["a new choice is asked for", system, { previous, reselect: "2" }],
    ["the user fixes another", { ...system, vmSize: d4s.name }, { previous }],
    ["it can't be burstable", system, { previous, own: [{ ...running[0], vmSize: b2s.name } as OwnPool] }],
  ])("stays the cluster's when %s", (_, wanted, given) => {
    const own = given?.own ?? running;
    const [held] = plan({ system: wanted }, {}, { ...given, own });
    expect(held).toMatchObject({ vmSize: own[0]?.vmSize, kept: true, verified: true });
    expect(held?.verdicts).toMatchObject([{ vmSize: own[0]?.vmSize, source: "kept", chosen: true }]);
  });

  it("says why it stays when that isn't what was asked for", () => {
    const [fixed] = plan({ system: { ...system, vmSize: d4s.name } }, {}, { own: running });
    expect(fixed?.warning).toBe(
      "keeps Standard_D2as_v5, but: AKS can't make it Standard_D4s_v5, as it is part of the cluster; that needs a new cluster",
    );
    const [short] = plan({ system }, { DasFamily: 2 }, { own: running });
    expect(short?.warning).toMatch(/^keeps Standard_D2as_v5, but: needs 6 vCPUs, 2 left/);
    expect(plan({ system }, {}, { own: running })[0]?.warning).toBeUndefined();
  });

  it("is what the state holds while the cluster can't be asked", () => {
    const request = { pools: { system: { ...system, vmSize: d2as.name } }, order: ["system"], previous };
    expect(planUnverified(request, "no answer")[0]).toMatchObject({ vmSize: d4s.name, kept: true });
    expect(plan({ system }, {}, { previous, reselect: "2" })[0]).toMatchObject({
      vmSize: d4s.name,
      kept: true,
    });
  });

  it("counts with the cluster's maximum, if that is higher, and its real size", () => {
    const user: VmPoolRequest = { vmSize: d2as.name, maxCount: 1, maxSurge: 0 };
    const leftFor = (asked: number, known: number) => {
      const own = [{ ...running[0], maxCount: known } as OwnPool];
      const [, second] = plan({ system: { ...system, maxCount: asked }, user }, { DasFamily: 100 }, { own });
      return second?.verdicts[0]?.headroom;
    };
    expect(leftFor(2, 5)).toBe(100 - 2 * (5 + 1));
    expect(leftFor(5, 2)).toBe(100 - 2 * (5 + 1));
    expect(leftFor(2, 2)).toBe(100 - 2 * (2 + 1));
  });

  it("leaves the state unchanged from run to run", () => {
    const first = plan({ system }, {}, { previous, own: running });
    const second = plan({ system }, {}, { previous: previousOf({ system }, first), own: running });
    expect(previousOf({ system }, second)).toEqual(previousOf({ system }, first));
  });
});

describe("planUnverified", () => {
  const request = (wanted: VmPoolRequest, previous?: Previous) => ({
    pools: { gpu: wanted },
    order: ["gpu"],
    previous,
  });

  it("takes the first preferred size, or the first built-in one", () => {
    expect(planUnverified(request(gpu), "no answer")[0]).toMatchObject({
      vmSize: a100.name,
      verified: false,
    });
    expect(planUnverified(request({ gpus: 1, maxCount: 1 }), "no answer")[0]?.vmSize).toBe(a10.name);
    expect(planUnverified(request({ vmSize: d4s.name, maxCount: 1 }), "no answer")[0]?.vmSize).toBe(d4s.name);
  });

  it("still rules out GPUs that can't work", () => {
    const preferT4 = { ...gpu, preferredSkus: [t4.name, a10.name] };
    expect(planUnverified(request(preferT4), "no answer")[0]?.vmSize).toBe(a10.name);
    const onlyT4 = { vmSize: t4.name, gpus: 1, maxCount: 1 };
    expect(planUnverified(request(onlyT4), "no answer")[0]?.vmSize).toBeUndefined();
  });

  it("still rules out burstable sizes where they can't be used", () => {
    const system = { preferredSkus: [b2s.name, d4s.name], maxCount: 1, burstable: false };
    expect(planUnverified(request(system), "no answer")[0]?.vmSize).toBe(d4s.name);
  });

  it("keeps what the state holds, verified only for the same request", () => {
    const previous = previousOf({ gpu }, plan({ gpu }, { A100Family: 0 }));
    expect(planUnverified(request(gpu, previous), "no answer")[0]).toMatchObject({
      vmSize: a10.name,
      kept: true,
      verified: true,
      verdicts: previous.verdicts["gpu"],
    });
    expect(planUnverified(request({ ...gpu, maxCount: 3 }, previous), "no answer")[0]).toMatchObject({
      vmSize: a10.name,
      verified: false,
    });
  });
});
