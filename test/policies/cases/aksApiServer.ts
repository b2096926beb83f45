import { cluster } from "../azureFixtures.ts";
import type { Case } from "./case.ts";

export const cases: Case = {
  rule: "aks-api-server",
  bad: [
    ...cluster("aks-api-server-open", { apiServerAccessProfile: undefined }),
    ...cluster("aks-api-server-everybody", { apiServerAccessProfile: { authorizedIPRanges: ["0.0.0.0/0"] } }),
  ],
  good: [
    ...cluster("aks-api-server-ranges"),
    ...cluster("aks-api-server-private", { apiServerAccessProfile: { enablePrivateCluster: true } }),
  ],
};
