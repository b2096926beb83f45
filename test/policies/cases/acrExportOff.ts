import { registry } from "../azureFixtures.ts";
import type { Case } from "./case.ts";

export const cases: Case = {
  rule: "acr-export-off",
  bad: registry("acr-export-off", { policies: { exportPolicy: { status: "enabled" } } }),
  good: registry("acr-export-off"),
};
