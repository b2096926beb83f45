import { inherited, securityRule } from "../lib/security.ts";

/** Configuration of `seccomp`. */
export interface SeccompConfig {
  /** Profiles that will do. @default ["RuntimeDefault", "Localhost"] */
  types: string[];
}

/** Containers are held to a profile of system calls. Source: "Seccomp" of the pod security standard "restricted". */
export const seccomp = securityRule<SeccompConfig>({
  name: "seccomp",
  displayName: "System calls are limited",
  severity: "medium",
  demands: "Each container has a seccomp profile, of its own or from its pod: RuntimeDefault or Localhost.",
  why:
    "Kubernetes applies none where none is named, and then every system call of the node's kernel can be tried, those " +
    "included by which others have got out of containers.",
  fix: 'Set securityContext.seccompProfile: { type: "RuntimeDefault" } on the pod.',
  config: {
    types: {
      type: "array",
      items: { type: "string", enum: ["RuntimeDefault", "Localhost"] },
      minItems: 1,
      default: ["RuntimeDefault", "Localhost"],
      description: "Types of profile that will do.",
    },
  },
  required: true,
  setting: (container, pod) => inherited(container, pod, "seccompProfile", "type"),
  fault: (value, { types }) => (types.includes(String(value)) ? undefined : "may try every system call"),
});
