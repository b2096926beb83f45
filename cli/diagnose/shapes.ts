import type { KindKey, Kinds } from "./kinds.ts";
import {
  conditions,
  containerStatus,
  keep,
  metadata,
  podSpec,
  type Shape,
  text,
  url,
  urls,
  volume,
} from "./shape.ts";

const workload: Shape = {
  metadata,
  spec: {
    replicas: true,
    backoffLimit: true,
    selector: true,
    template: { metadata: { labels: true }, spec: podSpec },
  },
  status: {
    observedGeneration: true,
    replicas: true,
    updatedReplicas: true,
    readyReplicas: true,
    availableReplicas: true,
    desiredNumberScheduled: true,
    numberReady: true,
    active: true,
    ready: true,
    succeeded: true,
    failed: true,
    startTime: true,
    completionTime: true,
    conditions,
  },
};

const source: Shape = { name: true, urls, image: true, imagePullSecrets: true, volumeSource: volume };

const inference: Shape = {
  preset: { name: true, presetOptions: { modelAccessSecret: true } },
  template: { spec: podSpec },
  config: true,
  adapters: { source },
};

const status: Shape = { conditions, observedGeneration: true };

/**
 * What a snapshot holds of each kind. Whatever isn't named never gets into it: neither environment variables nor
 * arguments nor the annotation in which kubectl keeps what was applied.
 */
const shapes: Readonly<Record<KindKey, Shape>> = {
  namespaces: { metadata, status: { phase: true, conditions } },
  nodes: {
    metadata,
    spec: { unschedulable: true, taints: true },
    status: { conditions, capacity: true, allocatable: true },
  },
  pods: {
    metadata,
    spec: podSpec,
    status: {
      phase: true,
      reason: true,
      message: text,
      startTime: true,
      conditions,
      initContainerStatuses: containerStatus,
      containerStatuses: containerStatus,
    },
  },
  events: {
    metadata,
    involvedObject: true,
    reason: true,
    message: text,
    type: true,
    count: true,
    series: true,
    lastTimestamp: true,
    eventTime: true,
    firstTimestamp: true,
  },
  services: { metadata, spec: { selector: true, ports: true } },
  persistentvolumeclaims: {
    metadata,
    spec: { storageClassName: true, accessModes: true, volumeName: true },
    status: { phase: true },
  },
  resourcequotas: { metadata, status: { hard: true, used: true } },
  deployments: workload,
  statefulsets: workload,
  daemonsets: workload,
  replicasets: workload,
  jobs: workload,
  networkpolicies: { metadata, spec: true },
  endpointslices: { metadata, endpoints: { addresses: true, conditions: true } },
  storageclasses: { metadata, provisioner: true, volumeBindingMode: true },
  validatingwebhookconfigurations: {
    metadata,
    webhooks: { name: true, failurePolicy: true, clientConfig: { url, service: true } },
  },
  workspaces: {
    metadata,
    resource: true,
    inference,
    tuning: {
      preset: { name: true },
      method: true,
      config: true,
      input: source,
      output: { image: true, imagePushSecret: true, volumeSource: volume },
    },
    status: {
      conditions,
      observedGeneration: true,
      state: true,
      targetNodeCount: true,
      workerNodes: true,
    },
  },
  inferencesets: {
    metadata,
    spec: { replicas: true, labelSelector: true, template: { resource: true, inference } },
    status: { conditions, observedGeneration: true, replicas: true, readyReplicas: true },
  },
  ragengines: {
    metadata,
    spec: {
      compute: true,
      storage: { persistentVolume: true, vectorDB: { accessSecret: true } },
      embedding: {
        local: { modelID: true, modelAccessSecret: true },
        remote: { url, accessSecret: true },
      },
      inferenceService: { url, accessSecret: true },
      guardrails: true,
    },
    status,
  },
  mcpservers: {
    metadata,
    spec: {
      transportType: true,
      httpTransport: { path: true },
      deployment: {
        image: true,
        cmd: true,
        replicas: true,
        port: true,
        secretRefs: true,
        configMapRefs: true,
      },
    },
    status,
  },
  nodeclaims: { metadata, spec: { requirements: true }, status: { nodeName: true, conditions } },
};

/** An object of the API with only what a snapshot holds. */
export function shaped<K extends KindKey>(kind: K, object: unknown): Kinds[K] {
  return keep(shapes[kind], object) as Kinds[K];
}
