import { cluster } from "../azureFixtures.ts";
import type { Case } from "./case.ts";

const secret = { clientId: "00000000-0000-0000-0000-000000000001", secret: "none" };

export const cases: Case = {
  rule: "aks-identity",
  bad: [
    ...cluster("aks-identity-no-issuer", { oidcIssuerProfile: { enabled: false } }),
    ...cluster("aks-identity-no-workloads", { securityProfile: undefined }),
    ...cluster("aks-identity-secret", { identity: undefined, servicePrincipalProfile: secret }),
  ],
  good: cluster("aks-identity"),
};
