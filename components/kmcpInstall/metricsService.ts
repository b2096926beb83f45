import type * as pulumi from "@pulumi/pulumi";

/**
 * Doesn't wait for the chart's one Service, by which metrics are read and nothing that is made here: pulumi-kubernetes
 * waits ten seconds after a Service's endpoints have changed, and all MCP servers would wait for that. Its Deployment is
 * waited for.
 *
 * Source: processEndpointEvent in provider/pkg/await/service.go of pulumi/pulumi-kubernetes 4.25.0.
 */
export const metricsService: pulumi.ResourceTransform = ({ type, props, opts }) => {
  if (type !== "kubernetes:core/v1:Service") return undefined;
  const { metadata } = props;
  const annotations = { ...metadata?.annotations, "pulumi.com/skipAwait": "true" };
  return { props: { ...props, metadata: { ...metadata, annotations } }, opts };
};
