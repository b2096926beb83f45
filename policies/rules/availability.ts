import { type Answer, all } from "../lib/answer.ts";
import { podPath } from "../lib/containers.ts";
import { selectorMatches } from "../lib/labels.ts";
import { type StackFindings, type StackResource, stackRule } from "../lib/stackRule.ts";
import { dig, Unknown } from "../lib/unknown.ts";
import { isTarget, together, type Workload, workloadsOf } from "../lib/workloads.ts";

const budget = /^kubernetes:policy\/v\w+:PodDisruptionBudget$/;
const autoscaler =
  /^kubernetes:(?:autoscaling\/v\w+:HorizontalPodAutoscaler|keda\.sh\/v1alpha1:ScaledObject)$/;

/** Configuration of `availability`. */
export interface AvailabilityConfig {
  /** Pods that a Deployment must have, one that may have two at a time. @default 2 */
  minReplicas: number;
}

/** One node's end ends no service. */
export const availability = stackRule<AvailabilityConfig>({
  name: "availability",
  displayName: "One node's end ends no service",
  severity: "medium",
  // Advisory: what may be away for a minute, and what can't be two, its owner knows.
  level: "advisory",
  demands:
    "A Deployment has two pods; what has several has a PodDisruptionBudget and spreads them over nodes; and a budget " +
    "lets at least one pod go.",
  why:
    "Nodes go for upgrades each month, and spot nodes at any time. A budget that lets nobody go stops the upgrade " +
    "instead: AKS gives up draining the node.",
  fix:
    "Set replicas: 2, a PodDisruptionBudget with maxUnavailable: 1, and topologySpreadConstraints. What can run only " +
    'once says so by strategy: { type: "Recreate" }.',
  config: {
    minReplicas: {
      type: "integer",
      minimum: 1,
      default: 2,
      description:
        "Pods that a Deployment must have, unless its strategy is Recreate; 1 for what may be away at times.",
    },
  },
  check(resources, { minReplicas }, found) {
    const budgets = resources.filter(({ type }) => budget.test(type));
    const scalers = resources.filter(({ type }) => autoscaler.test(type));
    for (const workload of workloadsOf(resources)) {
      const replicas = replicasOf(workload, scalers);
      if (replicas instanceof Unknown) {
        found.unknown(replicas, workload.resource);
        continue;
      }
      if (replicas < minReplicas && workload.kind === "Deployment" && !isAlone(workload)) {
        found.violation(
          `The Deployment has ${replicas === 1 ? "one pod" : `${replicas} pods`}, fewer than ${minReplicas} (spec.replicas).`,
          workload.resource,
        );
      }
      checkBudgets(workload, replicas, budgets, found);
      if (replicas >= 2 && !isSpread(workload)) {
        const at = podPath(workload.pod, "topologySpreadConstraints");
        found.violation(`Its ${replicas} pods may all be on one node (${at} is not set).`, workload.resource);
      }
    }
  },
});

/** Pods at the least, as the workload or its autoscaler has it; one that is off (0) is nobody's worry. */
function replicasOf(workload: Workload, scalers: readonly StackResource[]): number | Unknown {
  for (const scaler of scalers) {
    const aimed = isTarget(dig(scaler.props, "spec", "scaleTargetRef"), scaler, workload);
    if (aimed instanceof Unknown) return aimed;
    if (!aimed) continue;
    const [least, keda] = ["minReplicas", "minReplicaCount"].map((key) => dig(scaler.props, "spec", key));
    const value = least ?? keda ?? (scaler.type.includes("keda") ? 0 : 1);
    return value instanceof Unknown ? value : Number(value);
  }
  return workload.replicas instanceof Unknown ? workload.replicas : Number(workload.replicas);
}

/** What never has two pods at a time: those of a Deployment that is recreated. */
function isAlone({ resource }: Workload): boolean {
  const type = dig(resource.props, "spec", "strategy", "type");
  return type === "Recreate" || dig(resource.props, "spec", "replicas") === 0;
}

function isSpread({ pod, kind }: Workload): boolean {
  // KMCP passes affinity on, and no constraints.
  const constraints = kind === "MCPServer" ? undefined : dig(pod.spec, "topologySpreadConstraints");
  return constraints !== undefined || dig(pod.spec, "affinity", "podAntiAffinity") !== undefined;
}

function checkBudgets(
  { resource, labels }: Workload,
  replicas: number,
  budgets: readonly StackResource[],
  found: StackFindings,
): void {
  const covering: StackResource[] = [];
  for (const each of budgets) {
    const covers: Answer = all([together(each, resource), chooses(each, labels)]);
    if (covers instanceof Unknown) {
      found.unknown(covers, each);
      return;
    }
    if (covers) covering.push(each);
  }
  if (replicas >= 2 && covering.length === 0) {
    found.violation(`Its ${replicas} pods have no PodDisruptionBudget, so all may go at once.`, resource);
  }
  for (const each of covering) {
    const [most, least] = ["maxUnavailable", "minAvailable"].map((key) => dig(each.props, "spec", key));
    const hidden = [most, least].find((value) => value instanceof Unknown);
    if (hidden instanceof Unknown) found.unknown(hidden, each);
    else if (letsNobodyGo(most, least, replicas)) {
      found.violation(
        `The budget lets none of ${replicas} pods go, so their nodes can't be drained ` +
          `(${most === undefined ? `spec.minAvailable is ${least}` : `spec.maxUnavailable is ${most}`}).`,
        each,
      );
    }
  }
}

/** A budget without a selector chooses nothing; an empty selector everything in its namespace. */
function chooses({ props }: StackResource, labels: unknown): Answer {
  const selector = dig(props, "spec", "selector");
  return selector !== undefined && selectorMatches(selector, labels);
}

/** Kubernetes rounds percentages up, of what must stay and of what may go. */
function letsNobodyGo(most: unknown, least: unknown, replicas: number): boolean {
  if (replicas < 1) return false;
  if (most !== undefined) return share(most, replicas) < 1;
  return least !== undefined && share(least, replicas) >= replicas;
}

function share(value: unknown, replicas: number): number {
  const text = String(value);
  return text.endsWith("%") ? Math.ceil((Number.parseFloat(text) / 100) * replicas) : Number(text);
}
