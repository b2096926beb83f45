import { rule } from "../lib/rule.ts";
import { dig, isHidden } from "../lib/unknown.ts";

// Plain, with a version in the module, and with a version in the package (SDKs made for one API version).
const registry = /^azure-native(?:_containerregistry_v\w+)?:containerregistry(?:\/v\w+)?:Registry$/;

/** Azure container registries keep their admin user off. */
export const acrAdminUserOff = rule<object>({
  name: "acr-admin-user-off",
  displayName: "ACR admin user off",
  severity: "critical",
  demands: "A container registry's admin user is off.",
  why:
    "It is one shared password that can push any image, that no role assignment limits, and that the audit log " +
    "can't tell apart.",
  fix:
    "Set adminUserEnabled: false. Let AKS pull by AcrPull on the kubelet identity, and push with an Entra " +
    "identity or a token whose scope map names one repository.",
  config: {},
  unknowns: "fail",
  applies: (type) => registry.test(type),
  check({ props }, _config, found) {
    const enabled = dig(props, "adminUserEnabled");
    if (isHidden(enabled, found)) return;
    // Azure's default is off.
    if (enabled !== undefined && enabled !== false) {
      found.violation(`The registry's admin user is on (adminUserEnabled is ${enabled}).`);
    }
  },
});
