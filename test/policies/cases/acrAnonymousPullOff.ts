import { registry } from "../azureFixtures.ts";
import type { Case } from "./case.ts";

export const cases: Case = {
  rule: "acr-anonymous-pull-off",
  bad: registry("acr-anonymous-pull-off", { anonymousPullEnabled: true }),
  good: registry("acr-anonymous-pull-off", { anonymousPullEnabled: false }),
};
