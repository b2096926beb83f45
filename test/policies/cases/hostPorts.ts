import { deploymentOf } from "../fixtures.ts";
import type { Case } from "./case.ts";

export const cases: Case = {
  rule: "host-ports",
  bad: [deploymentOf("host-ports-taken", { ports: [{ containerPort: 8080, hostPort: 80 }] })],
  good: [deploymentOf("host-ports", { ports: [{ containerPort: 8080 }] })],
};
