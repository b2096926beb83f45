import { type Candidate, needs } from "./candidates.ts";
import type { Sku } from "./facts.ts";
import { looksLikeGpu, supportedGpu, whyUnsupported } from "./gpus.ts";
import { type Demand, type QuotaLedger, regionalQuota, type Standing, spotQuota } from "./quota.ts";
import { isBurstable } from "./series.ts";
import type { QuotaRaise, SkuVerdict, VerdictCode, VmPoolRequest } from "./types.ts";

type Finding = Pick<SkuVerdict, "code" | "reason"> & Partial<SkuVerdict>;

/** Nodes at full scale, with those that an upgrade adds. */
export function nodesAtMost({ maxCount, maxSurge = 1 }: VmPoolRequest): number {
  const surge =
    typeof maxSurge === "number"
      ? maxSurge
      : maxSurge.endsWith("%")
        ? Math.ceil((maxCount * Number.parseInt(maxSurge, 10)) / 100)
        : Number(maxSurge);
  return maxCount + surge;
}

/** Judges one size for a pool against what the region offers and the quota that is left. */
export function judge(
  candidate: Candidate,
  request: VmPoolRequest,
  sku: Sku | undefined,
  ledger: QuotaLedger,
): SkuVerdict {
  const base = { vmSize: sku?.name ?? candidate.vmSize, source: candidate.source, chosen: false };
  if (!sku) {
    return { ...base, code: "not-offered", reason: "not offered in this region (or misspelt)" };
  }
  const demands = demandsOf(sku, request);
  const finding =
    unfit(sku, request) ??
    restricted(sku, request) ??
    overQuota(demands.flatMap((demand) => needsOf(demand, ledger.standings(sku, demand.spot))));
  const [need, fallbackNeed] = demands.map(({ vcpus }) => vcpus);
  return {
    ...base,
    vcpus: sku.vcpus,
    need,
    ...(fallbackNeed === undefined ? {} : { fallbackNeed }),
    ...finding,
  };
}

/** What a pool of that size takes from the quotas at full scale: its own nodes, and those of its fallback. */
export function demandsOf(sku: Sku, request: VmPoolRequest): Demand[] {
  const own = { vcpus: sku.vcpus * nodesAtMost(request), spot: !!request.spot };
  const { fallback } = request;
  return fallback ? [own, { vcpus: sku.vcpus * fallback.maxCount, spot: false }] : [own];
}

/** Judges a size by its name alone, for when Azure can't be asked; nothing when there is no objection. */
export function judgeByName(vmSize: string, request: VmPoolRequest): Finding | undefined {
  const gpus = supportedGpu(vmSize)?.gpus ?? (looksLikeGpu(vmSize) ? 1 : 0);
  return wrongGpus({ name: vmSize, gpus }, request) ?? wronglyBurstable(vmSize, request);
}

/** What no quota and no access request would change. */
function unfit(sku: Sku, request: VmPoolRequest): Finding | undefined {
  const { arch, vcpus, memoryGiB } = needs(request);
  if (sku.arch !== arch) {
    return { code: "wrong-architecture", reason: `is ${sku.arch}, and the pool is ${arch}` };
  }
  const gpus = wrongGpus(sku, request);
  if (gpus) {
    return gpus;
  }
  const burstable = wronglyBurstable(sku.name, request);
  if (burstable) {
    return burstable;
  }
  if (sku.usableVcpus < vcpus) {
    return incapable(`has ${sku.usableVcpus} vCPUs, fewer than ${vcpus}`);
  }
  if (sku.memoryGiB < memoryGiB) {
    return incapable(`has ${sku.memoryGiB} GiB of memory, less than ${memoryGiB}`);
  }
  return request.spot && !sku.spot ? incapable("is not available as spot") : undefined;
}

function wrongGpus(sku: Pick<Sku, "name" | "gpus">, request: VmPoolRequest): Finding | undefined {
  const { gpus, gpuMemoryGiB } = needs(request);
  if (gpus === 0) {
    return sku.gpus > 0 ? incapable("has GPUs, and the pool asks for none (gpus: 0)") : undefined;
  }
  if (sku.gpus === 0) {
    return incapable(`has no GPU, and the pool asks for ${gpus}`);
  }
  const figures = supportedGpu(sku.name);
  if (!figures) {
    return { code: "gpu-unsupported", reason: whyUnsupported(sku.name) };
  }
  if (figures.gpus < gpus) {
    return incapable(`has ${figures.gpus} GPU, fewer than ${gpus}`);
  }
  return figures.memoryGiB < gpuMemoryGiB
    ? incapable(`has ${figures.memoryGiB} GiB of GPU memory, less than ${gpuMemoryGiB}`)
    : undefined;
}

function wronglyBurstable(vmSize: string, { burstable = true }: VmPoolRequest): Finding | undefined {
  return !burstable && isBurstable(vmSize)
    ? incapable("is burstable, and the pool must not be (burstable: false)")
    : undefined;
}

function restricted(sku: Sku, request: VmPoolRequest): Finding | undefined {
  if (sku.restriction) {
    return {
      code: "location-restricted",
      reason: `closed to this subscription in the region (${sku.restriction}); ask Azure support for access`,
    };
  }
  const missing = (request.zones ?? []).filter((zone) => !sku.zones.includes(zone));
  return missing.length > 0
    ? {
        code: "zone-restricted",
        reason: `not in zone ${missing.join(", ")}; usable zones: ${sku.zones.join(", ") || "none"}`,
      }
    : undefined;
}

/** A quota and what is asked of it. */
interface Asked extends Standing {
  need: number;
}

function needsOf({ vcpus }: Demand, standings: (Standing | undefined)[]): (Asked | undefined)[] {
  return standings.map((standing) => standing && { ...standing, need: vcpus });
}

function overQuota(asked: (Asked | undefined)[]): Finding {
  const known = asked.filter((each) => each !== undefined);
  const short = known.filter((each) => each.headroom < each.need);
  const tightest = (short.length > 0 ? short : known).toSorted(
    (a, b) => a.headroom - a.need - (b.headroom - b.need),
  )[0];
  if (!tightest) {
    return { code: "unknown", reason: "Azure reports no quota for it" };
  }
  const { title, limit, used, headroom } = tightest;
  const numbers = { quota: tightest.name, limit, used, headroom };
  if (short.length > 0) {
    const reason = short.map(shortage).join("; ");
    const raise = short.map(raiseOf);
    return { code: quotaCode(tightest), reason, ...numbers, raise };
  }
  return known.length < asked.length
    ? { code: "unknown", reason: "Azure reports no quota for its family", ...numbers }
    : { code: "ok", reason: `needs ${tightest.need} of ${headroom} vCPUs left in ${title}`, ...numbers };
}

function shortage({ title, limit, used, headroom, need }: Asked): string {
  return `needs ${need} vCPUs, ${Math.max(0, headroom)} left in ${title} (limit ${limit}, used ${used})`;
}

function raiseOf({ title, limit, headroom, need }: Asked): QuotaRaise {
  return { quota: title, by: need - headroom, to: limit + need - headroom };
}

function quotaCode({ name }: Standing): VerdictCode {
  if (name.toLowerCase() === spotQuota.toLowerCase()) {
    return "spot-quota";
  }
  return name.toLowerCase() === regionalQuota ? "regional-quota" : "family-quota";
}

function incapable(reason: string): Finding {
  return { code: "incapable", reason };
}
