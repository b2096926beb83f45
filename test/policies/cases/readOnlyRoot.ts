import { closed, deploymentOf } from "../fixtures.ts";
import type { Case } from "./case.ts";

const resources = {
  requests: { cpu: "100m", memory: "128Mi" },
  limits: { cpu: "1", memory: "256Mi", "ephemeral-storage": "1Gi" },
};
const { readOnlyRootFilesystem: _, ...silent } = closed;

export const cases: Case = {
  rule: "read-only-root",
  bad: [deploymentOf("read-only-root-silent", { resources, securityContext: silent })],
  good: [deploymentOf("read-only-root", { securityContext: closed })],
};
