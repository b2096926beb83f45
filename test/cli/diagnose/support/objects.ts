import { ago, type Scene, type Served } from "./snapshots.ts";

type Labels = Record<string, string>;

export const POOL: Labels = { "mcpaas.dev/pool": "gpu" };
export const TAINT = { key: "sku", value: "gpu", effect: "NoSchedule" };

/** The labels of GPU feature discovery on an A100 node. */
export const A100: Labels = {
  "nvidia.com/gpu.product": "NVIDIA-A100-80GB-PCIe",
  "nvidia.com/gpu.count": "1",
  "nvidia.com/gpu.memory": "81920",
  "nvidia.com/cuda.compute.major": "8",
  "nvidia.com/cuda.compute.minor": "0",
};

export interface NodeOptions {
  labels?: Labels;
  gpus?: string;
  capacity?: string;
  ready?: "True" | "False" | "Unknown";
  taints?: object[];
  unschedulable?: boolean;
}

export function node(name: string, options: NodeOptions = {}): Served {
  const { labels = {}, gpus, capacity = gpus, ready = "True", taints, unschedulable } = options;
  const quantities = (gpu: string | undefined) => ({
    cpu: "24",
    memory: "220Gi",
    ...(gpu === undefined ? {} : { "nvidia.com/gpu": gpu }),
  });
  return {
    metadata: { name, labels: { "kubernetes.io/os": "linux", ...labels } },
    spec: { ...(taints ? { taints } : {}), ...(unschedulable ? { unschedulable } : {}) },
    status: {
      capacity: quantities(capacity),
      allocatable: quantities(gpus),
      conditions: [
        ready === "True"
          ? {
              type: "Ready",
              status: "True",
              reason: "KubeletReady",
              message: "kubelet is posting ready status",
            }
          : {
              type: "Ready",
              status: ready,
              reason: "NodeStatusUnknown",
              message: "Kubelet stopped posting node status.",
              lastTransitionTime: ago(7),
            },
      ],
    },
  };
}

/** A node of the GPU pool on which all is well. */
export function gpuNode(name = "aks-gpu-0", options: NodeOptions = {}): Served {
  return node(name, {
    gpus: "1",
    taints: [TAINT],
    ...options,
    labels: {
      ...POOL,
      agentpool: "gpu",
      "node.kubernetes.io/instance-type": "Standard_NC24ads_A100_v4",
      ...A100,
      ...options.labels,
    },
  });
}

export function condition(type: string, status: string, reason = "", message = "", observedGeneration = 1) {
  return { type, status, reason, message, observedGeneration, lastTransitionTime: ago(12) };
}

/** What KAITO 0.11.0 says of a Workspace whose pods aren't ready; see applyInferenceWorkspaceStatus. */
export const PENDING = [
  condition("NodesReady", "True", "NodesReady", "Enough Nodes are ready"),
  condition("ResourceReady", "True", "workspaceResourceStatusSuccess", "workspace resource is ready"),
  condition("InferenceReady", "False", "WorkspaceInferenceStatusPending", "Inference workload is not ready"),
  condition(
    "WorkspaceSucceeded",
    "False",
    "workspacePending",
    "workspace is waiting for inference workload readiness",
  ),
];

const meta = (name: string, namespace: string, more: object = {}) => ({
  name,
  namespace,
  uid: `uid-${name}`,
  generation: 1,
  creationTimestamp: ago(20),
  ...more,
});

export interface WorkspaceOptions {
  preset?: string;
  secret?: string;
  conditions?: object[];
  selector?: Labels;
  instanceType?: string;
  targetNodeCount?: number;
  metadata?: object;
  inference?: object;
}

export function workspace(name = "phi", options: WorkspaceOptions = {}): Served {
  const { preset = "phi-4-mini-instruct", secret, conditions = PENDING, selector = POOL } = options;
  return {
    metadata: meta(name, "models", options.metadata),
    resource: {
      labelSelector: { matchLabels: selector },
      ...(options.instanceType ? { instanceType: options.instanceType } : {}),
    },
    inference: options.inference ?? {
      preset: { name: preset, presetOptions: secret ? { modelAccessSecret: secret } : {} },
    },
    status: { conditions, targetNodeCount: options.targetNodeCount ?? 1 },
  };
}

export interface TuningOptions {
  conditions?: object[];
  input?: object;
  output?: object;
  instanceType?: string;
}

export function tuning(name = "tune", options: TuningOptions = {}): Served {
  return {
    metadata: meta(name, "models"),
    resource: {
      labelSelector: { matchLabels: POOL },
      ...(options.instanceType ? { instanceType: options.instanceType } : {}),
    },
    tuning: {
      preset: { name: "phi-4-mini-instruct" },
      method: "qlora",
      input: options.input ?? { urls: ["https://data.example/dolly.parquet?sig=abc"] },
      output: options.output ?? { image: "mcpaas.azurecr.io/adapters/dolly:1", imagePushSecret: "push" },
    },
    status: {
      conditions: options.conditions ?? [
        condition("JobStarted", "False", "WorkspaceTuningJobStatusPending", "Tuning job has not started"),
        condition(
          "WorkspaceSucceeded",
          "False",
          "workspacePending",
          "workspace is initializing, tuning job has not started",
        ),
      ],
      targetNodeCount: 1,
    },
  };
}

export function mcpServer(name = "echo", conditions: object[] = [], metadata: object = {}): Served {
  return {
    metadata: meta(name, "mcp", metadata),
    spec: { transportType: "http", deployment: { image: "mcpaas.azurecr.io/mcp/echo:0.1.0", port: 3000 } },
    status: { observedGeneration: 1, conditions },
  };
}

