import { z } from "zod";
import { DNS_LABEL, PINNED_IMAGE } from "../../../components/forms.ts";
import { chatRagEngines, otherModels, signIn } from "./chatParts.ts";
import { database, redis, storage } from "./chatState.ts";
import { url } from "./chatUrl.ts";
import { clients, egress } from "./clients.ts";
import { resources, text } from "./fields.ts";

/** The chat app; docs/chat.md. */
export const chat = z
  .strictObject({
    enabled: z.boolean().default(false).meta({
      description: "Run Open WebUI, which answers with the stack's models and MCP servers; see docs/chat.md",
      example: true,
    }),
    namespace: text(DNS_LABEL)
      .default("chat")
      .meta({ description: "Namespace that is made for it", example: "chat" }),
    image: text(PINNED_IMAGE).optional().meta({
      description: "Its image, for a mirror; one without a registry host is in the stack's registry",
      example: "example.azurecr.io/open-webui:v0.12.4-slim",
      otherwise: "the pinned one",
    }),
    models: z
      .array(text(DNS_LABEL))
      .optional()
      .meta({
        description: "Which of models answer, the default one first",
        example: ["phi-4-mini"],
        allowed: "a list of models",
        otherwise: "all",
      }),
    otherModels,
    mcpServers: z
      .array(text(DNS_LABEL))
      .optional()
      .meta({
        description: "MCP servers whose tools models may call, by their names in the cluster",
        example: ["open-websearch"],
        allowed: "a list of MCP servers",
        otherwise: "all that have a guard",
      }),
    roles: z
      .array(z.string().min(1))
      .default([])
      .meta({
        description: "Roles of the caller chat at the guards, for their authorization rules",
        example: ["operator"],
        allowed: "a list of roles",
      }),
    ragEngines: chatRagEngines,
    publicUrl: url("an http or https URL without a path", "https?").optional().meta({
      description: "Where browsers find it, where something else than ingress leads there",
      example: "https://chat.example.com",
      otherwise: "ingress's, else kubectl port-forward",
    }),
    signIn,
    replicas: z.int().min(1).max(20).default(1).meta({
      description: "Pods; several need database and redis",
      example: 2,
      unit: "pods",
    }),
    database,
    redis,
    storage,
    uploads: z.boolean().default(true).meta({
      description: "People may give models files: text, Markdown, CSV, HTML, XML and pictures",
      example: false,
    }),
    systemPrompt: z.string().min(1).optional().meta({
      description: "What every model is told first; {{CURRENT_DATE}} is replaced",
      example: "Answer briefly.",
      otherwise: "to search, and to name sources",
    }),
    suggestions: z
      .array(z.string().min(1))
      .optional()
      .meta({
        description: "Questions that an empty chat proposes",
        example: ["What are the latest features in AKS?"],
        allowed: "a list of questions",
        otherwise: '["What are the latest features in AKS?"]',
      }),
    modelTimeoutSeconds: z.int().min(1).max(3600).default(600).meta({
      description: "How long a model may take",
      example: 300,
      unit: "seconds",
    }),
    toolTimeoutSeconds: z.int().min(1).max(300).default(300).meta({
      description: "How long a tool may take; guards have a limit of their own",
      example: 60,
      unit: "seconds",
    }),
    toolRounds: z.int().min(1).max(100).default(10).meta({
      description: "How often in a row a model may call tools",
      example: 5,
      unit: "rounds",
    }),
    clients: clients.meta({
      description: "Pods that may reach it, besides the ingress",
      example: [{ namespace: "gateway" }],
      otherwise: "nobody; kubectl port-forward works",
    }),
    egress: egress.optional().meta({
      description: "What it may call besides DNS and what is named here",
      example: [{ cidr: "10.2.0.0/16" }],
      otherwise: "nothing",
    }),
    resources,
  })
  .prefault({});
