/**
 * The version of KAITO: of both charts, of the controllers' images and of the RAG service's.
 * Source: https://github.com/kaito-project/kaito/releases/tag/v0.11.0 (the tag without its "v")
 */
export const KAITO_VERSION = "0.11.0";

/** Where KAITO publishes its charts. Source: website/docs/installation.md of the same tag. */
export const KAITO_CHART_REPOSITORY = "https://kaito-project.github.io/kaito/charts/kaito";

/**
 * Where the images of presets, of the base that serves and tunes models, and of the RAG service are.
 * Source: `presetRegistryName` of charts/kaito/workspace/values.yaml, `presetRagRegistryName` of
 * charts/kaito/ragengine/values.yaml.
 */
export const KAITO_PRESET_REGISTRY = "mcr.microsoft.com/aks/kaito";

/** An image by the repository that a mirror can replace, and the tag that it keeps. */
export interface PinnedRepository {
  readonly repository: string;
  readonly tag: string;
}

/** An image that a chart of KAITO's runs in the cluster. */
export type KaitoImage =
  | "workspace"
  | "ragEngine"
  | "devicePlugin"
  | "gpuFeatureDiscovery"
  | "nodeFeatureDiscovery";

/**
 * The images that the two charts run, kept here so that a mirrored chart's own can't take their place.
 *
 * Source: charts/kaito/{workspace,ragengine}/values.yaml of the tag, and the charts that are packed into the first:
 * gpu-feature-discovery 0.17.4 (NVIDIA's k8s-device-plugin chart) and in it node-feature-discovery 0.15.3. Packed
 * as well but off: flux2 2.16.3, local-csi-driver 0.2.18 and productionstack 0.2.2.
 */
export const KAITO_IMAGES: Readonly<Record<KaitoImage, PinnedRepository>> = {
  workspace: { repository: "mcr.microsoft.com/aks/kaito/workspace", tag: KAITO_VERSION },
  ragEngine: { repository: "mcr.microsoft.com/aks/kaito/ragengine", tag: KAITO_VERSION },
  devicePlugin: { repository: "mcr.microsoft.com/oss/v2/nvidia/k8s-device-plugin", tag: "v0.18.2-1" },
  gpuFeatureDiscovery: { repository: "nvcr.io/nvidia/k8s-device-plugin", tag: "v0.17.4" },
  nodeFeatureDiscovery: { repository: "registry.k8s.io/nfd/node-feature-discovery", tag: "v0.15.3" },
};

/** The image of a RAGEngine's own pod. Source: `presetRagImageName` of charts/kaito/ragengine/values.yaml. */
export const KAITO_RAG_SERVICE_IMAGE = "kaito-rag-service";
