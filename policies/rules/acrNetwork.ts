import { isRegistry } from "../lib/azure.ts";
import { isWider } from "../lib/ranges.ts";
import { type Findings, rule } from "../lib/rule.ts";
import { dig, Unknown } from "../lib/unknown.ts";

/** Configuration of `acr-network`. */
export interface AcrNetworkConfig {
  /** The widest range that may reach a registry, as the length of an IPv4 prefix, 1 to 32. @default 16 */
  widestPrefix: number;
}

/** Azure container registries answer chosen networks only. */
export const acrNetwork = rule<AcrNetworkConfig>({
  name: "acr-network",
  displayName: "ACR on chosen networks",
  severity: "high",
  demands: "A container registry is reached by private endpoints, or by named address ranges.",
  why:
    "A registry on the public internet is one leaked token away from everybody's images. Both ways need the SKU " +
    "Premium: a smaller registry can't be closed.",
  fix:
    'Set sku Premium and publicNetworkAccess: "Disabled" with a private endpoint, or networkRuleSet.defaultAction: ' +
    '"Deny" with ipRules. Where a smaller registry is accepted, make the rule advisory for that stack.',
  config: {
    widestPrefix: {
      type: "integer",
      minimum: 1,
      maximum: 32,
      default: 16,
      description: "The widest range that may reach a registry, as the length of an IPv4 prefix.",
    },
  },
  applies: isRegistry,
  check({ props }, { widestPrefix }, found) {
    const access = dig(props, "publicNetworkAccess");
    if (access instanceof Unknown) return found.unknown(access);
    // Azure's default is Enabled. A perimeter's own rules decide in the place of the registry's.
    if (access === "Disabled" || access === "SecuredByPerimeter") return;
    const action = dig(props, "networkRuleSet", "defaultAction");
    if (action instanceof Unknown) return found.unknown(action);
    if (action !== "Deny") {
      return found.violation(
        `The registry answers the whole internet (publicNetworkAccess is ${access ?? "not set"}, ` +
          `networkRuleSet.defaultAction is ${action ?? "not set"}).`,
      );
    }
    checkRanges(dig(props, "networkRuleSet", "ipRules"), widestPrefix, found);
  },
});

function checkRanges(rules: unknown, widest: number, found: Findings) {
  if (rules instanceof Unknown) return found.unknown(rules);
  for (const each of Array.isArray(rules) ? rules : []) {
    // Azure's SDK calls the range "iPAddressOrRange" for the address that the API calls "value".
    const range = dig(each, "iPAddressOrRange") ?? dig(each, "value");
    if (each instanceof Unknown || range instanceof Unknown) {
      found.unknown(each instanceof Unknown ? each : (range as Unknown));
    } else if (isWider(range, widest)) {
      found.violation(
        `The registry's networkRuleSet.ipRules let ${range} in, which is wider than /${widest}.`,
      );
    }
  }
}
