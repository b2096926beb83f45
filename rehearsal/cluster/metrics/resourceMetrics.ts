import type { CoreV1Api, V1ObjectMeta, V1Pod } from "@kubernetes/client-node";
import { programName } from "../programName.ts";
import type { ApiGroup, Asked } from "./server.ts";
import type { Usage } from "./usage.ts";

/** Who uses how much, in the words of the resource metrics API. */
interface Consumer {
  metadata: Pick<V1ObjectMeta, "name" | "namespace" | "labels"> & { creationTimestamp: string };
  timestamp: string;
  window: string;
}

/** The calls that pods are found with. */
export type PodApi = Pick<CoreV1Api, "listPodForAllNamespaces" | "listNamespacedPod">;

/**
 * The API metrics.k8s.io, as metrics-server answers it: pods whose programs run here, with what those use. Of other
 * pods, and of those that have only just begun, there is nothing, as in a cluster whose kubelet hasn't told of them.
 * A node uses what its pods use.
 */
export function resourceMetrics(api: PodApi, usageOf: (program: string) => Usage | undefined): ApiGroup {
  const podsIn = async ({ namespace, name, labelSelector }: Asked): Promise<V1Pod[]> => {
    const { items } = namespace
      ? await api.listNamespacedPod({ namespace, ...(labelSelector ? { labelSelector } : {}) })
      : await api.listPodForAllNamespaces(labelSelector ? { labelSelector } : {});
    return items.filter(({ metadata }) => name === undefined || metadata?.name === name);
  };
  const pods = async (asked: Asked) =>
    (await podsIn(asked)).map((pod) => podMetrics(pod, usageOf)).filter((one) => one !== undefined);
  return {
    group: "metrics.k8s.io",
    versions: ["v1beta1"],
    resources: [
      { name: "nodes", singularName: "", namespaced: false, kind: "NodeMetrics", verbs: ["get", "list"] },
      { name: "pods", singularName: "", namespaced: true, kind: "PodMetrics", verbs: ["get", "list"] },
    ],
    async answer(asked) {
      if (asked.resource === "pods") {
        const items = await pods(asked);
        return asked.name === undefined ? list("PodMetrics", items) : only("PodMetrics", items);
      }
      const items = nodeMetrics(await podsIn({ resource: "pods" }), usageOf);
      const named = items.filter(({ metadata }) => asked.name === undefined || metadata.name === asked.name);
      return asked.name === undefined ? list("NodeMetrics", named) : only("NodeMetrics", named);
    },
  };
}

function podMetrics(pod: V1Pod, usageOf: (program: string) => Usage | undefined) {
  const used = (pod.spec?.containers ?? []).map((container) => ({
    name: container.name,
    usage: usageOf(programName(pod, container)),
  }));
  const known = used.filter((one): one is { name: string; usage: Usage } => one.usage !== undefined);
  const [first] = known;
  // A pod that is known in part would look as if it used less than it does.
  if (!first || known.length < used.length) {
    return undefined;
  }
  const { name = "", namespace = "", labels = {} } = pod.metadata ?? {};
  return {
    ...consumer({ name, namespace, labels }, first.usage),
    containers: known.map((one) => ({ name: one.name, usage: quantities([one.usage]) })),
  };
}

function nodeMetrics(pods: readonly V1Pod[], usageOf: (program: string) => Usage | undefined) {
  const byNode = Map.groupBy(pods, ({ spec }) => spec?.nodeName ?? "");
  return [...byNode].flatMap(([node, its]) => {
    const usages = its
      .flatMap((pod) => (pod.spec?.containers ?? []).map((container) => usageOf(programName(pod, container))))
      .filter((usage) => usage !== undefined);
    const [first] = usages;
    return node && first ? [{ ...consumer({ name: node }, first), usage: quantities(usages) }] : [];
  });
}

function consumer(
  metadata: Omit<Consumer["metadata"], "creationTimestamp">,
  { at, windowMs }: Usage,
): Consumer {
  const timestamp = at.toISOString().replace(/\.\d+/, "");
  return {
    metadata: { ...metadata, creationTimestamp: timestamp },
    timestamp,
    window: `${(windowMs / 1000).toFixed(3)}s`,
  };
}

/** As metrics-server writes them: nanocores and KiB. */
function quantities(usages: readonly Usage[]): { cpu: string; memory: string } {
  const sum = (of: (usage: Usage) => number) => usages.reduce((total, usage) => total + of(usage), 0);
  return {
    cpu: `${Math.round(sum(({ cores }) => cores) * 1e9)}n`,
    memory: `${Math.round(sum(({ bytes }) => bytes) / 1024)}Ki`,
  };
}

function list<T>(kind: string, items: readonly T[]) {
  return { kind: `${kind}List`, apiVersion: "metrics.k8s.io/v1beta1", metadata: {}, items };
}

function only<T>(kind: string, [item]: readonly T[]) {
  return item && { kind, apiVersion: "metrics.k8s.io/v1beta1", ...item };
}
