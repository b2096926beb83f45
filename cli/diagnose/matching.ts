import type { LabelSelector, Node, Pod, PodSpec, SelectorRequirement, Taint, Toleration } from "./objects.ts";

type Labels = Record<string, string>;

export function hasLabels(labels: Labels = {}, wanted: Labels = {}): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

/** Whether a selector selects labels; an empty one selects everything, as in a NetworkPolicy. */
export function selects(selector: LabelSelector | undefined, labels: Labels = {}): boolean {
  return (
    hasLabels(labels, selector?.matchLabels) &&
    (selector?.matchExpressions ?? []).every((requirement) => meets(requirement, labels))
  );
}

function meets({ key, operator, values = [] }: SelectorRequirement, labels: Labels): boolean {
  const value = labels[key];
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return Number(value) > Number(values[0]);
    case "Lt":
      return Number(value) < Number(values[0]);
    default:
      return false;
  }
}

/** Whether a node has the labels that a pod asks for. */
export function fitsLabels(spec: PodSpec | undefined, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  const terms =
    spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return (
    hasLabels(labels, spec?.nodeSelector) &&
    (terms === undefined ||
      terms.some(({ matchExpressions = [] }) => matchExpressions.every((each) => meets(each, labels))))
  );
}

/** The taints of a node that keep a pod away, but for the one of a cordoned node. */
export function untolerated(spec: PodSpec | undefined, node: Node): Taint[] {
  return (node.spec?.taints ?? []).filter(
    (taint) =>
      taint.effect !== "PreferNoSchedule" &&
      taint.key !== `${BY_KUBERNETES}unschedulable` &&
      !(spec?.tolerations ?? []).some((toleration) => tolerates(toleration, taint)),
  );
}

/** The same for a DaemonSet, whose pods tolerate all taints that Kubernetes sets by a node's state. */
export function untoleratedByDaemon(spec: PodSpec | undefined, node: Node): Taint[] {
  return untolerated(spec, node).filter(({ key }) => !key.startsWith(BY_KUBERNETES));
}

/** What the names of taints begin with that the node controller and kubelets set. */
export const BY_KUBERNETES = "node.kubernetes.io/";

function tolerates({ key, operator = "Equal", value = "", effect }: Toleration, taint: Taint): boolean {
  return (
    (!effect || effect === taint.effect) &&
    (!key || key === taint.key) &&
    (operator === "Exists" || (Boolean(key) && value === (taint.value ?? "")))
  );
}

export function taintText({ key, value, effect }: Taint): string {
  return `${key}${value ? `=${value}` : ""}:${effect}`;
}

export const GPU = "nvidia.com/gpu";

/** GPUs that a pod's containers ask for. */
export function gpusOf(spec: PodSpec | undefined): number {
  return (spec?.containers ?? []).reduce(
    (sum, { resources }) => sum + Number(resources?.limits?.[GPU] ?? resources?.requests?.[GPU] ?? 0),
    0,
  );
}

export function isReady({ metadata, status }: Node): boolean {
  return (
    metadata.deletionTimestamp === undefined &&
    (status?.conditions ?? []).some((each) => each.type === "Ready" && each.status === "True")
  );
}

export function isPodReady({ status }: Pod): boolean {
  return (status?.conditions ?? []).some((each) => each.type === "Ready" && each.status === "True");
}

/** Whether a pod has ended for good. */
export function isOver({ status }: Pod): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}
