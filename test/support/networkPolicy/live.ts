import { type PodSpec, type StackPod, templatePod } from "../stackPods/pod.ts";
import type { ClusterView } from "../stackPods.ts";
import type { Policy } from "./objects.ts";

interface ApiObject {
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
}

/** Lists of the API server, as GET answers them (or kubectl get -o json). */
export interface ApiObjects {
  namespaces: { items: ApiObject[] };
  pods: { items: (ApiObject & { spec: PodSpec; status?: { phase?: string } })[] };
  networkPolicies: { items: (ApiObject & Pick<Policy, "spec">)[] };
}

/** Where the lists are. */
export const API_PATHS: Record<keyof ApiObjects, string> = {
  namespaces: "/api/v1/namespaces",
  pods: "/api/v1/pods",
  networkPolicies: "/apis/networking.k8s.io/v1/networkpolicies",
};

/** Reads the lists by GET, from any client of the API. */
export async function readLive(get: (path: string) => Promise<unknown>): Promise<ApiObjects> {
  const entries = Object.entries(API_PATHS).map(async ([key, path]) => [key, await get(path)] as const);
  return Object.fromEntries(await Promise.all(entries)) as unknown as ApiObjects;
}

/**
 * What really is in some namespaces of a cluster, to be judged by the stack's tables as what a program registers.
 * Pods that have ended are left out.
 */
export function liveView(
  { namespaces, pods, networkPolicies }: ApiObjects,
  ours: readonly string[],
): ClusterView {
  return {
    namespaces: new Map(
      namespaces.items.flatMap(({ metadata: { name, labels = {}, annotations = {} } }) =>
        ours.includes(name) ? [[name, { labels, annotations }] as const] : [],
      ),
    ),
    pods: pods.items.flatMap(({ metadata, spec, status }): StackPod[] => {
      const { name, namespace = "default", labels = {} } = metadata;
      const over = status?.phase === "Succeeded" || status?.phase === "Failed";
      return over || !ours.includes(namespace)
        ? []
        : [templatePod(namespace, name, { metadata: { labels }, spec })];
    }),
    policies: networkPolicies.items.map(({ metadata: { name, namespace = "default" }, spec }) => ({
      metadata: { name, namespace },
      spec,
    })),
  };
}
