import { describe, expect, it } from "vitest";
import type { Sku } from "../../../components/vmSkuSelection/facts.ts";
import { judge, judgeByName, nodesAtMost } from "../../../components/vmSkuSelection/judge.ts";
import { QuotaLedger } from "../../../components/vmSkuSelection/quota.ts";
import type { VmPoolRequest } from "../../../components/vmSkuSelection/types.ts";
import { a10, a100, b2s, d4s, quota, region, sixthOfA10, sku, t4 } from "./fakes.ts";

function verdictOf(
  size: Sku | undefined,
  request: Partial<VmPoolRequest>,
  limits: Record<string, number> = {},
) {
  const ledger = new QuotaLedger(region(limits).quotas);
  const candidate = { vmSize: size?.name ?? "Standard_Missing", source: "preferred" as const };
  return judge(candidate, { maxCount: 2, ...request }, size, ledger);
}

describe("judge", () => {
  const gpu = { gpus: 1 };
  it.each<[string, Sku | undefined, Partial<VmPoolRequest>, Record<string, number>, string, RegExp]>([
    ["a size that fits", a100, gpu, {}, "ok", /needs 72 of 1000 vCPUs/],
    ["a size that is not there", undefined, {}, {}, "not-offered", /misspelt/],
    ["an arm64 size", { ...d4s, arch: "arm64" }, {}, {}, "wrong-architecture", /is arm64/],
    ["an amd64 size for an arm64 pool", d4s, { nodeArch: "arm64" }, {}, "wrong-architecture", /is amd64/],
    ["a T4", t4, gpu, {}, "gpu-unsupported", /T4 .* 7\.5.* 8\.0/],
    ["a sixth of an A10", sixthOfA10, gpu, {}, "gpu-unsupported", /sixth of an A10/],
    ["a V100", sku("Standard_NC6s_v3", { gpus: 1 }), gpu, {}, "gpu-unsupported", /V100/],
    ["an M60", sku("Standard_NV12s_v3", { gpus: 1 }), gpu, {}, "gpu-unsupported", /M60/],
    [
      "a GPU of tomorrow",
      sku("Standard_NC1_v9", { gpus: 1 }),
      gpu,
      {},
      "gpu-unsupported",
      /not in the table/,
    ],
    ["a size without GPUs", d4s, gpu, {}, "incapable", /has no GPU/],
    ["GPUs that nobody asked for", a100, {}, {}, "incapable", /asks for none/],
    ["one GPU for two", a100, { gpus: 2 }, {}, "incapable", /has 1 GPU, fewer than 2/],
    [
      "too little GPU memory",
      a10,
      { gpus: 1, minGpuMemoryGiB: 80 },
      {},
      "incapable",
      /24 GiB .* less than 80/,
    ],
    ["a burstable size", b2s, {}, {}, "ok", /needs 6/],
    ["a burstable size where none may be", b2s, { burstable: false }, {}, "incapable", /is burstable/],
    ["too few vCPUs", d4s, { minVcpus: 8 }, {}, "incapable", /4 vCPUs, fewer than 8/],
    ["a constrained size", { ...d4s, usableVcpus: 1 }, {}, {}, "incapable", /1 vCPUs, fewer than 2/],
    ["too little memory", d4s, { minMemoryGiB: 64 }, {}, "incapable", /16 GiB of memory/],
    [
      "a size without spot",
      { ...d4s, spot: false },
      { spot: true },
      {},
      "incapable",
      /not available as spot/,
    ],
    ["a closed size", { ...d4s, restriction: "QuotaId" }, {}, {}, "location-restricted", /QuotaId/],
    [
      "a missing zone",
      { ...d4s, zones: ["1"] },
      { zones: ["1", "3"] },
      {},
      "zone-restricted",
      /not in zone 3; .*: 1$/,
    ],
    [
      "no quota in the family",
      a100,
      gpu,
      { A100Family: 71 },
      "family-quota",
      /needs 72 vCPUs, 71 left in A100/,
    ],
    ["no quota in the region", a100, gpu, { cores: 71 }, "regional-quota", /71 left in cores/],
    [
      "no quota in either",
      a100,
      gpu,
      { cores: 9, A100Family: 8 },
      "family-quota",
      /8 left.*; .*9 left in cores/,
    ],
    [
      "spot within its quota",
      a100,
      { gpus: 1, spot: true },
      { A100Family: 0, cores: 0 },
      "ok",
      /lowPriority/,
    ],
    ["no spot quota", a100, { gpus: 1, spot: true }, { lowPriorityCores: 71 }, "spot-quota", /71 left/],
  ])("calls %s by its name", (_, size, request, limits, code, reason) => {
    const verdict = verdictOf(size, request, limits);
    expect(verdict.code).toBe(code);
    expect(verdict.reason).toMatch(reason);
  });

  it("gives the numbers of the scarcest quota and what to raise", () => {
    const verdict = verdictOf(a100, gpu, { A100Family: 24, cores: 50 });
    expect(verdict).toMatchObject({
      vcpus: 24,
      need: 72,
      quota: "A100Family",
      limit: 24,
      used: 0,
      headroom: 24,
    });
    expect(verdict.raise).toEqual([
      { quota: "A100Family vCPUs", by: 48, to: 72 },
      { quota: "cores vCPUs", by: 22, to: 72 },
    ]);
  });

  it("finds a family whatever its case and blanks", () => {
    const size = sku("Standard_X", { family: "Standard NCASv3_T4 Family" });
    const ledger = new QuotaLedger([quota("standardNCASv3_T4Family", 5), quota("cores", 100)]);
    const verdict = judge({ vmSize: size.name, source: "fixed" }, { maxCount: 1 }, size, ledger);
    expect(verdict).toMatchObject({ code: "family-quota", limit: 5 });
  });

  it("is not sure when Azure reports no quota for the family, but sure of a full region", () => {
    const size = sku("Standard_X");
    const under = (cores: number) =>
      judge(
        { vmSize: size.name, source: "fixed" },
        { maxCount: 1 },
        size,
        new QuotaLedger([quota("cores", cores)]),
      );
    expect(under(100).code).toBe("unknown");
    expect(under(1).code).toBe("regional-quota");
    const nothing = judge({ vmSize: size.name, source: "fixed" }, { maxCount: 1 }, size, new QuotaLedger([]));
    expect(nothing.code).toBe("unknown");
  });
});

describe("nodesAtMost", () => {
  it.each([
    [3, undefined, 4],
    [3, 0, 3],
    [3, 2, 5],
    [3, "2", 5],
    [3, "33%", 4],
    [4, "33%", 6],
    [10, "100%", 20],
  ])("%d nodes with a surge of %s are %d", (maxCount, maxSurge, nodes) => {
    expect(nodesAtMost({ maxCount, maxSurge })).toBe(nodes);
  });
});

describe("judgeByName", () => {
  it.each([
    ["Standard_NC4as_T4_v3", 1, "gpu-unsupported"],
    ["standard_nv12ads_a10_v5", 1, "gpu-unsupported"],
    ["Standard_D4s_v5", 1, "incapable"],
    ["Standard_NC24ads_A100_v4", 0, "incapable"],
    ["Standard_NC24ads_A100_v4", 1, undefined],
    ["Standard_D4s_v5", 0, undefined],
  ])("%s for a pool with %d GPUs: %s", (vmSize, gpus, code) => {
    expect(judgeByName(vmSize, { gpus, maxCount: 1 })?.code).toBe(code);
  });
});
