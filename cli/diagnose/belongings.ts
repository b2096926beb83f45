import type { Cluster } from "./cluster.ts";
import { hasLabels, selects } from "./matching.ts";
import type { LabelSelector, Pod, Workload } from "./objects.ts";
import type { OwnedWorkload, Subject } from "./subject.ts";

/** Labels that KAITO ignores. Source: reservedSelectorLabelKeys in api/v1beta1/labels.go of KAITO 0.11.0. */
const RESERVED = /^(kaito\.sh\/(workspace|ragengine)(namespace)?|karpenter\.kaito\.sh\/.+)$/;

export function onNodes(
  cluster: Cluster,
  selector: LabelSelector | undefined,
): Pick<Subject, "selector" | "nodes"> {
  const labels = Object.entries(selector?.matchLabels ?? {}).filter(([key]) => !RESERVED.test(key));
  if (labels.length === 0) return {};
  const wanted = Object.fromEntries(labels);
  return {
    selector: wanted,
    nodes: cluster.list("nodes")?.filter(({ metadata }) => hasLabels(metadata.labels, wanted)),
  };
}

export function deploymentPods(cluster: Cluster, deployment: Workload | null | undefined): Pod[] {
  const selector = deployment?.spec?.selector;
  if (!selector) return [];
  return podsOf(cluster, deployment.metadata.namespace ?? "", (pod) =>
    selects(selector, pod.metadata.labels),
  );
}

export function podsOf(cluster: Cluster, namespace: string, mine: (pod: Pod) => boolean): Pod[] {
  return cluster
    .seen("pods")
    .filter((pod) => pod.metadata.namespace === namespace && !pod.metadata.deletionTimestamp && mine(pod))
    .sort((a, b) => (b.metadata.creationTimestamp ?? "").localeCompare(a.metadata.creationTimestamp ?? ""));
}

export function owned(
  kind: OwnedWorkload["kind"],
  object: Workload | null | undefined,
): OwnedWorkload | null | undefined {
  return object ? { kind, object } : object;
}
