import type { ContainerResources } from "../resources.ts";

/**
 * The version of cert-manager, of chart and images.
 * Source: https://github.com/cert-manager/cert-manager/releases/tag/v1.21.2 (the tag without its "v")
 */
export const CERT_MANAGER_VERSION = "1.21.2";

/** Where cert-manager publishes its chart. Source: https://cert-manager.io/docs/installation/helm */
export const CERT_MANAGER_CHART = "oci://quay.io/jetstack/charts/cert-manager";

/** Name of the release, which the names and labels of its objects come from. */
export const RELEASE = "cert-manager";

/** Ours, because the chart asks for nothing; measured, see docs/sizing.md. */
export const DEFAULT_CERT_MANAGER_RESOURCES: ContainerResources = {
  requests: { cpu: "10m", memory: "96Mi" },
  limits: { memory: "256Mi" },
};

/** What the values depend on. */
export interface CertManagerValuesArgs {
  namespace: string;
  keepCrds: boolean;
  resources: ContainerResources;
  replicas: number;
  imageRegistry?: string;
  imagePullSecrets?: string[];
  nodeSelector?: Record<string, string>;
}

/**
 * Waits until the certificate authority that the API server checks the webhook by is written down; and keeps AKS's
 * admissions enforcer away, which else takes over the webhooks' namespaceSelector, so that the next version couldn't be
 * applied for a conflict. The webhooks see nothing but cert-manager's own kinds.
 * Sources: https://github.com/Azure/AKS/issues/4002; https://learn.microsoft.com/azure/aks/faq
 */
const WEBHOOK_ANNOTATIONS = {
  "pulumi.com/waitFor": "jsonpath={.webhooks[0].clientConfig.caBundle}",
  "admissions.enforcer/disabled": "true",
};

/**
 * The values of the chart, and only such as its templates read (deploy/charts/cert-manager of the tag).
 *
 * Its Job that waits for the API is a hook, which a Chart doesn't run; the wait is at the webhooks' configurations
 * instead. The lease is in its own namespace, where the chart would have it in kube-system. The security contexts
 * repeat the chart's own, which meet the restricted standard.
 */
export function certManagerValues(args: CertManagerValuesArgs) {
  const { namespace, resources, replicas, nodeSelector } = args;
  const pods = {
    replicaCount: replicas,
    resources,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    containerSecurityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      readOnlyRootFilesystem: true,
    },
    nodeSelector: { "kubernetes.io/os": "linux", ...nodeSelector },
    podDisruptionBudget: { enabled: replicas > 1 },
  };
  return {
    ...pods,
    global: {
      leaderElection: { namespace },
      imagePullSecrets: (args.imagePullSecrets ?? []).map((name) => ({ name })),
    },
    ...(args.imageRegistry !== undefined && { imageRegistry: args.imageRegistry }),
    crds: { enabled: true, keep: args.keepCrds },
    config: {
      apiVersion: "controller.config.cert-manager.io/v1alpha1",
      kind: "ControllerConfiguration",
      gatewayAPI: { enabled: true },
    },
    webhook: {
      ...pods,
      mutatingWebhookConfigurationAnnotations: WEBHOOK_ANNOTATIONS,
      validatingWebhookConfigurationAnnotations: WEBHOOK_ANNOTATIONS,
    },
    cainjector: pods,
    startupapicheck: { enabled: false },
  };
}
