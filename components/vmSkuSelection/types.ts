/** What a node pool needs of its VM size. */
export interface VmPoolRequest {
  /**
   * The VM size to use, for example `Standard_D4s_v5`. It is judged and takes its share of the
   * quota, but is never replaced by another: one that can't run fails the preview.
   * @default chosen from `preferredSkus` and the built-in candidates
   */
  vmSize?: string;
  /** VM sizes to try first, in this order. A misspelt one is reported as `not-offered`. @default [] */
  preferredSkus?: string[];
  /** Processor architecture; a size of the other one never passes. @default "amd64" */
  nodeArch?: "amd64" | "arm64";
  /** GPUs a node, at least. A size with GPUs is never used for a pool that asks for 0. @default 0 */
  gpus?: number;
  /** GPU memory of a node in GiB, all its GPUs together, at least. @default 0 */
  minGpuMemoryGiB?: number;
  /** vCPUs a node, at least. @default 2, the least that AKS accepts */
  minVcpus?: number;
  /** Memory a node in GiB, at least. @default 4, the least that AKS recommends */
  minMemoryGiB?: number;
  /** Nodes at full scale. Too low a number finds out about missing quota only when scaling. */
  maxCount: number;
  /**
   * Nodes added during an upgrade: a number, or a share of `maxCount` such as `"33%"`, rounded up.
   * They need quota too. @default 1
   */
  maxSurge?: number | string;
  /**
   * Whether a burstable size (B series) may be used, after all others. Such a node is slowed down once
   * its credits are used up, and AKS doesn't support it in a system pool. @default true
   */
  burstable?: boolean;
  /**
   * The pool is part of the cluster itself, so AKS can't change its size: once the cluster has it, its
   * size stays whatever `vmSize`, `preferredSkus` and `reselect` say. @default false
   */
  inline?: boolean;
  /** Use spot capacity, which has a quota of its own in the region. @default false */
  spot?: boolean;
  /**
   * A pool of regular nodes of the same size, besides this one of spot nodes: a size must have quota for both. Its
   * nodes, like the pool's own, aren't held against it. @default none
   */
  fallback?: { pool: string; maxCount: number };
  /** Availability zones that the nodes must be spread over, for example `["1", "2"]`. @default none */
  zones?: string[];
}

/** Why a VM size passed (`ok`) or not; `unknown` when Azure reports no quota for its family. */
export type VerdictCode =
  | "ok"
  | "not-offered"
  | "location-restricted"
  | "zone-restricted"
  | "wrong-architecture"
  | "incapable"
  | "gpu-unsupported"
  | "family-quota"
  | "regional-quota"
  | "spot-quota"
  | "unknown";

/** Where a candidate came from. */
export type SkuSource = "fixed" | "preferred" | "built-in" | "burstable" | "kept";

/** One candidate's verdict, with the numbers behind it. All quota figures are vCPUs. */
export interface SkuVerdict {
  /** The VM size. */
  vmSize: string;
  /** Why it was looked at. */
  source: SkuSource;
  /** What it comes to. */
  code: VerdictCode;
  /** Whether this is the size that the pool gets. */
  chosen: boolean;
  /** The verdict in words. */
  reason: string;
  /** vCPUs of one node. */
  vcpus?: number;
  /** vCPUs of the pool at full scale with its surge nodes. */
  need?: number;
  /** vCPUs of its fallback at full scale, which count in other quotas. */
  fallbackNeed?: number;
  /** The quota that decides: the scarcest of those that apply. */
  quota?: string;
  /** Its limit. */
  limit?: number;
  /** What is used of it, our own nodes left out, earlier pools of the request included. */
  used?: number;
  /** What is left of it for this pool: `limit - used`. */
  headroom?: number;
  /** The quotas that would have to be raised, by how much and to what limit. */
  raise?: QuotaRaise[];
}

/** A quota that is too low, in vCPUs. */
export interface QuotaRaise {
  /** Its name as the Azure portal shows it. */
  quota: string;
  /** By so many vCPUs. */
  by: number;
  /** To so many vCPUs. */
  to: number;
}
