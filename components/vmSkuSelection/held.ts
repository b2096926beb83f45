import { isDeepStrictEqual } from "node:util";
import type { OwnPool } from "./quota.ts";
import type { Selection } from "./select.ts";
import type { SkuVerdict, VmPoolRequest } from "./types.ts";

/** The choice that the state holds, and the requests that it was made for. */
export interface Previous {
  pools: Record<string, VmPoolRequest>;
  reselect?: string;
  vmSizes: Record<string, string>;
  verified: boolean;
  verdicts: Record<string, SkuVerdict[]>;
}

/** What a pool gets. */
export interface PoolPlan extends Selection {
  pool: string;
  /** Whether it is what the state holds already. */
  kept: boolean;
  /** Why a choice that the state holds was given up, or is kept in spite of a shortage. */
  warning?: string;
}

/** The size that the state holds for a pool, unless the user asks for another or for a new choice. */
export function heldSize(
  name: string,
  wanted: VmPoolRequest,
  { previous, reselect = "" }: { previous?: Previous; reselect?: string },
): string | undefined {
  const held = previous?.vmSizes[name];
  if (!held || (previous.reselect ?? "") !== reselect) {
    return undefined;
  }
  return isOther(wanted.vmSize, held) ? undefined : held;
}

/**
 * The size that a pool has for good, because it is part of the cluster: the cluster's, or what the state
 * holds as long as the cluster can't be asked.
 */
export function finalSize(
  name: string,
  wanted: VmPoolRequest,
  previous: Previous | undefined,
  own: readonly OwnPool[] | undefined,
): string | undefined {
  if (!wanted.inline) {
    return undefined;
  }
  return own ? own.find((pool) => pool.name === name)?.vmSize || undefined : previous?.vmSizes[name];
}

/**
 * Whether a size that the state holds stays. One that lacks quota stays too as long as the cluster
 * has a pool of it, or no one can tell: to change it would replace a running pool, which is worse
 * than one that can't grow to its full size.
 *
 * @param verdict today's
 * @param own the cluster's pools, or nothing when no cluster is known
 */
export function holds(verdict: SkuVerdict, name: string, own: readonly OwnPool[] | undefined): boolean {
  if (verdict.code === "ok" || verdict.code === "unknown") {
    return true;
  }
  const size = verdict.vmSize.toLowerCase();
  const exists = own?.some((pool) => pool.name === name && pool.vmSize.toLowerCase() === size) ?? true;
  return verdict.code.endsWith("-quota") && exists;
}

/**
 * Keeps a choice together with the verdicts that explain it, so that an unchanged request leaves the
 * state unchanged however the quota moves. New verdicts replace them only when they say more.
 */
export function keep(
  name: string,
  wanted: VmPoolRequest,
  verdict: SkuVerdict,
  previous: Previous | undefined,
): PoolPlan {
  const { vmSize } = verdict;
  const ok = verdict.code === "ok";
  const before = previous?.vmSizes[name] === vmSize ? previous : undefined;
  const saysMore = !isDeepStrictEqual(wanted, before?.pools[name]) || (ok && !before?.verified);
  const warnings = [
    ...(ok ? [] : [verdict.reason]),
    ...(isOther(wanted.vmSize, vmSize)
      ? [`AKS can't make it ${wanted.vmSize}, as it is part of the cluster; that needs a new cluster`]
      : []),
  ];
  return {
    pool: name,
    kept: true,
    vmSize,
    // A pool that is part of the cluster runs already: there is nothing left to confirm.
    verified: ok || !!wanted.inline || !!before?.verified,
    verdicts: explanation(name, verdict, before, saysMore),
    ...(warnings.length > 0 ? { warning: `keeps ${vmSize}, but: ${warnings.join("; ")}` } : {}),
  };
}

/** Keeps a choice while Azure can't be asked; it stays verified only for the same request. */
export function keepUnverified(
  name: string,
  wanted: VmPoolRequest,
  vmSize: string,
  previous: Previous,
  cause: string,
): PoolPlan {
  const unchanged = isDeepStrictEqual(wanted, previous.pools[name]);
  const verdict: SkuVerdict = { vmSize, source: "kept", code: "unknown", chosen: true, reason: cause };
  return {
    pool: name,
    kept: true,
    vmSize,
    verified: unchanged && previous.verified,
    verdicts: explanation(name, verdict, previous, !unchanged),
  };
}

function isOther(wanted: string | undefined, vmSize: string): boolean {
  return wanted !== undefined && wanted.toLowerCase() !== vmSize.toLowerCase();
}

function explanation(
  name: string,
  verdict: SkuVerdict,
  previous: Previous | undefined,
  saysMore: boolean,
): SkuVerdict[] {
  const before = previous?.verdicts[name];
  return before && !saysMore ? before : [{ ...verdict, chosen: true }];
}
