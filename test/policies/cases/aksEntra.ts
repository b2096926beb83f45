import { cluster } from "../azureFixtures.ts";
import type { Case } from "./case.ts";

export const cases: Case = {
  rule: "aks-entra",
  bad: [
    ...cluster("aks-entra-none", { aadProfile: undefined }),
    ...cluster("aks-entra-role-bindings", { aadProfile: { managed: true, enableAzureRBAC: false } }),
    ...cluster("aks-entra-no-rbac", { enableRBAC: false }),
  ],
  good: cluster("aks-entra"),
};
