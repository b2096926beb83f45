import type { AzureSource } from "../../../components/vmSkuSelection/azure.ts";
import type { Quota, RegionFacts, Sku } from "../../../components/vmSkuSelection/facts.ts";
import type { OwnPool } from "../../../components/vmSkuSelection/quota.ts";

/** A size as a region offers it; what a test doesn't name is harmless. */
export function sku(name: string, given: Partial<Sku> = {}): Sku {
  const vcpus = given.vcpus ?? 4;
  return {
    name,
    family: `${name}Family`,
    vcpus,
    usableVcpus: vcpus,
    memoryGiB: vcpus * 4,
    gpus: 0,
    arch: "amd64",
    spot: true,
    zones: ["1", "2", "3"],
    ...given,
  };
}

/** A quota with so much left of it. */
export function quota(name: string, limit: number, used = 0): Quota {
  return { name, title: `${name} vCPUs`, limit, used };
}

export const a100 = sku("Standard_NC24ads_A100_v4", { family: "A100Family", vcpus: 24, gpus: 1 });
export const a10 = sku("Standard_NV36ads_A10_v5", { family: "A10Family", vcpus: 36, gpus: 1 });
export const h100 = sku("Standard_NC40ads_H100_v5", { family: "H100Family", vcpus: 40, gpus: 1 });
export const t4 = sku("Standard_NC4as_T4_v3", { family: "T4Family", vcpus: 4, gpus: 1 });
export const sixthOfA10 = sku("Standard_NV6ads_A10_v5", { family: "A10Family", vcpus: 6, gpus: 1 });
export const d4s = sku("Standard_D4s_v5", { family: "DsFamily" });
export const d2as = sku("Standard_D2as_v5", { family: "DasFamily", vcpus: 2 });
export const b2s = sku("Standard_B2s_v2", { family: "BsFamily", vcpus: 2 });

/** A region with quota for everything in it, as far as a test doesn't say otherwise. */
export function region(limits: Record<string, number> = {}, given: Partial<RegionFacts> = {}): RegionFacts {
  const all = {
    cores: 1000,
    lowPriorityCores: 1000,
    A100Family: 1000,
    A10Family: 1000,
    H100Family: 1000,
    T4Family: 1000,
    DsFamily: 1000,
    DasFamily: 1000,
    BsFamily: 1000,
    ...limits,
  };
  return {
    location: "eastus",
    skus: [a100, a10, h100, t4, sixthOfA10, d4s, d2as, b2s],
    quotas: Object.entries(all).map(([name, limit]) => quota(name, limit)),
    ...given,
  };
}

/** Azure with fixed answers; it counts the questions. */
export function azure(
  regions: Record<string, RegionFacts | Error>,
  own: OwnPool[] | Error = [],
): AzureSource & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async region(_subscription, location) {
      asked.push(location);
      return answer(regions[location] ?? new Error(`no answer for ${location}`));
    },
    async ownPools(id) {
      asked.push(id);
      return answer(own);
    },
  };
}

/** A log that remembers. */
export function memoryLog() {
  const lines: string[] = [];
  return {
    lines,
    async info(message: string) {
      lines.push(`info: ${message}`);
    },
    async warn(message: string) {
      lines.push(`warn: ${message}`);
    },
  };
}

function answer<T>(value: T | Error): T {
  if (value instanceof Error) {
    throw value;
  }
  return value;
}
