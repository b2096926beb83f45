import { cluster } from "../azureFixtures.ts";
import type { Case } from "./case.ts";

export const cases: Case = {
  rule: "aks-local-accounts-off",
  bad: cluster("aks-local-accounts-off", { disableLocalAccounts: false }),
  good: cluster("aks-local-accounts-off"),
};
