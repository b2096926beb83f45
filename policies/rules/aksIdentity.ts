import { isCluster } from "../lib/azure.ts";
import { type Findings, rule } from "../lib/rule.ts";
import { dig, Unknown } from "../lib/unknown.ts";

/** AKS clusters, and the pods in them, have identities without secrets. */
export const aksIdentity = rule<object>({
  name: "aks-identity",
  displayName: "AKS identities without secrets",
  severity: "high",
  demands: "A cluster has a managed identity, and its OIDC issuer and workload identity are on.",
  why:
    "Without them a pod that calls Azure needs a secret, or the identity of its node, which every pod there shares; " +
    "and a service principal's secret expires, and the cluster with it.",
  fix:
    "Set identity to SystemAssigned or UserAssigned, oidcIssuerProfile.enabled and " +
    "securityProfile.workloadIdentity.enabled to true, and leave out servicePrincipalProfile and podIdentityProfile.",
  config: {},
  applies: isCluster,
  check({ props }, _config, found) {
    const on = (path: string, what: string) => {
      const value = dig(props, ...path.split("."));
      if (value instanceof Unknown) found.unknown(value);
      else if (value !== true)
        found.violation(`The cluster has no ${what} (${path} is ${value ?? "not set"}).`);
    };
    on("oidcIssuerProfile.enabled", "OIDC issuer");
    on("securityProfile.workloadIdentity.enabled", "workload identity");
    checkIdentity(props, found);
    const old = dig(props, "podIdentityProfile", "enabled");
    if (old instanceof Unknown) found.unknown(old);
    else if (old === true) {
      found.violation(
        "The cluster has pod identity, which is out of support (podIdentityProfile.enabled is true).",
      );
    }
  },
});

function checkIdentity(props: unknown, found: Findings) {
  const principal = dig(props, "servicePrincipalProfile", "clientId");
  if (principal instanceof Unknown) return found.unknown(principal);
  // "msi" is what Azure itself reports for a cluster with a managed identity.
  if (principal !== undefined && principal !== "msi") {
    return found.violation(
      "The cluster signs in with a service principal's secret (servicePrincipalProfile.clientId is set).",
    );
  }
  const type = dig(props, "identity", "type");
  if (type instanceof Unknown) return found.unknown(type);
  if (type !== "SystemAssigned" && type !== "UserAssigned") {
    found.violation(`The cluster has no managed identity (identity.type is ${type ?? "not set"}).`);
  }
}
