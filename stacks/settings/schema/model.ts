import { z } from "zod";
import { DNS_LABEL, PINNED_IMAGE } from "../../../components/forms.ts";
import { modelProblem } from "../../../components/kaito/models.ts";
import { ADAPTER_NAME } from "../../../components/kaitoWorkspace/adapters.ts";
import { clients, egress } from "./clients.ts";
import { ruled, text, vmSize } from "./fields.ts";
import { modelAutoscaling } from "./modelAutoscaling.ts";

/** Where a model or a tuning job runs. */
export const placement = {
  pool: text(DNS_LABEL).default("gpu").meta({
    description: 'GPU pool (mode "byo"): gpu, or a name of cluster.moreGpuPools; each pod takes a node',
    example: "gpu",
  }),
  vmSize: vmSize.optional().meta({
    description: 'VM size of the nodes that AKS makes for it (mode "addon")',
    example: "Standard_NC24ads_A100_v4",
  }),
};

/** Name of a Secret of the models' namespace. */
export const secretName = text(DNS_LABEL);

const vllmArgument = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.unknown()),
  z.record(z.string(), z.unknown()),
]);

const config = z
  .strictObject({
    maxModelLength: z.int().min(1).max(10_000_000).optional().meta({
      description: "Tokens of question and answer together",
      example: 32768,
      unit: "tokens",
      otherwise: "as many as fit",
    }),
    gpuMemoryUtilization: z.number().gt(0).max(1).optional().meta({
      description: "Share of a GPU's memory that vLLM may use",
      example: 0.9,
      otherwise: "KAITO's: 0.84",
      allowed: "a number above 0, 1 at most",
    }),
    tensorParallelSize: z.int().min(1).max(16).optional().meta({
      description: "GPUs of a node that share the weights",
      example: 2,
      unit: "GPUs",
      otherwise: "KAITO's choice",
    }),
    cpuOffloadGiB: z.number().min(0).max(24576).optional().meta({
      description: "Weights of a GPU that stay in the node's memory",
      example: 8,
      unit: "GiB",
      otherwise: "0",
    }),
    kvCacheCpuMemoryUtilization: z.number().min(0).max(1).optional().meta({
      description: "Share of the node's free memory that helps out the KV cache",
      example: 0.5,
      otherwise: "KAITO's: 0.5",
    }),
    toolCallParser: z.string().min(1).optional().meta({
      description: "How vLLM reads the model's tool calls",
      example: "phi4_mini_json",
      otherwise: "KAITO's for the model",
    }),
    chatTemplate: z.string().min(1).optional().meta({
      description: "File with the chat template, in the image",
      example: "/workspace/chat_templates/tool-chat-phi4-mini.jinja",
      otherwise: "KAITO's for the model, else its own",
    }),
    vllm: z
      .record(z.string(), vllmArgument)
      .optional()
      .meta({
        description: "Other arguments of vLLM, without --",
        example: { "max-num-seqs": 64 },
        allowed: "names and values",
      }),
  })
  .optional();

const adapter = z
  .strictObject({
    tuningJob: text(DNS_LABEL).optional().meta({
      description: "The tuning job of this stack that makes it",
      example: "dolly",
      otherwise: "image",
    }),
    name: text(ADAPTER_NAME)
      .optional()
      .meta({ description: "Its name in requests", example: "dolly", otherwise: "the tuning job's" }),
    image: text(PINNED_IMAGE).optional().meta({
      description: "Image with its files in /data",
      example: "example.azurecr.io/adapters/dolly:1",
      otherwise: "tuningJob",
    }),
    imagePullSecrets: z
      .array(secretName)
      .optional()
      .meta({ description: "Secrets to pull the image with", example: ["registry"] }),
    strength: z.number().min(0).max(1).optional().meta({
      description: "How much it counts; runtime transformers only",
      example: 0.8,
      otherwise: "all",
    }),
  })
  .superRefine((adapter, context) => {
    if ((adapter.tuningJob === undefined) === (adapter.image === undefined)) {
      const message = "either tuningJob or image: where its files come from";
      context.addIssue({ code: "custom", path: [], message });
    }
    if (adapter.image !== undefined && adapter.name === undefined) {
      context.addIssue({
        code: "custom",
        path: ["name"],
        message: "a name, which an image alone doesn't give",
      });
    }
  });

