import { candidatesFor } from "./candidates.ts";
import type { RegionFacts } from "./facts.ts";
import { finalSize, heldSize, holds, keep, keepUnverified, type PoolPlan, type Previous } from "./held.ts";
import { demandsOf, judge, judgeByName } from "./judge.ts";
import { findSku, type OwnPool, QuotaLedger } from "./quota.ts";
import { selectVmSku } from "./select.ts";
import type { SkuVerdict, VmPoolRequest } from "./types.ts";

/** What is asked for. */
export interface PlanRequest {
  pools: Record<string, VmPoolRequest>;
  /** The pools' names in the order in which they take from the quota. */
  order: readonly string[];
  reselect?: string;
  previous?: Previous;
}

/**
 * Chooses for all pools. Those with nothing to choose (kept or fixed) take from the quota first,
 * so that a pool with alternatives doesn't take what the only size of another one needs; within
 * both groups the order of the request decides.
 *
 * @param own the cluster's nodes, or nothing when no cluster is known
 */
export function planPools(
  request: PlanRequest,
  region: RegionFacts,
  own: readonly OwnPool[] | undefined,
): PoolPlan[] {
  const { pools, order } = request;
  const fallbacks = Object.values(pools).flatMap(({ fallback }) => fallback?.pool ?? []);
  const asked = new Set([...Object.keys(pools), ...fallbacks]);
  const ledger = new QuotaLedger(
    region.quotas,
    region.skus,
    own?.filter((pool) => asked.has(pool.name)),
  );
  const plans = new Map<string, PoolPlan>();
  const dropped = new Map<string, string>();
  const select = (name: string, wanted: VmPoolRequest) => {
    const selection = selectVmSku(wanted, region.skus, ledger);
    plans.set(name, { pool: name, kept: false, ...selection, warning: dropped.get(name) });
  };
  for (const [name, wanted] of ordered(pools, order)) {
    const final = finalSize(name, wanted, request.previous, own);
    const held = final ?? heldSize(name, wanted, request);
    if (held) {
      const sku = findSku(region.skus, held);
      const at = counted(name, wanted, own);
      const verdict = judge({ vmSize: held, source: "kept" }, at, sku, ledger);
      if (final || holds(verdict, name, own)) {
        if (sku) {
          for (const { vcpus, spot } of demandsOf(sku, at)) ledger.take(sku, vcpus, spot);
        }
        plans.set(name, keep(name, wanted, verdict, request.previous));
        continue;
      }
      dropped.set(name, `${held} can't be used any more: ${verdict.reason}`);
    }
    if (wanted.vmSize) {
      select(name, wanted);
    }
  }
  for (const [name, wanted] of ordered(pools, order)) {
    if (!plans.has(name)) {
      select(name, wanted);
    }
  }
  return ordered(pools, order).flatMap(([name]) => plans.get(name) ?? []);
}

/**
 * What to do when Azure can't be asked: keep what there is, or else take the first candidate that
 * its name doesn't rule out.
 */
export function planUnverified(request: PlanRequest, cause: string): PoolPlan[] {
  return ordered(request.pools, request.order).map(([name, wanted]) => {
    const held = finalSize(name, wanted, request.previous, undefined) ?? heldSize(name, wanted, request);
    if (held && request.previous) {
      return keepUnverified(name, wanted, held, request.previous, cause);
    }
    const verdicts = candidatesFor(wanted).map(
      ({ vmSize, source }): SkuVerdict => ({
        vmSize,
        source,
        chosen: false,
        ...(judgeByName(vmSize, wanted) ?? { code: "unknown", reason: cause }),
      }),
    );
    const chosen = verdicts.find(({ code }) => code === "unknown");
    if (chosen) {
      chosen.chosen = true;
    }
    return { pool: name, kept: false, vmSize: chosen?.vmSize, verified: false, verdicts };
  });
}

/**
 * What to count for a pool: one that is part of the cluster can grow to what the cluster knows, which may
 * be more than is asked for now, because changes of it are sent only on request.
 */
function counted(name: string, wanted: VmPoolRequest, own: readonly OwnPool[] | undefined): VmPoolRequest {
  const known = wanted.inline ? own?.find((pool) => pool.name === name)?.maxCount : undefined;
  return { ...wanted, maxCount: Math.max(wanted.maxCount, known ?? 0) };
}

function ordered(
  pools: Record<string, VmPoolRequest>,
  order: readonly string[],
): (readonly [string, VmPoolRequest])[] {
  return order.flatMap((name) => {
    const wanted = pools[name];
    return wanted ? [[name, wanted] as const] : [];
  });
}
