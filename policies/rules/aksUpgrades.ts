import { isCluster } from "../lib/azure.ts";
import { type Findings, rule } from "../lib/rule.ts";
import { dig, Unknown } from "../lib/unknown.ts";

/** AKS renews Kubernetes and the nodes' OS by itself. */
export const aksUpgrades = rule<object>({
  name: "aks-upgrades",
  displayName: "AKS upgrades itself",
  severity: "medium",
  demands: "A cluster has a channel for upgrades of Kubernetes, and one for its nodes' OS.",
  why:
    "A minor version is supported for a year, and node images get their fixes weekly. What nobody upgrades falls " +
    "out of support with its holes open.",
  fix:
    'Set autoUpgradeProfile.upgradeChannel: "patch" (or stable, rapid, node-image) and nodeOSUpgradeChannel: ' +
    '"NodeImage" (or SecurityPatch), with a maintenance window.',
  config: {},
  applies: isCluster,
  check({ props }, _config, found) {
    const channel = (key: string, off: unknown[], what: string): void =>
      judge(dig(props, "autoUpgradeProfile", key), `autoUpgradeProfile.${key}`, off, what, found);
    // Azure's default is none for Kubernetes, and NodeImage for the OS.
    channel("upgradeChannel", [undefined, "none"], "Kubernetes");
    channel("nodeOSUpgradeChannel", ["None", "Unmanaged"], "its nodes' OS");
  },
});

function judge(value: unknown, path: string, off: unknown[], what: string, found: Findings) {
  if (value instanceof Unknown) return found.unknown(value);
  if (off.includes(value)) {
    found.violation(`The cluster doesn't upgrade ${what} by itself (${path} is ${value ?? "not set"}).`);
  }
}
