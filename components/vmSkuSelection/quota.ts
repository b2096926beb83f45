import type { Quota, Sku } from "./facts.ts";

/** Nodes of the cluster's own pool: what they use is not held against the pool. */
export interface OwnPool {
  name: string;
  vmSize: string;
  count: number;
  /** What the autoscaler may go up to, when there is one. */
  maxCount?: number;
  spot: boolean;
}

/** The row of all on-demand cores of a region. */
export const regionalQuota = "cores";
/** The row that the spot cores of all families share; they count in no other. */
export const spotQuota = "lowPriorityCores";

/** One quota as it stands for a pool. */
export interface Standing extends Quota {
  headroom: number;
}

/** vCPUs of spot nodes, or of regular ones. */
export interface Demand {
  vcpus: number;
  spot: boolean;
}

/** The quotas of a region, from which the pools of a request take one after the other. */
export class QuotaLedger {
  private readonly rows: Map<string, Quota>;

  /** @param own the nodes whose cores are given back first: they make room for themselves. */
  constructor(quotas: readonly Quota[], skus: readonly Sku[] = [], own: readonly OwnPool[] = []) {
    this.rows = new Map(quotas.map((quota) => [rowKey(quota.name), { ...quota }]));
    for (const pool of own) {
      const sku = findSku(skus, pool.vmSize);
      if (sku) {
        this.take(sku, -sku.vcpus * pool.count, pool.spot);
      }
    }
  }

  /** The quotas that a size counts against; `undefined` stands for one that Azure doesn't report. */
  standings(sku: Sku, spot: boolean): (Standing | undefined)[] {
    return rowNames(sku, spot).map((name) => {
      const row = this.rows.get(rowKey(name));
      return row && { ...row, headroom: row.limit - row.used };
    });
  }

  /** Counts vCPUs as used. */
  take(sku: Sku, vcpus: number, spot: boolean): void {
    for (const name of rowNames(sku, spot)) {
      const row = this.rows.get(rowKey(name));
      if (row) {
        row.used = Math.max(0, row.used + vcpus);
      }
    }
  }
}

/** The size of that name, whatever its case. */
export function findSku(skus: readonly Sku[], vmSize: string): Sku | undefined {
  return skus.find((sku) => sku.name.toLowerCase() === vmSize.toLowerCase());
}

function rowNames(sku: Sku, spot: boolean): string[] {
  return spot ? [spotQuota] : [sku.family, regionalQuota];
}

// One and the same family is `StandardNVADSA10v5Family` in one list and `standardNVADSA10v5Family`
// in another, or has blanks in its name.
function rowKey(name: string): string {
  return name.toLowerCase().replaceAll(/\s/g, "");
}
