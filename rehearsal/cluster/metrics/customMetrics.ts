import type { CoreV1Api } from "@kubernetes/client-node";
import type { ApiGroup } from "./server.ts";

/** The calls that an adapter finds pods with. */
export type PodApi = Pick<CoreV1Api, "listNamespacedPod">;

/** A series of a query's answer: its labels, and the time and value of its last sample. */
export interface Sampled {
  labels: Readonly<Record<string, string>>;
  at: Date;
  value: number;
}

/** Asks Prometheus for the present values of an expression. */
export type Query = (expression: string) => Promise<Sampled[]>;

/** Metrics of pods, each with its expression: one value for each `namespace` and `pod`. */
export const podMetricQueries: Readonly<Record<string, string>> = {
  // A rate needs two scrapes at least; in a cluster, where these are further apart, it is taken over minutes.
  mcp_guard_calls_per_second: "sum by (namespace, pod) (rate(mcp_guard_calls_total[30s]))",
};

/**
 * The API custom.metrics.k8s.io, as prometheus-adapter answers it with a rule for each of the metrics: of the pods
 * that are asked for those that Prometheus knows a value of.
 * Source: pkg/custom-provider/provider.go of kubernetes-sigs/prometheus-adapter.
 */
export function customMetrics(api: PodApi, query: Query): ApiGroup {
  const names = Object.keys(podMetricQueries);
  return {
    group: "custom.metrics.k8s.io",
    versions: ["v1beta2", "v1beta1"],
    resources: names.map((name) => ({
      ...{
        name: `pods/${name}`,
        singularName: "",
        namespaced: true,
        kind: "MetricValueList",
        verbs: ["get"],
      },
    })),
    async answer({ version, namespace, resource, name, subresource = "", labelSelector }) {
      const expression = podMetricQueries[subresource];
      if (resource !== "pods" || namespace === undefined || name === undefined || expression === undefined) {
        return undefined;
      }
      const [{ items: pods }, samples] = await Promise.all([
        api.listNamespacedPod({ namespace, ...(labelSelector ? { labelSelector } : {}) }),
        query(expression),
      ]);
      const items = pods
        .map(({ metadata }) => metadata?.name ?? "")
        .filter((pod) => name === "*" || name === pod)
        .flatMap((pod) => {
          const sample = samples.find(
            ({ labels }) => labels["namespace"] === namespace && labels["pod"] === pod,
          );
          const described = { kind: "Pod", namespace, name: pod, apiVersion: "/v1" };
          const metric =
            version === "v1beta1"
              ? { metricName: subresource, selector: null }
              : { metric: { name: subresource, selector: null } };
          const timestamp = sample?.at.toISOString().replace(/\.\d+/, "");
          const value = `${Math.round((sample?.value ?? 0) * 1000)}m`;
          return sample ? [{ describedObject: described, ...metric, timestamp, value }] : [];
        });
      // The adapter knows a metric by its series: while there is none in the whole cluster there is no such metric.
      const isKnown = samples.length > 0 && (name === "*" || items.length > 0);
      return isKnown
        ? { kind: "MetricValueList", apiVersion: `custom.metrics.k8s.io/${version}`, metadata: {}, items }
        : undefined;
    },
  };
}
