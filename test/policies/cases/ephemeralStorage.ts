import { closed, deploymentOf, goodDeployment } from "../fixtures.ts";
import type { Case } from "./case.ts";

const resources = {
  requests: { cpu: "100m", memory: "128Mi" },
  limits: { cpu: "1", memory: "256Mi", "ephemeral-storage": "1Gi" },
};

export const cases: Case = {
  rule: "ephemeral-storage",
  bad: [goodDeployment("ephemeral-storage-endless", { volumes: [{ name: "cache", emptyDir: {} }] })],
  good: [
    goodDeployment("ephemeral-storage", {
      volumes: [
        { name: "cache", emptyDir: { sizeLimit: "1Gi" } },
        { name: "memory", emptyDir: { medium: "Memory" } },
      ],
    }),
    deploymentOf("ephemeral-storage-limited", { resources, securityContext: closed }),
  ],
};
