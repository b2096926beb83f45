import type { ClusterView, PodSpec, StackPod } from "../stackPods.ts";
import type { Policy } from "./objects.ts";

interface ApiObject {
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: { kind: string; name: string }[];
  };
}

/** Lists of the API server, as GET answers them (or kubectl get -o json). */
export interface ApiObjects {
  namespaces: { items: ApiObject[] };
  pods: { items: (ApiObject & { spec: PodSpec; status?: { phase?: string; podIP?: string } })[] };
  networkPolicies: { items: (ApiObject & Pick<Policy, "spec">)[] };
}

/** Where the lists are. */
export const API_PATHS: Record<keyof ApiObjects, string> = {
  namespaces: "/api/v1/namespaces",
  pods: "/api/v1/pods",
  networkPolicies: "/apis/networking.k8s.io/v1/networkpolicies",
};

/**
 * A view of what really is in a cluster, to be judged by the tables of the stack. Pods that have ended are left out.
 * One pod stands for all with the same labels, by the name that the stack's tables have for it.
 *
 * @param nameOf what a pod is called in the table, without its namespace; undefined leaves it out
 */
export function liveView(
  { namespaces, pods, networkPolicies }: ApiObjects,
  nameOf: (pod: { namespace: string; labels: Record<string, string>; owner: string }) => string | undefined,
): ClusterView {
  const found = new Map<string, StackPod>();
  for (const { metadata, spec, status } of pods.items) {
    if (status?.phase === "Succeeded" || status?.phase === "Failed") continue;
    const { namespace = "default", labels = {} } = metadata;
    const owner = metadata.ownerReferences?.[0]?.name ?? metadata.name;
    const name = nameOf({ namespace, labels, owner });
    if (name === undefined) continue;
    found.set(`${namespace}/${name}`, {
      namespace,
      name,
      labels,
      hostNetwork: spec.hostNetwork ?? false,
      ports: [...(spec.initContainers ?? []), ...(spec.containers ?? [])].flatMap(({ ports }) => ports ?? []),
      spec,
    });
  }
  return {
    namespaces: new Map(
      namespaces.items.map(({ metadata: { name, labels = {}, annotations = {} } }) => [
        name,
        { labels, annotations },
      ]),
    ),
    pods: [...found.values()],
    policies: networkPolicies.items.map(({ metadata: { name, namespace = "default" }, spec }) => ({
      metadata: { name, namespace },
      spec,
    })),
  };
}
