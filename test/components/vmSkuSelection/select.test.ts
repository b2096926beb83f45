import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { candidatesFor } from "../../../components/vmSkuSelection/candidates.ts";
import { QuotaLedger } from "../../../components/vmSkuSelection/quota.ts";
import { selectVmSku } from "../../../components/vmSkuSelection/select.ts";
import type { VmPoolRequest } from "../../../components/vmSkuSelection/types.ts";
import { a10, a100, d2as, d4s, h100, region, sixthOfA10, t4 } from "./fakes.ts";

const all = [a100, a10, h100, t4, sixthOfA10, d4s, d2as];
const families = ["A100Family", "A10Family", "H100Family", "T4Family", "DsFamily", "DasFamily"];
const limit = fc.integer({ min: 0, max: 400 });
const limits = fc.record(
  Object.fromEntries([...families, "cores", "lowPriorityCores"].map((name) => [name, limit])),
) as fc.Arbitrary<Record<string, number>>;
const request: fc.Arbitrary<VmPoolRequest> = fc.record(
  {
    preferredSkus: fc.subarray(all.map(({ name }) => name)).chain((names) => fc.shuffledSubarray(names)),
    gpus: fc.integer({ min: 0, max: 2 }),
    maxCount: fc.integer({ min: 1, max: 8 }),
    maxSurge: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom("1", "33%", "100%")),
    spot: fc.boolean(),
    minGpuMemoryGiB: fc.constantFrom(16, 48, 94),
  },
  { requiredKeys: ["maxCount"] },
);

function select(wanted: VmPoolRequest, given: Record<string, number>) {
  const facts = region(given);
  return selectVmSku(wanted, facts.skus, new QuotaLedger(facts.quotas));
}

describe("selectVmSku", () => {
  it("passes over what doesn't fit and says why, whatever comes after", () => {
    const { vmSize, verified, verdicts } = select(
      { preferredSkus: [a100.name, a10.name], gpus: 1, maxCount: 2 },
      { A100Family: 0 },
    );
    expect(vmSize).toBe(a10.name);
    expect(verified).toBe(true);
    expect(verdicts.map(({ vmSize: size, code, chosen }) => [size, code, chosen])).toEqual([
      [a100.name, "family-quota", false],
      [a10.name, "ok", true],
      [h100.name, "ok", false],
    ]);
  });

  it("writes a size as Azure does", () => {
    expect(select({ vmSize: "standard_d4S_v5", maxCount: 1 }, {}).vmSize).toBe(d4s.name);
  });

  it("takes a size of unknown quota only when no other one passes, and says that it isn't verified", () => {
    const facts = region({ A10Family: 0, H100Family: 0 });
    const quotas = facts.quotas.filter(({ name }) => name !== "A100Family");
    const wanted = { preferredSkus: [a100.name], gpus: 1, maxCount: 1 };
    expect(selectVmSku(wanted, facts.skus, new QuotaLedger(quotas))).toMatchObject({
      vmSize: a100.name,
      verified: false,
    });
    const roomy = region().quotas.filter(({ name }) => name !== "A100Family");
    expect(selectVmSku(wanted, facts.skus, new QuotaLedger(roomy))).toMatchObject({
      vmSize: a10.name,
      verified: true,
    });
  });

  it("never replaces a fixed size", () => {
    const { vmSize, verdicts } = select(
      { vmSize: d4s.name, preferredSkus: [d2as.name], maxCount: 1 },
      { DsFamily: 0 },
    );
    expect(vmSize).toBeUndefined();
    expect(verdicts).toHaveLength(1);
  });

  it("chooses only what fits the quota with all its nodes", () => {
    fc.assert(
      fc.property(request, limits, (wanted, given) => {
        const { vmSize, verdicts } = select(wanted, given);
        const size = all.find(({ name }) => name === vmSize);
        const need = verdicts.find(({ chosen }) => chosen)?.need ?? 0;
        fc.pre(size !== undefined);
        const rows = wanted.spot ? ["lowPriorityCores"] : ["cores", size?.family ?? ""];
        expect(need).toBeGreaterThanOrEqual((size?.vcpus ?? 0) * wanted.maxCount);
        for (const row of rows) {
          expect(need).toBeLessThanOrEqual(given[row] ?? Number.NaN);
        }
      }),
    );
  });

  it("judges every candidate in order and chooses the first that passes", () => {
    fc.assert(
      fc.property(request, limits, (wanted, given) => {
        const { vmSize, verdicts } = select(wanted, given);
        expect(verdicts.map((each) => each.vmSize)).toEqual(candidatesFor(wanted).map((each) => each.vmSize));
        expect(vmSize).toBe(verdicts.find(({ code }) => code === "ok")?.vmSize);
        expect(verdicts.filter(({ chosen }) => chosen)).toHaveLength(vmSize ? 1 : 0);
      }),
    );
  });

  it("never turns an ok into a no by more quota", () => {
    fc.assert(
      fc.property(request, limits, limits, (wanted, given, more) => {
        const raised = Object.fromEntries(
          Object.entries(given).map(([name, n]) => [name, n + (more[name] ?? 0)]),
        );
        const before = select(wanted, given).verdicts;
        const after = select(wanted, raised).verdicts;
        before.forEach(({ code }, index) => {
          expect(code === "ok" && after[index]?.code !== "ok").toBe(false);
        });
      }),
    );
  });

  it("never chooses a fraction of a GPU or one that is too old", () => {
    fc.assert(
      fc.property(request, limits, (wanted, given) => {
        expect([t4.name, sixthOfA10.name]).not.toContain(select(wanted, given).vmSize);
      }),
    );
  });

  it("says by how much to raise a quota, and that is enough", () => {
    fc.assert(
      fc.property(request, limits, (wanted, given) => {
        const short = select(wanted, given).verdicts.find(({ raise }) => raise);
        fc.pre(short !== undefined);
        const raised = { ...given };
        for (const { quota, to } of short?.raise ?? []) {
          raised[quota.replace(/ vCPUs$/, "")] = to;
        }
        expect(select(wanted, raised).verdicts.find(({ vmSize }) => vmSize === short?.vmSize)?.code).toBe(
          "ok",
        );
      }),
    );
  });

  it("gives the same answer twice", () => {
    fc.assert(
      fc.property(request, limits, (wanted, given) => {
        expect(select(wanted, given)).toEqual(select(wanted, given));
      }),
    );
  });
});
