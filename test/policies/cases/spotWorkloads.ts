import { goodDeployment } from "../fixtures.ts";
import type { Case } from "./case.ts";

const tolerations = [
  { key: "kubernetes.azure.com/scalesetpriority", operator: "Equal", value: "spot", effect: "NoSchedule" },
];
const volumes = [{ name: "data", persistentVolumeClaim: { claimName: "data" } }];

export const cases: Case = {
  rule: "spot-workloads",
  bad: [
    goodDeployment("spot-workloads-volume", { tolerations, volumes }),
    goodDeployment("spot-workloads-slow", { tolerations, terminationGracePeriodSeconds: 600 }),
  ],
  good: [goodDeployment("spot-workloads", { tolerations })],
};
