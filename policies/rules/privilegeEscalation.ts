import { NODE_PROGRAMS, type ProgramAllowance, programsSchema } from "../lib/programs.ts";
import { ofContainer, securityRule } from "../lib/security.ts";

/**
 * No process gains rights that its parent didn't have.
 *
 * Source: "Privilege Escalation" of the pod security standard "restricted". A pod can't say it for its containers.
 */
export const privilegeEscalation = securityRule<{ allowed: ProgramAllowance[] }>({
  name: "privilege-escalation",
  displayName: "No process gains privileges",
  severity: "high",
  demands: "Each container has allowPrivilegeEscalation: false.",
  why: "Without it a setuid program in the image makes root of any user, and runAsNonRoot holds only at the start.",
  fix: "Set securityContext.allowPrivilegeEscalation: false on the container.",
  config: {
    allowed: programsSchema([
      {
        image: NODE_PROGRAMS.gpuFeatureDiscovery,
        reason: "It is privileged, and Kubernetes refuses both at once.",
      },
    ]),
  },
  required: true,
  setting: (container) => ofContainer(container, "allowPrivilegeEscalation"),
  fault: (value) => (value === false ? undefined : "may gain privileges"),
});
