import { ALL_ROLES, containerRule } from "../lib/podRule.ts";
import { isAllowedProgram, NODE_PROGRAMS, type ProgramAllowance, programsSchema } from "../lib/programs.ts";
import { isWindows, ofContainer, shown } from "../lib/security.ts";
import { isHidden, Unknown } from "../lib/unknown.ts";

/** Configuration of `capabilities`. */
export interface CapabilitiesConfig {
  /** Capabilities that a container may add to none. @default ["NET_BIND_SERVICE"] */
  mayAdd: string[];
  /** Programs that need more, by what they do. */
  allowed: ProgramAllowance[];
}

/**
 * Containers give up root's capabilities.
 *
 * Source: "Capabilities" of the pod security standard "restricted", for what may be added too.
 */
export const capabilities = containerRule<CapabilitiesConfig>({
  name: "capabilities",
  displayName: "Containers give up capabilities",
  severity: "high",
  demands: 'Each container drops the capability "ALL", and adds none but NET_BIND_SERVICE.',
  why:
    "What a container runtime leaves by itself includes forging packets and owning anybody's files, which no " +
    "program needs that serves requests.",
  fix: 'Set securityContext.capabilities.drop: ["ALL"] on the container, and add what is needed, if anything is.',
  config: {
    mayAdd: {
      type: "array",
      items: { type: "string", pattern: "^[A-Z_]+$" },
      default: ["NET_BIND_SERVICE"],
      description: "Capabilities that a container may add, without the prefix CAP_.",
    },
    allowed: programsSchema([
      {
        image: NODE_PROGRAMS.gpuFeatureDiscovery,
        reason: "It is privileged, beside which capabilities mean nothing.",
      },
    ]),
  },
  unknowns: "fail",
  roles: ALL_ROLES,
  checkContainer(container, pod, { mayAdd, allowed }, found) {
    if (isAllowedProgram(allowed, container)) return;
    if (isWindows(pod)) return;
    const drop = ofContainer(container, "capabilities", "drop");
    const dropped = listOf(drop.value);
    if (
      !isHidden(dropped, found) &&
      !dropped.some((each) => String(each).toUpperCase() === "ALL") &&
      !(pod.partial && drop.value === undefined)
    ) {
      found.violation(
        `${container.label} keeps capabilities of root (${drop.path} is ${shown(drop.value)}).`,
      );
    }
    const add = ofContainer(container, "capabilities", "add");
    const added = listOf(add.value);
    if (isHidden(added, found)) return;
    const extra = added.filter((each) => !mayAdd.includes(String(each).replace(/^CAP_/, "")));
    if (extra.length > 0) found.violation(`${container.label} adds ${extra.join(", ")} (${add.path}).`);
  },
});

/** A list all of whose members are known; "ALL" that is known counts for nothing while another hides. */
function listOf(value: unknown): unknown[] | Unknown {
  if (value instanceof Unknown) return value;
  if (!Array.isArray(value)) return [];
  return value.find((each) => each instanceof Unknown) ?? value;
}
