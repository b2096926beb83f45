import type { RegistryArgs } from "@pulumi/azure-native/containerregistry/registry.js";
import { ipv4RangeRule } from "../ipRange.ts";
import type { PrivatePlace } from "../privateLink.ts";
import { ensure, InputPropertyError, mustBe } from "../validation.ts";

/** From where a registry can be reached; who may do what there is a matter of roles and tokens. */
export interface RegistryAccess {
  /**
   * Where a private endpoint is made, by which the cluster reaches the registry inside its network. It can be added and
   * taken away later. An error on any SKU but Premium.
   * @default - none
   */
  privateEndpoint?: PrivatePlace;
  /**
   * Addresses on the internet that reach the registry besides the private endpoint, such as a build pipeline's. An error
   * on any SKU but Premium, and without a private endpoint: nodes call from an address that nobody knows before.
   * @default - all
   */
  allowedIpRanges?: string[];
  /**
   * Whether the registry answers on the internet at all, to those who sign in. False is an error without a private
   * endpoint; images are then pushed from inside the network.
   * @default true
   */
  publicAccess?: boolean;
}

/** The first of the settings that can't stand beside the others, and what it must be instead. */
export function accessConflict(
  sku: string,
  settings: Pick<RegistryAccess, "allowedIpRanges" | "publicAccess"> & { privateEndpoint?: unknown },
): { path: "privateEndpoint" | "allowedIpRanges" | "publicAccess"; rule: string } | undefined {
  const { allowedIpRanges = [], publicAccess = true } = settings;
  const endpoint = Boolean(settings.privateEndpoint);
  const premium = (path: "privateEndpoint" | "allowedIpRanges") => ({
    path,
    rule: `left out, because only the Premium SKU has it and sku is ${sku}`,
  });
  if (endpoint && sku !== "Premium") return premium("privateEndpoint");
  if (allowedIpRanges.length > 0) {
    if (sku !== "Premium") return premium("allowedIpRanges");
    if (!publicAccess) {
      return {
        path: "allowedIpRanges",
        rule: "left out, because publicAccess is false and nobody comes from there",
      };
    }
    if (!endpoint) {
      return {
        path: "allowedIpRanges",
        rule: "left out without privateEndpoint, or the cluster's nodes are kept out",
      };
    }
  }
  if (!publicAccess && !endpoint) {
    return { path: "publicAccess", rule: "true without privateEndpoint, or nobody could reach the registry" };
  }
  return undefined;
}

/** The registry's arguments about it; none on the SKUs that are open to all. */
export function access(sku: string, args: RegistryAccess): Partial<RegistryArgs> {
  const { allowedIpRanges = [], publicAccess = true } = args;
  for (const [i, range] of allowedIpRanges.entries()) {
    ensure(`allowedIpRanges[${i}]`, range, mustBe(ipv4RangeRule));
  }
  const conflict = accessConflict(sku, args);
  if (conflict) throw new InputPropertyError(conflict.path, `is not allowed; it must be ${conflict.rule}`);
  if (sku !== "Premium") return {};
  return {
    publicNetworkAccess: publicAccess ? "Enabled" : "Disabled",
    networkRuleSet: {
      defaultAction: publicAccess && allowedIpRanges.length === 0 ? "Allow" : "Deny",
      ipRules: allowedIpRanges.map((range) => ({ action: "Allow", iPAddressOrRange: range })),
    },
  };
}
