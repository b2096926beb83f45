import { goodDeployment } from "../fixtures.ts";
import type { Case } from "./case.ts";

export const cases: Case = {
  rule: "host-namespaces",
  bad: [
    goodDeployment("host-namespaces-network", { hostNetwork: true }),
    goodDeployment("host-namespaces-processes", { hostPID: true }),
    goodDeployment("host-namespaces-memory", { hostIPC: true }),
  ],
  good: [goodDeployment("host-namespaces", { hostNetwork: false })],
};
