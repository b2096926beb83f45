import { isCluster } from "../lib/azure.ts";
import { rule } from "../lib/rule.ts";
import { dig, Unknown } from "../lib/unknown.ts";

/** Something in AKS carries NetworkPolicies out. */
export const aksNetworkPolicy = rule<object>({
  name: "aks-network-policy",
  displayName: "AKS enforces NetworkPolicies",
  severity: "critical",
  demands: "A cluster has a network policy engine.",
  why: "Without one Kubernetes takes NetworkPolicies and does nothing about them: all that is closed on paper is open.",
  fix: 'Set networkProfile.networkPolicy: "cilium" (with networkDataplane: "cilium"), "calico" or "azure".',
  config: {},
  applies: isCluster,
  check({ props }, _config, found) {
    const engine = dig(props, "networkProfile", "networkPolicy");
    if (engine instanceof Unknown) return found.unknown(engine);
    // Azure's default is none.
    if (engine === undefined || engine === "none") {
      found.violation(
        `Nothing carries out NetworkPolicies (networkProfile.networkPolicy is ${engine ?? "not set"}).`,
      );
    }
  },
});
