import { POOL_LABEL } from "../aksWithGpuPool/pools.ts";
import { KAITO_IMAGES, type KaitoImage } from "../kaito/versions.ts";
import type { ContainerResources } from "../resources.ts";

/** What finds out about GPUs, and where it has to run. */
export interface DiscoveryArgs {
  gpuFeatureDiscovery: "kaito" | "none";
  nodeFeatureDiscovery: "kaito" | "none";
  spotNodes: boolean;
  images: Partial<Record<KaitoImage, string>>;
  imagePullSecrets: string[];
}

/**
 * What a pod on every GPU node may use. Source: the worker's of node-feature-discovery from 0.16.0 on
 * (deployment/helm/node-feature-discovery/values.yaml), which is the largest of the three; 0.15.3 states none,
 * and neither do the device plugin and GPU feature discovery.
 */
export const NODE_AGENT_RESOURCES: ContainerResources = {
  requests: { cpu: "5m", memory: "64Mi" },
  limits: { memory: "512Mi" },
};

/**
 * The values of the packed chart gpu-feature-discovery. It labels nodes with what KAITO reads of their GPUs: model,
 * count and memory (charts/kaito/workspace/charts/gpu-feature-discovery-0.17.4.tgz). Three pods make one label:
 * the node feature worker finds an NVIDIA device, GPU feature discovery then starts there and writes down what it
 * sees, and the worker tells the node feature master, which may label nodes.
 */
export function gpuDiscoveryValues(args: DiscoveryArgs) {
  const gpuFeatures = args.gpuFeatureDiscovery === "kaito";
  const imagePullSecrets = args.imagePullSecrets.map((name) => ({ name }));
  return {
    gfd: { enabled: gpuFeatures },
    ...(gpuFeatures
      ? {
          image: image("gpuFeatureDiscovery", args),
          imagePullSecrets,
          resources: NODE_AGENT_RESOURCES,
          tolerations: [{ key: "CriticalAddonsOnly", operator: "Exists" }, ...gpuTolerations(args)],
        }
      : {}),
    nfd:
      args.nodeFeatureDiscovery === "kaito"
        ? {
            enabled: true,
            image: image("nodeFeatureDiscovery", args),
            imagePullSecrets,
            // The master takes what workers find by gRPC here and has no use for CRDs; its controller for them
            // would only look for what isn't installed.
            master: {
              crdController: false,
              resources: NODE_AGENT_RESOURCES,
              podSecurityContext: { seccompProfile: { type: "RuntimeDefault" } },
            },
            worker: {
              resources: NODE_AGENT_RESOURCES,
              tolerations: gpuTolerations(args),
              affinity: NOT_ON_CPU_POOLS,
            },
          }
        : { enabled: false },
  };
}

/** The chart knows only the taint nvidia.com/gpu: on a pool with KAITO's own nothing would find the GPUs. */
function gpuTolerations({ spotNodes }: DiscoveryArgs) {
  return [
    { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" },
    { key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" },
    ...(spotNodes
      ? [
          {
            key: "kubernetes.azure.com/scalesetpriority",
            operator: "Equal",
            value: "spot",
            effect: "NoSchedule",
          },
        ]
      : []),
  ];
}

/**
 * The worker reads /sys, /boot and the like of its node, so it stays off this project's pools without GPUs. A pool
 * of someone else's making has no such label, and so gets it.
 */
const NOT_ON_CPU_POOLS = {
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [
        { matchExpressions: [{ key: POOL_LABEL, operator: "NotIn", values: ["system", "user"] }] },
      ],
    },
  },
};

function image(which: KaitoImage, { images }: DiscoveryArgs) {
  const { repository, tag } = KAITO_IMAGES[which];
  return { repository: images[which] ?? repository, tag, pullPolicy: "IfNotPresent" };
}