export interface PodOptions {
  labels?: Labels;
  nodeName?: string;
  phase?: string;
  conditions?: object[];
  containers?: object[];
  init?: object[];
  status?: object;
  spec?: object;
  image?: string;
  gpus?: string;
  metadata?: object;
}

/** A pod; `containers` and `init` are container statuses. */
export function pod(name: string, namespace: string, options: PodOptions = {}): Served {
  const { nodeName, phase = "Pending", conditions = [], containers = [], init = [], gpus } = options;
  const names = (statuses: object[]) =>
    statuses.map((each) => ({
      name: (each as { name: string }).name,
      image: options.image ?? "mcr.microsoft.com/aks/kaito/kaito-base:0.4.0",
      ...(gpus
        ? { resources: { limits: { "nvidia.com/gpu": gpus }, requests: { "nvidia.com/gpu": gpus } } }
        : {}),
    }));
  return {
    metadata: { ...meta(name, namespace), labels: options.labels, ...options.metadata },
    spec: {
      ...(nodeName ? { nodeName } : {}),
      tolerations: [{ key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" }],
      containers: containers.length > 0 ? names(containers) : names([{ name: "main" }]),
      initContainers: names(init),
      ...options.spec,
    },
    status: {
      phase,
      conditions,
      containerStatuses: containers,
      initContainerStatuses: init,
      ...options.status,
    },
  };
}

/** A pod of the Workspace phi. */
export function modelPod(options: PodOptions = {}): Served {
  return pod("phi-0", "models", { labels: { "kaito.sh/workspace": "phi" }, gpus: "1", ...options });
}

export const unschedulable = (message: string) => ({
  type: "PodScheduled",
  status: "False",
  reason: "Unschedulable",
  message,
});

export const waitingFor = (name: string, reason: string, message = "") => ({
  name,
  ready: false,
  restartCount: 0,
  state: { waiting: { reason, message } },
});

/** A container that ended, and waits to be started again. */
export const ended = (name: string, exitCode: number, reason = "Error", message?: string) => ({
  name,
  ready: false,
  restartCount: 4,
  state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 1m20s restarting failed container" } },
  lastState: { terminated: { exitCode, reason, ...(message ? { message } : {}) } },
});

export const runningNotReady = (name: string, minutes: number) => ({
  name,
  ready: false,
  started: false,
  restartCount: 0,
  state: { running: { startedAt: ago(minutes) } },
});

export const runningReady = (name: string) => ({
  name,
  ready: true,
  started: true,
  restartCount: 0,
  state: { running: { startedAt: ago(15) } },
});

export function event(kind: string, about: Served, reason: string, message: string, count = 3): Served {
  const { name, namespace, uid } = about.metadata;
  return {
    metadata: { name: `${name}.${reason}`, namespace: namespace ?? "default" },
    involvedObject: { kind, name, namespace, uid },
    reason,
    message,
    type: "Warning",
    count,
    lastTimestamp: ago(1),
  };
}

export interface WorkloadOptions {
  labels?: Labels;
  selector?: Labels;
  replicas?: number;
  ready?: number;
  updated?: number;
  image?: string;
  args?: string[];
  spec?: object;
  status?: object;
  metadata?: object;
}

/** A Deployment, StatefulSet or DaemonSet. */
export function workload(name: string, namespace: string, options: WorkloadOptions = {}): Served {
  const { replicas = 1, ready = replicas, updated = replicas, selector = { app: name } } = options;
  return {
    metadata: { ...meta(name, namespace), labels: options.labels, ...options.metadata },
    spec: {
      replicas,
      selector: { matchLabels: selector },
      template: {
        metadata: { labels: selector },
        spec: {
          containers: [{ name: "main", image: options.image ?? "x/y:1", args: options.args }],
          ...options.spec,
        },
      },
    },
    status: {
      observedGeneration: 1,
      replicas,
      updatedReplicas: updated,
      readyReplicas: ready,
      availableReplicas: ready,
      ...options.status,
    },
  };
}

export function kaitoController(options: WorkloadOptions = {}): Served {
  return workload("kaito-workspace", "kaito-workspace", {
    labels: { "helm.sh/chart": "workspace-0.11.0" },
    image: "mcr.microsoft.com/aks/kaito/workspace:0.11.0",
    args: ["--feature-gates=disableNodeAutoProvisioning=true,vLLM=true", "--node-provisioner=byo"],
    ...options,
  });
}

/** KAITO where it makes nodes itself. */
export const addonController = () =>
  kaitoController({ args: ["--feature-gates=vLLM=true", "--node-provisioner=azure-gpu-provisioner"] });

export function kmcpController(options: WorkloadOptions = {}): Served {
  return workload("kmcp-controller-manager", "kmcp-system", {
    labels: { "helm.sh/chart": "kmcp-0.3.0" },
    image: "ghcr.io/kagent-dev/kmcp/controller:0.3.0",
    args: ["--leader-elect", "--watch-namespaces=mcp"],
    ...options,
  });
}

/** The platform with its controllers, and a GPU node on which all is well. */
export const platform: Scene = {
  objects: { deployments: [kaitoController(), kmcpController()], nodes: [gpuNode()] },
};

/** The message of https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-resource-quota */
export const QUOTA =
  "Operation could not be completed as it results in exceeding approved Standard NCADSA100v4 Family Cores quota. Additional details - Deployment Model: Resource Manager, Location: eastus, Current Limit: 24, Current Usage: 24, Additional Required: 24";
