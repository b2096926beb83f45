import { cluster } from "../azureFixtures.ts";
import type { Case } from "./case.ts";

export const cases: Case = {
  rule: "aks-network-policy",
  bad: cluster("aks-network-policy", { networkProfile: { networkPlugin: "azure" } }),
  good: cluster("aks-network-policy"),
};
