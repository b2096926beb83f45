import { candidatesFor } from "./candidates.ts";
import type { Sku } from "./facts.ts";
import { demandsOf, judge } from "./judge.ts";
import { findSku, type QuotaLedger } from "./quota.ts";
import type { SkuVerdict, VmPoolRequest } from "./types.ts";

/** What was chosen for a pool, and why. */
export interface Selection {
  /** Nothing when no candidate passed. */
  vmSize?: string;
  /** False when Azure didn't report all that the choice depends on. */
  verified: boolean;
  /** Every candidate's verdict, in the order they were tried. */
  verdicts: SkuVerdict[];
}

/**
 * Chooses the first candidate that passes, or else the first whose quota is unknown: only a
 * conclusive no rules a size out. The chosen one's need is taken from the ledger, so that the next
 * pool is judged against what this one leaves.
 */
export function selectVmSku(request: VmPoolRequest, skus: readonly Sku[], ledger: QuotaLedger): Selection {
  const verdicts = candidatesFor(request).map((candidate) =>
    judge(candidate, request, findSku(skus, candidate.vmSize), ledger),
  );
  const chosen =
    verdicts.find(({ code }) => code === "ok") ?? verdicts.find(({ code }) => code === "unknown");
  const sku = chosen && findSku(skus, chosen.vmSize);
  if (!chosen || !sku) {
    return { verified: false, verdicts };
  }
  chosen.chosen = true;
  for (const { vcpus, spot } of demandsOf(sku, request)) ledger.take(sku, vcpus, spot);
  return { vmSize: chosen.vmSize, verified: chosen.code === "ok", verdicts };
}
