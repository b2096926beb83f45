import { KAITO_IMAGES, KAITO_RAG_SERVICE_IMAGE, type KaitoImage } from "../kaito/versions.ts";
import type { ContainerResources } from "../resources.ts";
import { type DiscoveryArgs, gpuDiscoveryValues } from "./gpuDiscovery.ts";

/** Port of the controllers' admission webhooks. Source: `webhook.port` of both charts' values.yaml, v0.11.0. */
export const WEBHOOK_PORT = 9443;

/** The charts' own figures, kept here so that a mirror's can't take their place. Source: both values.yaml. */
export const DEFAULT_CONTROLLER_RESOURCES: ContainerResources = {
  requests: { cpu: "10m", memory: "64Mi" },
  limits: { cpu: "500m", memory: "128Mi" },
};

/** What the values of either chart depend on. */
export interface ControllerArgs {
  version: string;
  images: Partial<Record<KaitoImage, string>>;
  imagePullSecrets: string[];
  presetRegistry: string;
  resources: ContainerResources;
  nodeSelector: Record<string, string>;
}

/** What the values of the chart `workspace` depend on. */
export interface WorkspaceArgs extends ControllerArgs, DiscoveryArgs {
  devicePlugin: "kaito" | "none";
}

/** The values of the chart `workspace`, and only such as its templates read. */
export function workspaceValues(args: WorkspaceArgs) {
  const { repository, tag } = KAITO_IMAGES.devicePlugin;
  return {
    ...controllerValues("workspace", args),
    // The default, 25 % more, starts the new controller beside the old one, and neither knows of the other.
    deploymentStrategy: { rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
    presetRegistryName: args.presetRegistry,
    featureGates: {
      vLLM: true,
      // Nodes are there already. The gate brings the discovery of GPUs as well, which this mode lives by, and means
      // it only together with the provisioner (cmd/workspace/main.go sets the gate again from that flag).
      disableNodeAutoProvisioning: true,
      enableInferenceSetController: true,
      // On, it brings flux, which installs charts of its own choice past Pulumi and its policies.
      gatewayAPIInferenceExtension: false,
    },
    nodeProvisioner: "byo",
    nvidiaDevicePlugin:
      args.devicePlugin === "kaito"
        ? {
            enabled: true,
            image: `${args.images.devicePlugin ?? repository}:${tag}`,
            imagePullPolicy: "IfNotPresent",
          }
        : { enabled: false },
    spotInstance: { enabled: args.spotNodes },
    "gpu-feature-discovery": gpuDiscoveryValues(args),
    // A privileged DaemonSet on every node and a webhook for every pod, for local NVMe disks that this mode never
    // uses: what a node's labels tell of its GPUs says nothing of its disks, so weights go to an emptyDir
    // (GetGPUConfigFromNodeLabels in pkg/sku/helpers.go, checkIfNVMeAvailable in preset_inferences.go).
    localCSIDriver: { useLocalCSIDriver: false },
    // A gateway, keys and a KEDA scaler beside it: nothing of this project uses them.
    productionstack: { enabled: false },
  };
}

/** The values of the chart `ragengine`, and only such as its templates read. */
export function ragEngineValues(args: ControllerArgs) {
  return {
    ...controllerValues("ragEngine", args),
    presetRagRegistryName: args.presetRegistry,
    presetRagImageName: KAITO_RAG_SERVICE_IMAGE,
    presetRagImageTag: args.version,
  };
}

/**
 * What both charts call the same. The security contexts meet the restricted standard: they repeat the chart's own,
 * where those do, so that a mirrored chart with other defaults can't be refused by the namespace.
 */
function controllerValues(image: "workspace" | "ragEngine", args: ControllerArgs) {
  return {
    // One: the controllers can elect a leader, but neither chart passes them the flag for it (`--leader-elect`).
    replicaCount: 1,
    image: {
      repository: args.images[image] ?? KAITO_IMAGES[image].repository,
      tag: args.version,
      pullPolicy: "IfNotPresent",
    },
    imagePullSecrets: args.imagePullSecrets.map((name) => ({ name })),
    podSecurityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    webhook: { port: WEBHOOK_PORT },
    resources: args.resources,
    nodeSelector: args.nodeSelector,
    cloudProviderName: "azure",
  };
}
