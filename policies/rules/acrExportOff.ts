import { isRegistry } from "../lib/azure.ts";
import { rule } from "../lib/rule.ts";
import { dig, Unknown } from "../lib/unknown.ts";

/**
 * A closed registry can't be copied out of.
 *
 * Advisory: what it guards against is somebody with rights on the registry, who could be given others.
 */
export const acrExportOff = rule<object>({
  name: "acr-export-off",
  displayName: "ACR export off",
  severity: "medium",
  level: "advisory",
  demands: "A registry without public network access exports nothing to other registries.",
  why:
    "Import by another registry goes past private endpoints, so that a closed registry can still be copied out of " +
    "by whoever may read it.",
  fix: 'Set policies.exportPolicy.status: "disabled". Azure takes it together with publicNetworkAccess: "Disabled".',
  config: {},
  applies: isRegistry,
  check({ props }, _config, found) {
    const access = dig(props, "publicNetworkAccess");
    if (access instanceof Unknown) return found.unknown(access);
    // Azure refuses to switch export off in a registry that has public access.
    if (access !== "Disabled") return;
    const status = dig(props, "policies", "exportPolicy", "status");
    if (status instanceof Unknown) return found.unknown(status);
    if (status !== "disabled") {
      found.violation(
        `The closed registry can be exported (policies.exportPolicy.status is ${status ?? "not set"}).`,
      );
    }
  },
});
