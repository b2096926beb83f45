import { z } from "zod";
import { AKS_MCP_COMPONENTS, AKS_MCP_IMAGE, AKS_MCP_VERSION } from "../../../components/aksMcp/upstream.ts";
import { clients, egress } from "./clients.ts";
import { resources, text } from "./fields.ts";
import { ownGuard } from "./ownGuard.ts";

/** What tells models about the cluster's Azure resources; docs/aks-mcp.md. */
export const aksMcp = z
  .strictObject({
    enabled: z
      .boolean()
      .default(false)
      .meta({
        description: `Run AKS-MCP ${AKS_MCP_VERSION}, although upstream has withdrawn running it in a cluster and fixes it no more; see docs/aks-mcp.md`,
        example: false,
      }),
    image: text(AKS_MCP_IMAGE).optional().meta({
      description: "Its image by tag and digest; one without a registry host is in the stack's registry",
      example: AKS_MCP_IMAGE.example,
      otherwise: "required when enabled",
    }),
    readableResourceGroup: z
      .string()
      .regex(/^[-\w.()]{0,89}[-\w()]$/)
      .optional()
      .meta({
        description: "The one resource group that it may read",
        example: "rg-mcpaas-dev",
        allowed: "1 to 90 letters, digits and -_.() and not '.' at the end",
        otherwise: "the stack's own",
      }),
    enabledComponents: z
      .array(z.enum(AKS_MCP_COMPONENTS))
      .min(1)
      .default([...AKS_MCP_COMPONENTS])
      .meta({
        description: "Its parts that have tools",
        example: ["az_cli", "monitor"],
        allowed: `a list of ${AKS_MCP_COMPONENTS.join(", ")}, with at least one`,
      }),
    armEgress: egress.optional().meta({
      description:
        "Addresses of Azure Resource Manager; az network list-service-tags, tag AzureResourceManager",
      example: [{ cidr: "0.0.0.0/0" }],
      otherwise: "required when enabled",
    }),
    timeoutSeconds: z.int().min(1).max(3600).default(60).meta({
      description: "How long one of its commands may take",
      example: 120,
      unit: "seconds",
    }),
    clients: clients.meta({
      description: "Pods that may call the server; [] is nobody",
      example: [{ namespace: "chat" }],
      otherwise:
        "the chat app and the ingress if they call it; if it isn't public and chat.enabled is false, the pods of its namespace",
    }),
    guard: ownGuard,
    resources,
  })
  .superRefine(({ enabled, image, armEgress }, context) => {
    if (!enabled) return;
    const needed = {
      image: image === undefined && AKS_MCP_IMAGE.words,
      armEgress:
        !armEgress?.length && "Azure Resource Manager's addresses, without which every call would fail",
    };
    for (const [key, message] of Object.entries(needed)) {
      if (message) context.addIssue({ code: "custom", path: [key], message });
    }
  })
  .prefault({});
