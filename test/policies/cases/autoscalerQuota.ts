import { pool, poolProps } from "../azureFixtures.ts";
import type { Case } from "./case.ts";

export const cases: Case = {
  rule: "autoscaler-quota",
  // Room for the pools of all fixtures, and for 8 vCPUs of another family.
  config: {
    quotas: { standardDASv5Family: 10_000, StandardNVADSA10v5Family: 1_000, standardDSv5Family: 8 },
  },
  bad: [
    pool("autoscaler-quota-many", poolProps("many", { vmSize: "Standard_D2s_v5", maxCount: 10 })),
    pool("autoscaler-quota-unknown", poolProps("family", { vmSize: "Standard_E2s_v5" })),
  ],
  good: [pool("autoscaler-quota", poolProps("few", { vmSize: "Standard_D2s_v5", maxCount: 3 }))],
};
