import { goodContainer, goodDeployment } from "../fixtures.ts";
import type { Case } from "./case.ts";

const limits = { cpu: "1", memory: "256Mi", "nvidia.com/gpu": 1 };
const containers = [goodContainer({ resources: { requests: { cpu: "100m", memory: "128Mi" }, limits } })];
const tolerations = [{ key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" }];

export const cases: Case = {
  rule: "gpu-placement",
  bad: [
    goodDeployment("gpu-placement-anywhere", { containers, tolerations }),
    goodDeployment("gpu-placement-kept-off", { containers, nodeSelector: { "mcpaas.dev/pool": "gpu" } }),
  ],
  good: [
    goodDeployment("gpu-placement", { containers, tolerations, nodeSelector: { "mcpaas.dev/pool": "gpu" } }),
  ],
};
