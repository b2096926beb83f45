import { ofContainer, securityRule } from "../lib/security.ts";

/**
 * No process gains rights that its parent didn't have.
 *
 * Source: "Privilege Escalation" of the pod security standard "restricted". A pod can't say it for its containers.
 */
export const privilegeEscalation = securityRule<object>({
  name: "privilege-escalation",
  displayName: "No process gains privileges",
  severity: "high",
  demands: "Each container has allowPrivilegeEscalation: false.",
  why: "Without it a setuid program in the image makes root of any user, and runAsNonRoot holds only at the start.",
  fix: "Set securityContext.allowPrivilegeEscalation: false on the container.",
  config: {},
  required: true,
  setting: (container) => ofContainer(container, "allowPrivilegeEscalation"),
  fault: (value) => (value === false ? undefined : "may gain privileges"),
});
