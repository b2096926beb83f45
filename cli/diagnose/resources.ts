import type { Condition, KubeObject, LabelSelector, PodSpec, Volume } from "./objects.ts";

/** The kinds that this command explains, with what stands beside them, as far as a cause looks at them. */

interface WithConditions extends KubeObject {
  status?: { conditions?: Condition[]; observedGeneration?: number };
}

/** An image, URLs or a volume. Source: DataSource in api/v1beta1/workspace_types.go of KAITO 0.11.0. */
export interface DataSource {
  name?: string;
  urls?: string[];
  image?: string;
  imagePullSecrets?: string[];
  volumeSource?: Omit<Volume, "name">;
}

/** `inference` of a Workspace and of an InferenceSet's template. */
export interface Inference {
  preset?: { name: string; presetOptions?: { modelAccessSecret?: string } };
  template?: { spec?: PodSpec };
  config?: string;
  adapters?: { source?: DataSource }[];
}

/** `kaito.sh/v1beta1` Workspace: it has no `spec`. */
export interface Workspace extends WithConditions {
  resource?: { instanceType?: string; labelSelector?: LabelSelector };
  inference?: Inference;
  tuning?: {
    preset?: { name: string };
    method?: string;
    config?: string;
    input?: DataSource;
    output?: { image?: string; imagePushSecret?: string; volumeSource?: Omit<Volume, "name"> };
  };
  status?: {
    conditions?: Condition[];
    observedGeneration?: number;
    state?: string;
    targetNodeCount?: number;
    workerNodes?: string[];
  };
}

export interface InferenceSet extends WithConditions {
  spec?: {
    replicas?: number;
    labelSelector?: LabelSelector;
    template?: { resource?: { instanceType?: string }; inference?: Inference };
  };
  status?: {
    conditions?: Condition[];
    observedGeneration?: number;
    replicas?: number;
    readyReplicas?: number;
  };
}

export interface RagEngine extends WithConditions {
  spec?: {
    compute?: { instanceType?: string; labelSelector?: LabelSelector };
    storage?: { persistentVolume?: { persistentVolumeClaim?: string }; vectorDB?: { accessSecret?: string } };
    embedding?: {
      local?: { modelID?: string; modelAccessSecret?: string };
      remote?: { url?: string; accessSecret?: string };
    };
    inferenceService?: { url?: string; accessSecret?: string };
    guardrails?: { enabled?: boolean; configMapRef?: { name?: string } };
  };
}

/** `kagent.dev/v1alpha1` MCPServer of KMCP 0.3.0. */
export interface McpServer extends WithConditions {
  spec?: {
    transportType?: string;
    httpTransport?: { path?: string };
    deployment?: {
      image?: string;
      cmd?: string;
      replicas?: number;
      port?: number;
      secretRefs?: { name?: string }[];
      configMapRefs?: { name?: string }[];
    };
  };
}

/** `karpenter.sh/v1` NodeClaim: a node that KAITO or Karpenter wants. */
export interface NodeClaim extends KubeObject {
  spec?: { requirements?: { key: string; values?: string[] }[] };
  status?: { nodeName?: string; conditions?: Condition[] };
}

export interface Claim extends KubeObject {
  spec?: { storageClassName?: string; accessModes?: string[]; volumeName?: string };
  status?: { phase?: string };
}

export interface StorageClass extends KubeObject {
  provisioner?: string;
  volumeBindingMode?: string;
}

export interface Service extends KubeObject {
  spec?: { selector?: Record<string, string>; ports?: { port: number; targetPort?: number | string }[] };
}

export interface EndpointSlice extends KubeObject {
  endpoints?: { addresses?: string[]; conditions?: { ready?: boolean } }[] | null;
}

/** A peer or a port list of a NetworkPolicy. */
export interface PolicyPeer {
  podSelector?: LabelSelector;
  namespaceSelector?: LabelSelector;
  ipBlock?: { cidr: string; except?: string[] };
}

export interface PolicyPort {
  protocol?: string;
  port?: number | string;
  endPort?: number;
}

export interface NetworkPolicy extends KubeObject {
  spec?: {
    podSelector?: LabelSelector;
    policyTypes?: string[];
    ingress?: { from?: PolicyPeer[]; ports?: PolicyPort[] }[];
    egress?: { to?: PolicyPeer[]; ports?: PolicyPort[] }[];
  };
}

export interface WebhookConfiguration extends KubeObject {
  webhooks?: {
    name: string;
    failurePolicy?: string;
    clientConfig?: { url?: string; service?: { name: string; namespace: string; port?: number } };
  }[];
}

export interface ResourceQuota extends KubeObject {
  status?: { hard?: Record<string, string>; used?: Record<string, string> };
}

export interface Namespace extends KubeObject {
  status?: { phase?: string; conditions?: Condition[] };
}
