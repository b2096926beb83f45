import { deploymentOf } from "../fixtures.ts";
import type { Case } from "./case.ts";

const limits = { cpu: "1", memory: "256Mi" };

export const cases: Case = {
  rule: "limit-ratio",
  bad: [
    deploymentOf("limit-ratio-memory", { resources: { requests: { cpu: "100m", memory: "32Mi" }, limits } }),
    deploymentOf("limit-ratio-cpu", { resources: { requests: { cpu: "10m", memory: "128Mi" }, limits } }),
  ],
  good: [deploymentOf("limit-ratio", { resources: { requests: { cpu: "50m", memory: "64Mi" }, limits } })],
};