/** One model that is served. */
export const model = z
  .strictObject({
    model: ruled(modelProblem).optional().meta({
      description: "A preset of KAITO, or any org/model of Hugging Face that vLLM knows",
      example: "phi-4-mini-instruct",
      allowed: "a preset of KAITO or an org/model of Hugging Face",
      otherwise: "template",
    }),
    template: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({
        description: "A PodTemplateSpec of your own instead, with a server on port 5000",
        example: { spec: { containers: [{ name: "server", image: "example.azurecr.io/llm:1" }] } },
        otherwise: "model",
        allowed: "a PodTemplateSpec",
      }),
    ...placement,
    servedModelName: z.string().min(1).optional().meta({
      description: "What the server of template calls its model",
      example: "my-model",
      otherwise: "the model's key",
    }),
    config,
    adapters: z
      .array(adapter)
      .max(10)
      .default([])
      .meta({
        description: "LoRA adapters that are loaded with it",
        example: [{ tuningJob: "dolly" }],
        allowed: "a list of up to 10",
      }),
    accessTokenSecret: secretName.optional().meta({
      description: "Secret of modelNamespace with a Hugging Face token under HF_TOKEN",
      example: "hugging-face",
      otherwise: "one made of huggingFaceToken, for gated models",
    }),
    runtime: z
      .enum(["vllm", "transformers"])
      .default("vllm")
      .meta({ description: "The server", example: "vllm" }),
    performanceMode: z
      .enum(["balanced", "interactivity", "throughput"])
      .default("balanced")
      .meta({ description: "What vLLM optimises for", example: "balanced" }),
    benchmark: z
      .boolean()
      .default(false)
      .meta({ description: "Measure tokens a minute at each start, for minutes", example: true }),
    inferenceSet: z
      .strictObject({
        replicas: z
          .int()
          .min(0)
          .max(100)
          .default(1)
          .meta({ description: "Replicas; 0 frees their GPUs", example: 2, unit: "replicas" }),
      })
      .optional()
      .meta({
        description: "Serve with an InferenceSet, which keeps several replicas or none",
        example: { replicas: 2 },
        otherwise: "a Workspace: one replica",
      }),
    autoscaling: modelAutoscaling,
    fitCheck: z
      .boolean()
      .default(true)
      .meta({ description: "Check that it fits the GPUs, as KAITO estimates it", example: true }),
    clients: clients.meta({
      description: "Pods that may call it; [] is nobody",
      example: [{ namespace: "chat" }],
      otherwise:
        "the chat app and RAG engines that ask it; with chat.enabled false the pods of its namespace",
    }),
    egress: egress.optional().meta({
      description: "What its pods may call besides DNS; [] is nothing",
      example: [{ cidr: "0.0.0.0/0" }],
      otherwise: "the internet on port 443, for the weights",
    }),
    readyTimeoutMinutes: z.int().min(1).max(240).optional().meta({
      description: "How long to wait until it answers",
      example: 60,
      unit: "minutes",
      otherwise: "60, or 90 for models above 300 GiB",
    }),
  })
  .superRefine((model, context) => {
    if ((model.model === undefined) === (model.template === undefined)) {
      const path = [model.template === undefined ? "model" : "template"];
      const message = "either model or template, and not both: what is served";
      context.addIssue({ code: "custom", path, message });
    }
    if (model.autoscaling === undefined) return;
    const notScaling: [PropertyKey[], boolean, string][] = [
      [["inferenceSet"], model.inferenceSet !== undefined, "nothing beside autoscaling, which makes one"],
      [["template"], model.template !== undefined, "nothing with autoscaling, which asks KAITO's own server"],
      [
        ["runtime"],
        model.runtime !== "vllm",
        '"vllm" with autoscaling, which asks it how many requests wait',
      ],
    ];
    for (const [path, wrong, message] of notScaling) {
      if (wrong) context.addIssue({ code: "custom", path, message });
    }
  });
