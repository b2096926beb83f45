import { closed, deploymentOf, goodContainer, goodDeployment } from "../fixtures.ts";
import type { Case } from "./case.ts";

const { seccompProfile, ...silent } = closed;
const unconfined = { ...silent, seccompProfile: { type: "Unconfined" } };

export const cases: Case = {
  rule: "seccomp",
  bad: [
    deploymentOf("seccomp-silent", { securityContext: silent }),
    deploymentOf("seccomp-unconfined", { securityContext: unconfined }),
  ],
  good: [
    goodDeployment("seccomp", {
      securityContext: { seccompProfile },
      containers: [goodContainer({ securityContext: silent })],
    }),
  ],
};
