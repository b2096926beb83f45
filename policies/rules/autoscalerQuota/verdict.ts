import type { StackResource } from "../../lib/stackRule.ts";
import { dig, isRecord, Unknown } from "../../lib/unknown.ts";

/** What a VmSkuSelection found out about a pool's VM size, in vCPUs. */
export interface Verdict {
  code: string;
  vmSize: string;
  reason: string;
  vcpus?: number;
  need?: number;
  fallbackNeed?: number;
  headroom?: number;
  quota?: string;
  /** Nodes at full scale that the verdict was made for. */
  maxCount?: number;
  /** It was made for the fallback of a pool, whose need stands beside the pool's. */
  fallback: boolean;
}

const isSelection = (type: string) => /^pulumi-nodejs:dynamic(?:\/\w+)?:VmSkuSelection$/.test(type);

/** The verdicts on the chosen sizes of a stack's pools, by the pools' names. */
export function verdictsIn(resources: readonly StackResource[]): {
  verdicts: Map<string, Verdict>;
  hidden: [Unknown, StackResource][];
} {
  const verdicts = new Map<string, Verdict>();
  const hidden: [Unknown, StackResource][] = [];
  for (const each of resources.filter(({ type }) => isSelection(type))) {
    const found = dig(each.props, "verdicts");
    if (found instanceof Unknown) hidden.push([found, each]);
    if (!isRecord(found)) continue;
    for (const [pool, list] of Object.entries(found)) {
      const chosen = Array.isArray(list)
        ? list.find((verdict) => dig(verdict, "chosen") === true)
        : undefined;
      if (!isRecord(chosen)) continue;
      const request = dig(each.props, "pools", pool);
      const verdict = chosen as unknown as Verdict;
      const maxCount = numberOf(dig(request, "maxCount"));
      verdicts.set(pool, { ...verdict, maxCount, fallback: false });
      const fallback = dig(request, "fallback", "pool");
      if (typeof fallback !== "string") continue;
      const most = numberOf(dig(request, "fallback", "maxCount"));
      verdicts.set(fallback, { ...verdict, maxCount: most, fallback: true });
    }
  }
  return { verdicts, hidden };
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
