import { isCluster } from "../lib/azure.ts";
import { type Findings, rule } from "../lib/rule.ts";
import { dig, Unknown } from "../lib/unknown.ts";

/** Configuration of `aks-entra`. */
export interface AksEntraConfig {
  /** Whether Kubernetes rights must come from Azure role assignments. @default true */
  azureRbac: boolean;
}

/** People sign in to AKS with Microsoft Entra ID, and Azure's role assignments say what they may. */
export const aksEntra = rule<AksEntraConfig>({
  name: "aks-entra",
  displayName: "AKS sign-in with Entra ID and Azure RBAC",
  severity: "high",
  demands: "A cluster has Kubernetes RBAC on, managed sign-in with Microsoft Entra ID, and Azure RBAC.",
  why:
    "Rights that are given and taken away in one place are the only ones that end when somebody leaves. Without " +
    "Kubernetes RBAC everybody who gets in may do everything.",
  fix:
    "Set enableRBAC: true and aadProfile { managed: true, enableAzureRBAC: true }, and give the role Azure " +
    "Kubernetes Service RBAC Cluster Admin to a group.",
  config: {
    azureRbac: {
      type: "boolean",
      default: true,
      description:
        "Whether Kubernetes rights must come from Azure role assignments; false leaves RoleBindings.",
    },
  },
  applies: isCluster,
  check({ props }, { azureRbac }, found) {
    const rbac = dig(props, "enableRBAC");
    if (rbac instanceof Unknown) found.unknown(rbac);
    // Azure's default is true.
    else if (rbac === false) found.violation("The cluster has no RBAC (enableRBAC is false).");
    mustBeTrue(
      dig(props, "aadProfile", "managed"),
      "aadProfile.managed",
      "has no sign-in with Entra ID",
      found,
    );
    if (!azureRbac) return;
    const path = "aadProfile.enableAzureRBAC";
    mustBeTrue(dig(props, "aadProfile", "enableAzureRBAC"), path, "doesn't ask Azure RBAC", found);
  },
});

function mustBeTrue(value: unknown, path: string, what: string, found: Findings) {
  if (value instanceof Unknown) return found.unknown(value);
  if (value !== true) found.violation(`The cluster ${what} (${path} is ${value ?? "not set"}).`);
}
