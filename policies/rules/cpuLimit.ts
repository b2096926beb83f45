import { containerRule } from "../lib/podRule.ts";
import { shown } from "../lib/security.ts";
import { dig, isHidden } from "../lib/unknown.ts";

/** Configuration of `cpu-limit`. */
export interface CpuLimitConfig {
  /** "required", "forbidden", or "either", which leaves it to each container. @default "required" */
  want: "required" | "forbidden" | "either";
}

/** Containers have a CPU limit, or have none: houses differ, and a stack should be of one mind. */
export const cpuLimit = containerRule<CpuLimitConfig>({
  name: "cpu-limit",
  displayName: "One mind on CPU limits",
  severity: "low",
  // Advisory, because good engineers disagree: see the pack's README.
  level: "advisory",
  demands: "Each container has a limit on CPU, or none has, as the house has it.",
  why:
    "With one, a container that runs wild leaves its node's CPU to others beyond their requests, and behaves the same " +
    "on a full node as on an idle one; without one, it is never slowed down while its node is idle.",
  fix: "Set or remove resources.limits.cpu, or set the rule's \"want\" to the house's rule.",
  config: {
    want: {
      type: "string",
      enum: ["required", "forbidden", "either"],
      default: "required",
      description: "Whether each container must have a limit on CPU, must have none, or may choose.",
    },
  },
  checkContainer({ label, path, fields }, pod, { want }, found) {
    if (want === "either") return;
    const limit = dig(fields, "resources", "limits", "cpu");
    if (isHidden(limit, found)) return;
    const at = `${path}.resources.limits.cpu is ${shown(limit)}`;
    if (want === "forbidden" && limit !== undefined) found.violation(`${label} has a limit on cpu (${at}).`);
    if (want === "required" && limit === undefined && !pod.partial) {
      found.violation(`${label} has no limit on cpu (${at}).`);
    }
  },
});
