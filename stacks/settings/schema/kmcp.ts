import { z } from "zod";
import { CHART_VERSION, DNS_LABEL } from "../../../components/forms.ts";
import { KMCP_CHART_REPOSITORY, KMCP_VERSION } from "../../../components/kmcpInstall/values.ts";
import { resources, text } from "./fields.ts";

/** KMCP and its controller. */
export const kmcp = z
  .strictObject({
    namespace: text(DNS_LABEL)
      .default("kmcp-system")
      .meta({ description: "Namespace of the controller", example: "kmcp-system" }),
    chartRepository: z.string().min(1).default(KMCP_CHART_REPOSITORY).meta({
      description: "Where the charts kmcp and kmcp-crds are",
      example: "oci://example.azurecr.io/helm",
      allowed: "an OCI repository or a folder",
    }),
    version: text(CHART_VERSION).default(KMCP_VERSION).meta({
      description: "Version of charts and controller",
      example: KMCP_VERSION,
    }),
    protectCrds: z.boolean().optional().meta({
      description: "Refuse to delete the CRD, and every MCPServer with it",
      example: true,
      otherwise: "as protect",
    }),
    replicas: z
      .int()
      .min(1)
      .max(5)
      .default(1)
      .meta({ description: "Controllers, one of which leads", example: 1, unit: "pods" }),
    resources,
    imageRepository: z.string().min(1).optional().meta({
      description: "Repository of the controller's image, for a mirror",
      example: "example.azurecr.io/kmcp/controller",
      otherwise: "ghcr.io/kagent-dev/kmcp/controller",
    }),
    transportAdapterVersion: z
      .string()
      .regex(/^[a-zA-Z0-9.-]+$/)
      .optional()
      .meta({
        description: "Version of agentgateway for stdio servers",
        example: "0.9.0",
        allowed: "a version without v",
        otherwise: "KMCP's own",
      }),
    watchNamespaces: z
      .array(text(DNS_LABEL))
      .default([])
      .meta({
        description: "Namespaces with MCPServers besides mcpNamespace; they must exist",
        example: ["team-a"],
        allowed: `a list of namespaces, each ${DNS_LABEL.words}`,
      }),
  })
  .prefault({});
