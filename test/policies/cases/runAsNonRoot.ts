import { closed, deploymentOf, goodContainer, goodDeployment } from "../fixtures.ts";
import type { Case } from "./case.ts";

const { runAsNonRoot: _, ...silent } = closed;

export const cases: Case = {
  rule: "run-as-non-root",
  bad: [
    deploymentOf("run-as-non-root-silent", { securityContext: silent }),
    deploymentOf("run-as-non-root-root", { securityContext: { ...closed, runAsUser: 0 } }),
  ],
  good: [
    goodDeployment("run-as-non-root", {
      securityContext: { runAsNonRoot: true, runAsUser: 1000 },
      containers: [goodContainer({ securityContext: silent })],
    }),
  ],
};
