import { object } from "../azureFixtures.ts";
import type { Case } from "./case.ts";

const enforce = (standard: string) => ({ labels: { "pod-security.kubernetes.io/enforce": standard } });
const reason = "The pods of this fixture mount folders of their node";
const because = { annotations: { "mcpaas.dev/pod-security-exemption": reason } };

export const cases: Case = {
  rule: "namespace-pod-security",
  bad: [
    object("core/v1:Namespace", "namespace-pod-security-none", undefined),
    object("core/v1:Namespace", "namespace-pod-security-mute", undefined, enforce("privileged")),
  ],
  good: [
    object("core/v1:Namespace", "namespace-pod-security", undefined, enforce("restricted")),
    object("core/v1:Namespace", "namespace-pod-security-why", undefined, {
      ...enforce("baseline"),
      ...because,
    }),
  ],
};
