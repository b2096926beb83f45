import { deploymentOf } from "../fixtures.ts";
import type { Case } from "./case.ts";

const resources = { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } };

export const cases: Case = {
  rule: "cpu-limit",
  config: { want: "required" },
  bad: [deploymentOf("cpu-limit-none", { resources })],
  good: [deploymentOf("cpu-limit", {})],
};
