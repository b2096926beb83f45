import { ensure, InputPropertyError, wholeNumber } from "../validation.ts";
import type { NodePool } from "./pools.ts";

/** What takes over from spot nodes. */
export interface FallbackPoolArgs {
  /**
   * Regular nodes that are always there, 0 to 1000. Each costs the full price whether spot has nodes or not.
   * @default 0
   */
  minCount?: number;
  /** Regular nodes at most, 1 to 1000; the quota is checked for this many. @default - as many as spot ones */
  maxCount?: number;
}

/** AKS puts this taint on spot nodes anyway; saying so keeps the plan free of a difference. */
export const SPOT_TAINT = "kubernetes.azure.com/scalesetpriority=spot:NoSchedule";

/** AKS's label of spot nodes. */
export const SPOT_LABEL = { "kubernetes.azure.com/scalesetpriority": "spot" };

/** What the name of a pool's fallback has behind the pool's own. */
export const FALLBACK_SUFFIX = "fb";

/** AKS takes 12 characters for the name of a pool. */
const MOST_CHARACTERS = 12;

/** What is known of a fallback. */
export interface CheckedFallback {
  name: string;
  minCount: number;
  maxCount: number;
}

/** The name of a pool's fallback in AKS. */
export function fallbackName(pool: string): string {
  return `${pool}${FALLBACK_SUFFIX}`;
}

/** Refuses a fallback where nothing can fall back, or that can't be named. */
export function checkedFallback(
  path: string,
  pool: string,
  args: FallbackPoolArgs,
  { spot, maxCount: spotNodes }: { spot: boolean; maxCount: number },
): CheckedFallback {
  const place = `${path}.fallback`;
  if (!spot) {
    throw new InputPropertyError(place, "takes over from spot nodes; set spot, or leave it out");
  }
  const name = fallbackName(pool);
  if (name.length > MOST_CHARACTERS) {
    throw new InputPropertyError(
      place,
      `its pool would be called ${name}, and AKS takes ${MOST_CHARACTERS} characters; give the pool a name of ` +
        `${MOST_CHARACTERS - FALLBACK_SUFFIX.length} at most`,
    );
  }
  const minCount = ensure(`${place}.minCount`, args.minCount ?? 0, wholeNumber(0, 1000));
  const maxCount = ensure(`${place}.maxCount`, args.maxCount ?? spotNodes, wholeNumber(1, 1000));
  if (minCount > maxCount) {
    throw new InputPropertyError(
      `${place}.minCount`,
      `${minCount} is more than maxCount, which is ${maxCount}`,
    );
  }
  return { name, minCount, maxCount };
}

/**
 * The pool that takes over from a spot pool: like it in all that pods and KAITO look at, the labels to select by and
 * the VM size above all, because KAITO refuses nodes of one model that differ in their GPUs.
 */
export function fallbackPool({ fallback, ...spot }: NodePool): NodePool | undefined {
  if (fallback === undefined) return undefined;
  return {
    ...spot,
    ...fallback,
    spot: false,
    labels: withoutSpot(spot.labels),
    taints: spot.taints.filter((taint) => taint !== SPOT_TAINT),
  };
}

/** The labels by which the nodes of a pool are selected, those of its fallback included. */
export function selectingLabels({ labels, fallback }: NodePool): Record<string, string> {
  return fallback ? withoutSpot(labels) : labels;
}

function withoutSpot(labels: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !(key in SPOT_LABEL)));
}
