import { registry } from "../azureFixtures.ts";
import type { Case } from "./case.ts";

export const cases: Case = {
  rule: "acr-admin-user-off",
  bad: registry("acr-admin-user-off", { adminUserEnabled: true }),
  good: registry("acr-admin-user-off", { adminUserEnabled: false }),
};
