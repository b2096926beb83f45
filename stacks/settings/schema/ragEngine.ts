import { z } from "zod";
import { DNS_LABEL, PINNED_IMAGE, QUANTITY } from "../../../components/forms.ts";
import { clients, egress } from "./clients.ts";
import { resources, text } from "./fields.ts";
import { secretName } from "./model.ts";

const url = z
  .string()
  .regex(/^https?:\/\/[^\s/]+\S*$/)
  .meta({ allowed: "a URL" });

const disk = (what: string) => ({
  size: text(QUANTITY)
    .optional()
    .meta({ description: `Size of the disk for ${what}`, example: "10Gi", otherwise: "10Gi" }),
  storageClass: text(DNS_LABEL).optional().meta({
    description: "Its storage class",
    example: "managed-csi-premium",
    otherwise: "managed-csi",
  }),
  existingClaim: text(DNS_LABEL).optional().meta({
    description: "A PersistentVolumeClaim that is there, instead",
    example: "rag-indexes",
    otherwise: "one is made",
  }),
});

/** One RAG engine. */
export const ragEngine = z
  .strictObject({
    embedding: z
      .strictObject({
        local: z
          .strictObject({
            modelId: z.string().min(1).optional().meta({
              description: "Hugging Face id of the embedding model",
              example: "BAAI/bge-m3",
              otherwise: "BAAI/bge-small-en-v1.5",
            }),
            accessSecret: secretName
              .optional()
              .meta({ description: "Secret with a token under HF_TOKEN", example: "hugging-face" }),
          })
          .optional(),
        remote: z
          .strictObject({
            url: url.meta({
              description: "Whole URL of the embedding service",
              example: "https://e.example/v1",
            }),
            accessSecret: secretName.optional().meta({
              description: "Secret with its key under REMOTE_EMBEDDING_ACCESS_SECRET",
              example: "embedding",
            }),
            fixedService: z.boolean().default(false).meta({
              description: "The RAG image is one in which remote embedding works; KAITO's is none",
              example: true,
            }),
          })
          .optional(),
      })
      .optional(),
    volume: z
      .strictObject(disk("indexes"))
      .optional()
      .meta({
        description: "Save indexes on a disk",
        example: { size: "20Gi" },
        otherwise: "in memory only",
      }),
    qdrant: z
      .strictObject({
        deploy: z.boolean().default(false).meta({ description: "Run a Qdrant for it", example: true }),
        url: url.optional().meta({
          description: "One that exists",
          example: "https://qdrant.example:6333",
          otherwise: "deploy",
        }),
        accessSecret: secretName.optional().meta({
          description: "Secret with its API key under VECTOR_DB_ACCESS_SECRET",
          example: "qdrant",
        }),
        ...disk("vectors"),
        image: text(PINNED_IMAGE).optional().meta({
          description: "Image of the Qdrant to run, for a mirror",
          example: "example.azurecr.io/qdrant:v1.15.2",
          otherwise: "the pinned one",
        }),
        resources,
      })
      .optional()
      .meta({
        description: "Keep indexes in Qdrant",
        example: { deploy: true },
        otherwise: "in the engine's memory",
      }),
    inference: z
      .strictObject({
        model: text(DNS_LABEL).optional().meta({
          description: "Which of models answers",
          example: "phi-4-mini",
          otherwise: "url",
        }),
        url: url.optional().meta({
          description: "Any OpenAI-compatible chat endpoint",
          example: "https://llm.example/v1/chat/completions",
          otherwise: "model",
        }),
        contextWindowSize: z.int().min(1).max(10_000_000).optional().meta({
          description: "Tokens of question, texts and answer together",
          example: 32768,
          unit: "tokens",
          otherwise: "the model's; needed with url",
        }),
        accessSecret: secretName.optional().meta({
          description: "Secret with its key under LLM_ACCESS_SECRET",
          example: "llm",
        }),
      })
      .optional()
      .meta({
        description: "The model that answers with what was found",
        example: { model: "phi-4-mini" },
        otherwise: "none: retrieval only",
      }),
    guardrails: z
      .strictObject({
        policy: z
          .record(z.string(), z.unknown())
          .optional()
          .meta({
            description: "Scanners of answers",
            example: { action: "redact", scanners: [{ type: "secrets" }] },
            allowed: "action, blockMessage and scanners of KaitoRagEngine",
            otherwise: "KAITO's",
          }),
        configMap: text(DNS_LABEL)
          .optional()
          .meta({ description: "A ConfigMap with the policy instead", example: "guardrails" }),
      })
      .optional()
      .meta({ description: "Checks on answers; {} has KAITO's policy", example: {}, otherwise: "none" }),
    nodeSelector: z
      .record(z.string(), z.string())
      .optional()
      .meta({
        description: "Labels of the nodes that it may run on",
        example: { "mcpaas.dev/pool": "user" },
        allowed: "names and texts",
        otherwise: "the user pool, or the system pool without one",
      }),
    resources,
    clients: clients.meta({
      description: "Pods that may call it; [] is nobody",
      example: [{ namespace: "chat" }],
      otherwise: "the chat app if it searches with it; with chat.enabled false the pods of its namespace",
    }),
    egress: egress.optional().meta({
      description: "What it may call besides DNS, the internet and the services named here",
      example: [{ cidr: "10.2.0.0/16" }],
      otherwise: "nothing",
    }),
    readyTimeoutMinutes: z.int().min(1).max(120).optional().meta({
      description: "How long to wait until it works",
      example: 30,
      unit: "minutes",
      otherwise: "30",
    }),
  })
  .superRefine(({ embedding, inference }, context) => {
    if (embedding && (embedding.local === undefined) === (embedding.remote === undefined)) {
      const message = "either local or remote: how texts become vectors";
      context.addIssue({ code: "custom", path: ["embedding"], message });
    }
    if (inference && (inference.model === undefined) === (inference.url === undefined)) {
      const message = "either model or url: who answers";
      context.addIssue({ code: "custom", path: ["inference"], message });
    }
  });
