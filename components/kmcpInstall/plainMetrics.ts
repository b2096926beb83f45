import type * as pulumi from "@pulumi/pulumi";

// biome-ignore lint/suspicious/noExplicitAny: whatever a chart renders.
type Props = Record<string, any>;

/**
 * Makes the controller serve its metrics as plain HTTP. With TLS, its own default, it has a certificate of its own
 * making, and asks of the reader a token of a service account that may read metrics: the agent of managed Prometheus
 * would show its own to a server that it can't tell from another, and that token may read every Secret of the cluster.
 * The chart has no value for it: `controller.metrics.secureServing` of its values.yaml is read by no template.
 *
 * Source: helm/kmcp/templates/_helpers.tpl and `metrics-secure` in pkg/app/app.go of KMCP 0.3.0; the agent's rights in
 * templates/ama-metrics-clusterRole.yaml of Azure/prometheus-collector, 39583fd50.
 */
export const plainMetrics: pulumi.ResourceTransform = ({ type, props, opts }) => {
  if (type !== "kubernetes:apps/v1:Deployment") return undefined;
  const { spec } = props as Props;
  const containers = (spec.template.spec.containers as Props[]).map((container) => ({
    ...container,
    args: [...(container["args"] ?? []), "--metrics-secure=false"],
  }));
  const template = { ...spec.template, spec: { ...spec.template.spec, containers } };
  return { props: { ...props, spec: { ...spec, template } }, opts };
};
