import { type StackPod, templatePod } from "./pod.ts";

// biome-ignore lint/suspicious/noExplicitAny: whatever a resource has.
type Inputs = any;

/**
 * The pods that controllers make of their own resources: with the labels that they give them, and with what of the pod
 * the resource says; by group and kind, whatever the version. What is really in a cluster is judged by the same tables (see live.ts).
 */
export const CONTROLLED: Record<string, (inputs: Inputs) => StackPod[]> = {
  /** Source: internal/transportadapter in kmcp v0.3.0. */
  "kagent.dev:MCPServer": ({ metadata, spec }) => {
    const { deployment, transportType } = spec;
    const labels = {
      ...deployment.labels,
      "app.kubernetes.io/name": metadata.name,
      "app.kubernetes.io/instance": metadata.name,
      "app.kubernetes.io/managed-by": "kmcp",
    };
    const { securityContext, volumes, sidecars = [], port = 3000, initContainer } = deployment;
    return [
      templatePod(metadata.namespace, metadata.name, {
        metadata: { labels },
        spec: {
          securityContext: deployment.podSecurityContext,
          volumes,
          initContainers:
            transportType === "stdio"
              ? [{ name: "copy-binary", securityContext: initContainer?.securityContext ?? securityContext }]
              : [],
          containers: [
            { name: "mcp-server", securityContext, ports: [{ name: "http", containerPort: port }] },
            ...sidecars,
          ],
        },
      }),
    ];
  },
  /** Source: GenerateStatefulSetManifest and GenerateTuningJobManifest, pkg/workspace/manifests, KAITO v0.11.0. */
  "kaito.sh:Workspace": ({ metadata }) => [kaitoPod(metadata, { "kaito.sh/workspace": metadata.name })],
  /** Source: the same; a set makes Workspaces of names of its own. */
  "kaito.sh:InferenceSet": ({ metadata }) => [
    kaitoPod(metadata, {
      "kaito.sh/workspace": `${metadata.name}-0`,
      "inferenceset.kaito.sh/created-by": metadata.name,
    }),
  ],
  /** Source: GenerateRAGDeploymentManifest, pkg/ragengine/manifests, KAITO v0.11.0. */
  "kaito.sh:RAGEngine": ({ metadata }) => [kaitoPod(metadata, { "kaito.sh/ragengine": metadata.name })],
  /** Source: files/kube-gateway.yaml of istio-discovery; other classes run nothing in the cluster. */
  "gateway.networking.k8s.io:Gateway": ({ metadata, spec }) =>
    /istio/.test(spec.gatewayClassName)
      ? [
          {
            namespace: metadata.namespace,
            name: metadata.name,
            labels: { "gateway.networking.k8s.io/gateway-name": metadata.name },
            ports: [15020, 15021, 15090].map((containerPort) => ({ containerPort })),
          },
        ]
      : [],
  /** While an ACME issuer asks. Source: pkg/issuer/acme/http/pod.go of cert-manager v1.21.2. */
  "cert-manager.io:Certificate": ({ metadata }) => [
    {
      namespace: metadata.namespace,
      name: `acme-${metadata.name}`,
      labels: { "acme.cert-manager.io/http01-solver": "true" },
      ports: [{ name: "http", containerPort: 8089 }],
    },
  ],
};

/** All of KAITO's pods serve on one port; they run as root, with no security context. */
function kaitoPod({ namespace, name }: { namespace: string; name: string }, labels: Record<string, string>) {
  const spec = { containers: [{ name, ports: [{ containerPort: 5000 }] }] };
  return templatePod(namespace, name, { metadata: { labels }, spec });
}
