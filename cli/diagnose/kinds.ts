import type { KubeEvent, Node, Pod, Workload } from "./objects.ts";
import type {
  Claim,
  EndpointSlice,
  InferenceSet,
  McpServer,
  Namespace,
  NetworkPolicy,
  NodeClaim,
  RagEngine,
  ResourceQuota,
  Service,
  StorageClass,
  WebhookConfiguration,
  Workspace,
} from "./resources.ts";

/** Everything that is listed, under the name that the API has for it. */
export interface Kinds {
  namespaces: Namespace;
  nodes: Node;
  pods: Pod;
  events: KubeEvent;
  services: Service;
  persistentvolumeclaims: Claim;
  resourcequotas: ResourceQuota;
  deployments: Workload;
  statefulsets: Workload;
  daemonsets: Workload;
  replicasets: Workload;
  jobs: Workload;
  networkpolicies: NetworkPolicy;
  endpointslices: EndpointSlice;
  storageclasses: StorageClass;
  validatingwebhookconfigurations: WebhookConfiguration;
  workspaces: Workspace;
  inferencesets: InferenceSet;
  ragengines: RagEngine;
  mcpservers: McpServer;
  nodeclaims: NodeClaim;
}

export type KindKey = keyof Kinds;

/** Where a kind is in the API. */
export interface KindPlace {
  /** "" is the core group. */
  group: string;
  version: string;
  namespaced: boolean;
  /** As kubectl takes it before a slash. */
  singular: string;
}

const core = (singular: string, namespaced = true): KindPlace => ({
  group: "",
  version: "v1",
  namespaced,
  singular,
});
const of = (group: string, version: string, singular: string, namespaced = true): KindPlace => ({
  group,
  version,
  namespaced,
  singular,
});

export const kinds: Readonly<Record<KindKey, KindPlace>> = {
  namespaces: core("namespace", false),
  nodes: core("node", false),
  pods: core("pod"),
  events: core("event"),
  services: core("service"),
  persistentvolumeclaims: core("persistentvolumeclaim"),
  resourcequotas: core("resourcequota"),
  deployments: of("apps", "v1", "deployment"),
  statefulsets: of("apps", "v1", "statefulset"),
  daemonsets: of("apps", "v1", "daemonset"),
  replicasets: of("apps", "v1", "replicaset"),
  jobs: of("batch", "v1", "job"),
  networkpolicies: of("networking.k8s.io", "v1", "networkpolicy"),
  endpointslices: of("discovery.k8s.io", "v1", "endpointslice"),
  storageclasses: of("storage.k8s.io", "v1", "storageclass", false),
  validatingwebhookconfigurations: of(
    "admissionregistration.k8s.io",
    "v1",
    "validatingwebhookconfiguration",
    false,
  ),
  workspaces: of("kaito.sh", "v1beta1", "workspace"),
  inferencesets: of("kaito.sh", "v1beta1", "inferenceset"),
  ragengines: of("kaito.sh", "v1beta1", "ragengine"),
  mcpservers: of("kagent.dev", "v1alpha1", "mcpserver"),
  nodeclaims: of("karpenter.sh", "v1", "nodeclaim", false),
};

export const kindKeys = Object.keys(kinds) as KindKey[];

/** The path of a kind's list, in one namespace or in all. */
export function listPath(kind: KindKey, namespace?: string): string {
  const { group, version } = kinds[kind];
  const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  return `${root}/${namespace === undefined ? "" : `namespaces/${encodeURIComponent(namespace)}/`}${kind}`;
}
