import { CLUSTER, cluster, clusterProps, REGISTRY, registry, registryProps } from "../azureFixtures.ts";
import type { Case } from "./case.ts";

export const cases: Case = {
  rule: "diagnostic-settings",
  bad: [
    { name: "diagnostic-settings-cluster", type: CLUSTER, props: clusterProps("unlogged") },
    { name: "diagnostic-settings-registry", type: REGISTRY, props: registryProps("unlogged") },
  ],
  good: [...cluster("diagnostic-settings-cluster"), ...registry("diagnostic-settings-registry")],
};
