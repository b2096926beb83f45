import { contains, ipv4RangeRule, parseIpRange } from "../ipRange.ts";

/** Address ranges of a network; each a text such as "10.224.0.0/16". */
export interface NetworkRanges {
  /** All of its addresses. */
  addressSpace: string;
  /** The nodes' part. */
  nodesSubnet: string;
  /** The private endpoints' part. */
  endpointsSubnet: string;
}

/**
 * What a network has unless it is told: the addresses that AKS's own networks begin with, so that they are beside the
 * ranges of pods and Services, and room for 4091 nodes (pods have addresses of an overlay) and 251 endpoints.
 */
export const DEFAULT_RANGES: Readonly<NetworkRanges> = {
  addressSpace: "10.224.0.0/16",
  nodesSubnet: "10.224.0.0/20",
  endpointsSubnet: "10.224.16.0/24",
};

/** The ranges that a cluster of this project gives to pods and Services when it isn't told others. */
export const CLUSTER_RANGES: readonly string[] = ["10.244.0.0/16", "10.0.0.0/16"];

/** The first range that can't be, and what it must be instead. */
export function rangeConflict(
  ranges: NetworkRanges,
  clusterRanges: readonly string[] = CLUSTER_RANGES,
): { key: keyof NetworkRanges; rule: string } | undefined {
  const { addressSpace, nodesSubnet, endpointsSubnet } = ranges;
  for (const key of ["addressSpace", "nodesSubnet", "endpointsSubnet"] as const) {
    const rule = ipv4RangeRule(ranges[key]);
    if (rule !== undefined) return { key, rule };
  }
  const taken = clusterRanges.find((range) => overlap(addressSpace, range));
  if (taken !== undefined) {
    return {
      key: "addressSpace",
      rule: `a range beside ${taken}, which the cluster gives to pods or Services`,
    };
  }
  for (const key of ["nodesSubnet", "endpointsSubnet"] as const) {
    if (!within(addressSpace, ranges[key]))
      return { key, rule: `inside addressSpace, which is ${addressSpace}` };
  }
  // Azure keeps five addresses of each subnet; its smallest one is a /29.
  const small = (["nodesSubnet", "endpointsSubnet"] as const).find(
    (key) => Number(ranges[key].split("/")[1]) > 28,
  );
  if (small !== undefined) return { key: small, rule: "a range of 16 addresses (/28) or more" };
  if (overlap(nodesSubnet, endpointsSubnet)) {
    return { key: "endpointsSubnet", rule: `a range beside nodesSubnet, which is ${nodesSubnet}` };
  }
  return undefined;
}

function within(outer: string, inner: string): boolean {
  const [a, b] = [parseIpRange(outer), parseIpRange(inner)];
  return typeof a !== "string" && typeof b !== "string" && contains(a, b);
}

function overlap(one: string, other: string): boolean {
  return within(one, other) || within(other, one);
}
