import { ALL_ROLES, containerRule } from "../lib/podRule.ts";
import { isAllowedProgram, NODE_PROGRAMS, type ProgramAllowance, programsSchema } from "../lib/programs.ts";
import { inherited, isWindows, shown } from "../lib/security.ts";
import { Unknown } from "../lib/unknown.ts";

/** Configuration of `run-as-non-root`. */
export interface RunAsNonRootConfig {
  /** Programs that must be root, by what they do. */
  allowed: ProgramAllowance[];
}

/**
 * Containers run as another user than root, and Kubernetes is told to hold them to it.
 *
 * Source: "Running as Non-root" and "Running as Non-root user" of the pod security standard "restricted",
 * https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export const runAsNonRoot = containerRule<RunAsNonRootConfig>({
  name: "run-as-non-root",
  displayName: "Containers don't run as root",
  severity: "high",
  demands: "Each container has runAsNonRoot: true, of its own or from its pod, and no user 0.",
  why:
    "Root in a container is root on the node once it gets out, and an image's own user says nothing that Kubernetes " +
    "would check.",
  fix: "Set securityContext.runAsNonRoot: true and a runAsUser other than 0, and an image that can run so.",
  config: {
    allowed: programsSchema([
      {
        image: NODE_PROGRAMS.devicePlugin,
        reason: "It makes its socket in a folder of the kubelet that only root may write.",
      },
      {
        image: NODE_PROGRAMS.gpuFeatureDiscovery,
        reason: "It reads devices of the node that only root may open.",
      },
      {
        image: NODE_PROGRAMS.dcgmExporter,
        reason: "NVIDIA's library asks for root, and so does the kubelet's socket that it reads.",
      },
    ]),
  },
  unknowns: "fail",
  roles: ALL_ROLES,
  checkContainer(container, pod, { allowed }, found) {
    if (isAllowedProgram(allowed, container)) return;
    if (isWindows(pod)) return;
    const nonRoot = inherited(container, pod, "runAsNonRoot");
    if (nonRoot.value instanceof Unknown) found.unknown(nonRoot.value);
    else if (nonRoot.value !== true && !(pod.partial && nonRoot.value === undefined)) {
      found.violation(`${container.label} may run as root (${nonRoot.path} is ${shown(nonRoot.value)}).`);
    }
    const user = inherited(container, pod, "runAsUser");
    if (user.value instanceof Unknown) found.unknown(user.value);
    else if (user.value !== undefined && Number(user.value) === 0) {
      found.violation(`${container.label} runs as root (${user.path} is 0).`);
    }
  },
});
