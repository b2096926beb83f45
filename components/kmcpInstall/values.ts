import type { ContainerResources } from "../resources.ts";

/**
 * The version of KMCP: of both charts, and of the controller's image.
 * Source: https://github.com/kagent-dev/kmcp/releases/tag/v0.3.0 (the tag without its "v")
 */
export const KMCP_VERSION = "0.3.0";

/** Where KMCP publishes its charts. Source: `helm-publish` in the Makefile of the same tag. */
export const KMCP_CHART_REPOSITORY = "oci://ghcr.io/kagent-dev/kmcp/helm";

/** The chart's own figures, kept here so that a mirror's can't take their place. */
export const DEFAULT_CONTROLLER_RESOURCES: ContainerResources = {
  requests: { cpu: "10m", memory: "64Mi" },
  limits: { cpu: "500m", memory: "128Mi" },
};

/** What the values of the controller chart depend on. */
export interface KmcpValuesArgs {
  namespace: string;
  version: string;
  watchNamespaces: string[];
  resources: ContainerResources;
  replicas: number;
  imageRepository?: string;
  imagePullSecrets?: string[];
  transportAdapterVersion?: string;
  nodeSelector?: Record<string, string>;
  /** Port of the metrics instead of the chart's. */
  metricsPort?: number;
}

/**
 * The values of the kmcp chart, and only such as its templates read (helm/kmcp/values.yaml of the tag).
 *
 * The security contexts repeat the chart's own, which meet the restricted standard, so that a mirrored chart with
 * other defaults can't be refused by the namespace. When namespaces are watched the chart insists on its own
 * being among them.
 */
export function kmcpValues(args: KmcpValuesArgs) {
  return {
    image: {
      ...(args.imageRepository ? { repository: args.imageRepository } : {}),
      tag: args.version,
    },
    imagePullSecrets: (args.imagePullSecrets ?? []).map((name) => ({ name })),
    controller: {
      replicaCount: args.replicas,
      leaderElection: { enabled: true },
      env: args.transportAdapterVersion
        ? [{ name: "TRANSPORT_ADAPTER_VERSION", value: args.transportAdapterVersion }]
        : [],
      ...(args.metricsPort === undefined
        ? {}
        : { metrics: { enabled: true, bindAddress: `:${args.metricsPort}` } }),
    },
    podSecurityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    resources: args.resources,
    nodeSelector: args.nodeSelector ?? {},
    rbac: {
      namespaces:
        args.watchNamespaces.length === 0
          ? []
          : [...new Set([args.namespace, ...args.watchNamespaces])].sort(),
    },
  };
}
