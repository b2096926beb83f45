import type { Container, Pod } from "../lib/containers.ts";
import { ALL_ROLES, containerRule } from "../lib/podRule.ts";
import { isAllowedProgram, NODE_PROGRAMS, type ProgramAllowance, programsSchema } from "../lib/programs.ts";
import { inherited, ofContainer, type Setting, shown } from "../lib/security.ts";
import { isHidden } from "../lib/unknown.ts";

/** Configuration of `privileged-containers`. */
export interface PrivilegedContainersConfig {
  /** Programs that need every right on their node, by what they do. */
  allowed: ProgramAllowance[];
}

/**
 * No container is privileged: not by that name, nor by the two others that come to the same.
 *
 * Source: "Privileged Containers", "HostProcess" and "/proc Mount Type" of the pod security standard "baseline".
 */
export const privilegedContainers = containerRule<PrivilegedContainersConfig>({
  name: "privileged-containers",
  displayName: "No container is privileged",
  severity: "critical",
  demands: "No container is privileged, a Windows HostProcess, or has an unmasked /proc.",
  why: "Such a container has every device and right of its node, and with the node those of all pods on it.",
  fix: "Take privileged, hostProcess and procMount out; add the one capability that is needed, if one is.",
  config: {
    allowed: programsSchema([
      {
        image: NODE_PROGRAMS.gpuFeatureDiscovery,
        reason: "It reads what a virtual GPU says of its host, for which NVIDIA asks for all devices.",
      },
    ]),
  },
  unknowns: "fail",
  roles: ALL_ROLES,
  checkContainer(container, pod, { allowed }, found) {
    if (isAllowedProgram(allowed, container)) return;
    for (const [what, { value, path }, harmless] of settings(container, pod)) {
      if (!isHidden(value, found) && value !== undefined && value !== harmless) {
        found.violation(`${container.label} ${what} (${path} is ${shown(value)}).`);
      }
    }
  },
});

function settings(container: Container, pod: Pod): [string, Setting, unknown][] {
  return [
    ["is privileged", ofContainer(container, "privileged"), false],
    ["is a HostProcess", inherited(container, pod, "windowsOptions", "hostProcess"), false],
    ["has another /proc than the masked one", ofContainer(container, "procMount"), "Default"],
  ];
}
