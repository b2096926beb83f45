import { meta } from "./meta.ts";
import type { Served } from "./snapshots.ts";

type Labels = Record<string, string>;

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
