import type { Registered } from "./mocks.ts";
import { type Policy, policiesOf } from "./networkPolicy.ts";
import { chartPods } from "./stackPods/charts.ts";
import { CONTROLLED } from "./stackPods/controllers.ts";
import { type StackPod, templatePod } from "./stackPods/pod.ts";

export type { Container, PodSpec, StackPod } from "./stackPods/pod.ts";

/** What of a stack or of a cluster decides who may call whom, and what pods may do. */
export interface ClusterView {
  /** Labels and annotations by namespace. */
  namespaces: Map<string, { labels: Record<string, string>; annotations: Record<string, string> }>;
  pods: StackPod[];
  policies: Policy[];
}

/** Kinds that make no pods. */
const WITHOUT_PODS =
  /^kubernetes:(core\/v1:(ConfigMap|LimitRange|Namespace|PersistentVolumeClaim|ResourceQuota|Secret|Service|ServiceAccount)|apps\/v1:DeploymentPatch|autoscaling\/v2:HorizontalPodAutoscaler|cert-manager\.io\/v1:ClusterIssuer|gateway\.networking\.k8s\.io\/v1:HTTPRoute|networking\.k8s\.io\/v1:NetworkPolicy|policy\/v1:PodDisruptionBudget|rbac\.authorization\.k8s\.io\/v1:\w+)$/;

const TEMPLATES: Record<string, string[]> = {
  "kubernetes:apps/v1:Deployment": ["spec", "template"],
  "kubernetes:apps/v1:StatefulSet": ["spec", "template"],
  "kubernetes:apps/v1:DaemonSet": ["spec", "template"],
  "kubernetes:batch/v1:Job": ["spec", "template"],
  "kubernetes:batch/v1:CronJob": ["spec", "jobTemplate", "spec", "template"],
  "kubernetes:core/v1:Pod": [],
};

/** What a program registers, with every pod that comes of it. */
export function viewOf(resources: readonly Registered[]): ClusterView {
  const namespaces = resources
    .filter(({ type }) => type === "kubernetes:core/v1:Namespace")
    .map(({ inputs: { metadata } }) => {
      const { labels = {}, annotations = {} } = metadata;
      return [metadata.name as string, { labels, annotations }] as const;
    });
  return {
    namespaces: new Map(namespaces),
    pods: resources.flatMap(podsOf),
    policies: policiesOf(resources),
  };
}

function podsOf({ type, inputs }: Registered): StackPod[] {
  if (!type.startsWith("kubernetes:") || WITHOUT_PODS.test(type)) return [];
  const controlled = CONTROLLED[type.replace(/^kubernetes:|\/v\w+(?=:)/g, "")];
  if (controlled) return controlled(inputs);
  if (type === "kubernetes:helm.sh/v4:Chart") return chartPods(inputs);
  const keys = TEMPLATES[type];
  // A kind that nobody knows would be one that nobody judges.
  if (keys === undefined) throw new Error(`nobody knows whether ${type} makes pods`);
  const { name, namespace } = inputs.metadata;
  const template = keys.reduce((value, key) => value[key], inputs);
  return [templatePod(namespace, name, template)];
}
