import { object } from "../azureFixtures.ts";
import type { Case } from "./case.ts";

/** What NVIDIA's GPU operator makes its DaemonSets of. */
const operator = (name: string) =>
  object("nvidia.com/v1:ClusterPolicy", name, { devicePlugin: { enabled: true } });

export const cases: Case = {
  rule: "one-device-plugin",
  bad: [operator("one-device-plugin"), operator("one-device-plugin-again")],
  good: [operator("one-device-plugin")],
};
