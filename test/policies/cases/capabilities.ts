import { closed, deploymentOf } from "../fixtures.ts";
import type { Case } from "./case.ts";

const having = (capabilities: object) => ({ securityContext: { ...closed, capabilities } });

export const cases: Case = {
  rule: "capabilities",
  bad: [
    deploymentOf("capabilities-kept", having({ drop: ["NET_RAW"] })),
    deploymentOf("capabilities-added", having({ drop: ["ALL"], add: ["SYS_ADMIN"] })),
  ],
  good: [deploymentOf("capabilities", having({ drop: ["ALL"], add: ["NET_BIND_SERVICE"] }))],
};
