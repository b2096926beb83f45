import { deploymentOf, goodContainer, goodDeployment } from "../fixtures.ts";
import type { Case } from "./case.ts";

const requests = { cpu: "100m", memory: "128Mi" };

export const cases: Case = {
  rule: "container-resources",
  bad: [
    deploymentOf("container-resources-no-limit", { resources: { requests, limits: { cpu: "1" } } }),
    deploymentOf("container-resources-no-request", {
      resources: { requests: { memory: "128Mi" }, limits: { cpu: "1", memory: "256Mi" } },
    }),
  ],
  good: [
    deploymentOf("container-resources", {}),
    goodDeployment("container-resources-of-pod", {
      resources: { requests: { memory: "128Mi" }, limits: { memory: "256Mi" } },
      containers: [goodContainer({ resources: { requests: { cpu: "100m" }, limits: { cpu: "1" } } })],
    }),
  ],
};
