import { cluster } from "../azureFixtures.ts";
import type { Case } from "./case.ts";

const manual = { upgradeChannel: "none", nodeOSUpgradeChannel: "NodeImage" };
const oldNodes = { upgradeChannel: "patch", nodeOSUpgradeChannel: "None" };

export const cases: Case = {
  rule: "aks-upgrades",
  bad: [
    ...cluster("aks-upgrades-none", { autoUpgradeProfile: manual }),
    ...cluster("aks-upgrades-nodes", { autoUpgradeProfile: oldNodes }),
  ],
  good: cluster("aks-upgrades"),
};
