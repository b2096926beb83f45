import { z } from "zod";
import { DNS_LABEL } from "../../components/forms.ts";
import { ADAPTER_NAME } from "../../components/kaitoWorkspace/adapters.ts";
import { aksMcp } from "./schema/aksMcp.ts";
import { alerts } from "./schema/alerts.ts";
import { backup } from "./schema/backup.ts";
import { chat } from "./schema/chat.ts";
import { cluster } from "./schema/cluster.ts";
import { consistent } from "./schema/consistent.ts";
import { region, text } from "./schema/fields.ts";
import { images } from "./schema/images.ts";
import { ingress } from "./schema/ingress.ts";
import { innovationEngine } from "./schema/innovationEngine.ts";
import { kaito } from "./schema/kaito.ts";
import { kmcp } from "./schema/kmcp.ts";
import { local } from "./schema/local.ts";
import { mcpGuard } from "./schema/mcpGuard.ts";
import { mcpServers } from "./schema/mcpServer.ts";
import { model } from "./schema/model.ts";
import { monitoring } from "./schema/monitoring.ts";
import { network } from "./schema/network.ts";
import { openWebSearch } from "./schema/openWebSearch.ts";
import { podSecurityExemptions } from "./schema/podSecurity.ts";
import { ragEngine } from "./schema/ragEngine.ts";
import { registry } from "./schema/registry.ts";
import { tuningJob } from "./schema/tuningJob.ts";

/** Every setting of every stack, with its default, limits and meaning. Nothing else reads configuration. */
export const settingsSchema = z
  .strictObject({
    platform: z.enum(["azure", "local"]).default("azure").meta({
      description: "What the stack runs on: Azure, or the cluster of a kubeconfig, with no Azure at all",
      example: "local",
    }),
    local,
    location: region.optional().meta({
      description: "The Azure region",
      example: "eastus",
      otherwise: "required on Azure",
    }),
    otherLocations: z
      .array(region)
      .default([])
      .meta({
        description: "Regions to propose when no VM size fits in location",
        example: ["westus3"],
        allowed: "a list of regions",
      }),
    resourceGroup: z
      .string()
      .regex(/^[-\w.()]{0,89}[-\w()]$/)
      .optional()
      .meta({
        description: "Name of the resource group that is made",
        example: "rg-mcpaas-dev",
        allowed: "1 to 90 letters, digits and -_.() and not '.' at the end",
        otherwise: "rg-mcpaas-<stack>",
      }),
    tags: z
      .record(z.string().min(1).max(512), z.string().max(256))
      .default({})
      .meta({
        description: "Tags of every Azure resource",
        example: { owner: "platform-team" },
        allowed: "names and texts",
      }),
    protect: z.boolean().optional().meta({
      description:
        "Pulumi refuses to delete or to replace what holds data, until this is false and `pulumi up` has run",
      example: true,
      otherwise: "true on the stack prod, false on others",
    }),
    locks: z.boolean().default(false).meta({
      description:
        "Azure refuses, too, whoever asks: locks on the chat app's database in Azure and on the workspace of logs",
      example: true,
    }),
    network,
    registry,
    images,
    cluster,
    kmcp,
    mcpNamespace: text(DNS_LABEL).default("mcp").meta({
      description: "Namespace that is made for the MCP servers",
      example: "mcp",
    }),
    mcpGuard,
    mcpServers: mcpServers.default({}).meta({
      description: "The MCP servers, by name",
      example: { echo: { transport: "http", build: "echo" } },
      allowed: `servers by name, each ${DNS_LABEL.words}`,
    }),
    openWebSearch,
    innovationEngine,
    aksMcp,
    kaito,
    modelNamespace: text(DNS_LABEL).default("models").meta({
      description: "Namespace that is made for models, RAG engines and tuning jobs",
      example: "models",
    }),
    huggingFaceToken: z.string().regex(/^\S+$/).optional().meta({
      description:
        "Token of Hugging Face for gated models; pulumi config set --secret mcpaas:huggingFaceToken",
      example: "hf_...",
      allowed: "a token, set with --secret",
    }),
    models: z
      .record(text(DNS_LABEL), model)
      .default({})
      .meta({
        description: "The models that are served, by name",
        example: { "phi-4-mini": { model: "phi-4-mini-instruct" } },
        allowed: `models by name, each ${DNS_LABEL.words}`,
      }),
    ragEngines: z
      .record(text(DNS_LABEL), ragEngine)
      .default({})
      .meta({
        description: "The RAG engines, by name",
        example: { docs: { inference: { model: "phi-4-mini" } } },
        allowed: `RAG engines by name, each ${DNS_LABEL.words}`,
      }),
    tuningJobs: z
      .record(text(ADAPTER_NAME), tuningJob)
      .default({})
      .meta({
        description: "The fine-tunings, by name",
        example: {
          dolly: {
            preset: "phi-4-mini-instruct",
            input: { urls: ["https://example.com/dolly.parquet"] },
            output: { repository: "adapters/dolly" },
          },
        },
        allowed: `tuning jobs by name, each ${ADAPTER_NAME.words}`,
      }),
    chat,
    ingress,
    monitoring,
    alerts,
    backup,
    podSecurityExemptions,
  })
  .superRefine(consistent);
