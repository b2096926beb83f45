import { z } from "zod";
import { DNS_LABEL, PINNED_IMAGE, VARIABLE_NAME } from "../../../components/forms.ts";
import { innovationEngineConflicts } from "../../../components/innovationEngine/settings.ts";
import { clients, egress } from "./clients.ts";
import { failing, resources, text } from "./fields.ts";
import { ownGuard } from "./ownGuard.ts";

/** The server for executable documents. */
export const innovationEngine = z
  .strictObject({
    enabled: z.boolean().default(false).meta({
      description: "Run the MCP server of the Innovation Engine, for executable documents",
      example: true,
    }),
    image: text(PINNED_IMAGE).optional().meta({
      description: "Its image; one without a registry host is in the stack's registry",
      example: "mcp/innovation-engine:0.1.0",
      otherwise: "built from servers/innovation-engine",
    }),
    transport: z.enum(["http", "stdio"]).default("http").meta({
      description: "stdio: KMCP's gateway starts it per session",
      example: "http",
    }),
    allowExecute: z.boolean().default(false).meta({
      description: "Callers with the role operator may execute and test documents; else it only reads",
      example: true,
    }),
    allowInline: z.boolean().optional().meta({
      description: "They may execute documents of their own, not only the catalogue's",
      example: false,
      otherwise: "true with allowExecute",
    }),
    allowedVariables: z
      .array(text(VARIABLE_NAME))
      .optional()
      .meta({
        description: "Variables that callers may set besides those that a document declares",
        example: ["NAMESPACE"],
        allowed: `a list of names of ${VARIABLE_NAME.words}`,
        otherwise: "none",
      }),
    runSeconds: z.int().min(1).max(86_400).optional().meta({
      description: "How long a run may take",
      example: 300,
      unit: "seconds",
      otherwise: "900",
    }),
    maxRuns: z.int().min(1).max(100).optional().meta({
      description: "Documents that run at once",
      example: 1,
      unit: "documents",
      otherwise: "2",
    }),
    catalogueConfigMap: text(DNS_LABEL).optional().meta({
      description: "ConfigMap of mcpNamespace with the catalogue's documents",
      example: "documents",
      otherwise: "the catalogue in the image",
    }),
    egress: egress.default([]).meta({
      description: "What documents' commands may call besides DNS",
      example: [{ cidr: "20.0.0.0/8" }],
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
  .superRefine(
    failing((settings) =>
      innovationEngineConflicts(settings).map(({ path, rule }) => ({ path, message: rule })),
    ),
  )
  .prefault({});
