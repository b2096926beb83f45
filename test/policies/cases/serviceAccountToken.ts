import { goodDeployment } from "../fixtures.ts";
import type { Case, Fixture } from "./case.ts";

const account = (name: string, automountServiceAccountToken: boolean): Fixture => ({
  name: `${name}-account`,
  type: "kubernetes:core/v1:ServiceAccount",
  props: { metadata: { name, namespace: "default" }, automountServiceAccountToken },
});
const unset = { automountServiceAccountToken: undefined };

export const cases: Case = {
  rule: "service-account-token",
  bad: [
    goodDeployment("service-account-token-default", unset),
    goodDeployment("service-account-token-shared", { automountServiceAccountToken: true }),
  ],
  good: [
    goodDeployment("service-account-token", {}),
    account("quiet", false),
    goodDeployment("service-account-token-account", { ...unset, serviceAccountName: "quiet" }),
    goodDeployment("service-account-token-needed", {
      automountServiceAccountToken: true,
      serviceAccountName: "controller",
    }),
  ],
};
