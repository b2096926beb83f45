import { isCluster } from "../lib/azure.ts";
import { rule } from "../lib/rule.ts";
import { dig, Unknown } from "../lib/unknown.ts";

/** AKS clusters refuse certificates of local accounts. */
export const aksLocalAccountsOff = rule<object>({
  name: "aks-local-accounts-off",
  displayName: "AKS local accounts off",
  severity: "high",
  demands: "A cluster refuses its local accounts, so that every call is somebody's in Microsoft Entra ID.",
  why:
    "A local account is one certificate with all rights, that nobody owns, that conditional access doesn't see, and " +
    "that only a rotation of all certificates takes back.",
  fix: "Set disableLocalAccounts: true together with aadProfile.managed: true.",
  config: {},
  applies: isCluster,
  check({ props }, _config, found) {
    const off = dig(props, "disableLocalAccounts");
    if (off instanceof Unknown) return found.unknown(off);
    // Azure's default is false.
    if (off !== true) {
      found.violation(`The cluster takes local accounts (disableLocalAccounts is ${off ?? "not set"}).`);
    }
  },
});
