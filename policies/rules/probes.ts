import type { Container, Pod } from "../lib/containers.ts";
import { podRule } from "../lib/podRule.ts";
import type { Findings } from "../lib/rule.ts";
import { dig, Unknown } from "../lib/unknown.ts";

type Probe = "startup" | "readiness" | "liveness";

/** Configuration of `probes`. */
export interface ProbesConfig {
  /** Probes that each container with ports must have. @default ["readiness"] */
  probes: Probe[];
}

/** Kinds whose pods end by themselves, or are told apart by nobody. */
const ENDING = /^(Job|CronJob|PodTemplate)$/;

/** Kubernetes can tell whether what serves requests does so. */
export const probes = podRule<ProbesConfig>({
  name: "probes",
  displayName: "Pods say when they are ready",
  severity: "medium",
  // Advisory: what a probe should ask only the program's author knows, and a bad one is worse than none.
  level: "advisory",
  demands:
    "Each container that declares ports has a readiness probe, each other long-running pod at least one, and none asks " +
    "the same for liveness.",
  why:
    "Without readiness requests go to pods that still start, and an update replaces good pods by bad ones. A liveness " +
    "probe that is the readiness probe restarts a pod that is merely busy.",
  fix: "Add readinessProbe to the container; let livenessProbe ask less, or wait longer, than readiness does.",
  config: {
    probes: {
      type: "array",
      items: { type: "string", enum: ["startup", "readiness", "liveness"] },
      default: ["readiness"],
      description: "Probes that each container with ports must have; add liveness where it is house rules.",
    },
  },
  checkPod(pod, { probes: wanted }, found) {
    if (ENDING.test(pod.kind)) return;
    const lasting = pod.containers.filter(({ role }) => role === "main" || role === "sidecar");
    for (const container of lasting) checkDifferent(container, found);
    if (pod.partial) return;
    const serving = lasting.filter(({ fields }) => hasPorts(fields));
    for (const container of serving) {
      for (const probe of wanted) {
        if (dig(container.fields, `${probe}Probe`) === undefined) {
          found.violation(
            `${container.label} has no ${probe} probe (${container.path}.${probe}Probe is not set).`,
          );
        }
      }
    }
    if (serving.length === 0 && wanted.includes("readiness")) checkAny(pod, lasting, found);
  },
});

function hasPorts(fields: unknown): boolean {
  const ports = dig(fields, "ports");
  return ports instanceof Unknown || (Array.isArray(ports) && ports.length > 0);
}

function checkAny(pod: Pod, lasting: readonly Container[], found: Findings): void {
  if (lasting.length === 0 || lasting.some(({ fields }) => dig(fields, "readinessProbe") !== undefined))
    return;
  found.violation(`No container of the pod has a readiness probe (${pod.path}).`);
}

/** That the two are the same text is enough: whatever is hidden in them is hidden in the same places. */
function checkDifferent({ label, path, fields }: Container, found: Findings): void {
  const [liveness, readiness] = [dig(fields, "livenessProbe"), dig(fields, "readinessProbe")];
  if (liveness === undefined || readiness === undefined || liveness instanceof Unknown) return;
  if (JSON.stringify(liveness) === JSON.stringify(readiness)) {
    found.violation(`${label} asks the same for liveness as for readiness (${path}.livenessProbe).`);
  }
}
