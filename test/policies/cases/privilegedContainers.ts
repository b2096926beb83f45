import { closed, deploymentOf } from "../fixtures.ts";
import type { Case } from "./case.ts";

// Kubernetes would refuse the first, because it also denies what it then has; here each is at fault in one thing.
export const cases: Case = {
  rule: "privileged-containers",
  bad: [
    deploymentOf("privileged-containers-all", { securityContext: { ...closed, privileged: true } }),
    deploymentOf("privileged-containers-proc", { securityContext: { ...closed, procMount: "Unmasked" } }),
  ],
  good: [deploymentOf("privileged-containers", { securityContext: { ...closed, privileged: false } })],
};
