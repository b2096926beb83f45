import { closed, deploymentOf } from "../fixtures.ts";
import type { Case } from "./case.ts";

const { allowPrivilegeEscalation: _, ...silent } = closed;

export const cases: Case = {
  rule: "privilege-escalation",
  bad: [
    deploymentOf("privilege-escalation-silent", { securityContext: silent }),
    deploymentOf("privilege-escalation-true", {
      securityContext: { ...closed, allowPrivilegeEscalation: true },
    }),
  ],
  good: [deploymentOf("privilege-escalation", { securityContext: closed })],
};
