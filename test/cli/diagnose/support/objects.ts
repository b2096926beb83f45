import { meta } from "./meta.ts";
import { ago, type Scene, type Served } from "./snapshots.ts";
import { kaitoController, kmcpController } from "./workloads.ts";

export * from "./pods.ts";
export * from "./workloads.ts";

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

/** The platform with its controllers, and a GPU node on which all is well. */
export const platform: Scene = {
  objects: { deployments: [kaitoController(), kmcpController()], nodes: [gpuNode()] },
};

/** The message of https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-resource-quota */
export const QUOTA =
  "Operation could not be completed as it results in exceeding approved Standard NCADSA100v4 Family Cores quota. Additional details - Deployment Model: Resource Manager, Location: eastus, Current Limit: 24, Current Usage: 24, Additional Required: 24";
