import { z } from "zod";
import { CHART_VERSION, DNS_LABEL } from "../../../components/forms.ts";
import {
  KAITO_CHART_REPOSITORY,
  KAITO_IMAGES,
  KAITO_VERSION,
  type KaitoImage,
} from "../../../components/kaito/versions.ts";
import { resources, text } from "./fields.ts";

const provider = z.enum(["kaito", "none"]).default("kaito");

/** KAITO and what it needs on nodes. */
export const kaito = z
  .strictObject({
    mode: z.enum(["byo", "addon", "off"]).default("byo").meta({
      description:
        'Who runs KAITO: this stack, on its GPU pools ("byo"); AKS, which then makes GPU nodes for each model ("addon"); nobody',
      example: "byo",
    }),
    namespace: text(DNS_LABEL)
      .default("kaito-workspace")
      .meta({ description: "Namespace of the controller", example: "kaito-workspace" }),
    ragEngineNamespace: text(DNS_LABEL).default("kaito-ragengine").meta({
      description: "Namespace of the controller of RAG engines, installed when ragEngines has one",
      example: "kaito-ragengine",
    }),
    chartRepository: z.string().min(1).default(KAITO_CHART_REPOSITORY).meta({
      description: "Where the charts workspace and ragengine are",
      example: "oci://example.azurecr.io/helm",
      allowed: "a chart repository, an OCI repository or a folder",
    }),
    version: text(CHART_VERSION)
      .default(KAITO_VERSION)
      .meta({ description: "Version of charts and controllers", example: KAITO_VERSION }),
    devicePlugin: provider.meta({
      description: 'Who provides the NVIDIA device plugin; "none" where AKS or the GPU operator does',
      example: "kaito",
    }),
    gpuFeatureDiscovery: provider.meta({
      description: 'Who labels nodes with their GPUs; "none" where the GPU operator does',
      example: "kaito",
    }),
    nodeFeatureDiscovery: z.enum(["kaito", "none"]).optional().meta({
      description: 'Who provides Node Feature Discovery; "none" where the cluster has it',
      example: "none",
      otherwise: "as gpuFeatureDiscovery",
    }),
    foreignCrds: z.boolean().optional().meta({
      description: "Install the CRDs of others that the chart carries, Karpenter's NodeClaim above all",
      example: false,
      otherwise: "true with RAG engines",
    }),
    protectCrds: z.boolean().optional().meta({
      description: "Refuse to delete the CRDs, and every model with them",
      example: true,
      otherwise: "as protect",
    }),
    presetRegistry: z.string().min(1).optional().meta({
      description: "Registry path of the images that models and RAG engines run, for a mirror",
      example: "example.azurecr.io/kaito",
      otherwise: "mcr.microsoft.com/aks/kaito",
    }),
    images: z
      .partialRecord(z.enum(Object.keys(KAITO_IMAGES) as KaitoImage[]), z.string().min(1))
      .optional()
      .meta({
        description:
          "Repositories of the images that the charts run, for a mirror; tags stay the pinned ones",
        example: { workspace: "example.azurecr.io/kaito/workspace" },
        allowed: `repositories for ${Object.keys(KAITO_IMAGES).join(", ")}`,
        otherwise: "upstream's",
      }),
    imagePullSecrets: z
      .array(text(DNS_LABEL))
      .optional()
      .meta({ description: "Secrets of both namespaces to pull them with", example: ["mirror"] }),
    resources,
  })
  .prefault({});
