import { z } from "zod";
import { DNS_LABEL, PINNED_IMAGE, REPOSITORY } from "../../../components/forms.ts";
import { egress } from "./clients.ts";
import { text } from "./fields.ts";
import { placement, secretName } from "./model.ts";

const claim = (what: string) =>
  text(DNS_LABEL)
    .optional()
    .meta({ description: `A PersistentVolumeClaim ${what}`, example: "tuning", otherwise: "none" });

const input = z
  .strictObject({
    urls: z
      .array(z.string().regex(/^https?:\/\/[^\s/]+\/\S*$/))
      .min(1)
      .optional()
      .meta({
        description: "Files to download",
        example: ["https://example.com/dolly.parquet"],
        allowed: "a list of URLs, 1 or more",
      }),
    image: text(PINNED_IMAGE)
      .optional()
      .meta({ description: "An image with the data in /data", example: "example.azurecr.io/data/dolly:1" }),
    imagePullSecrets: z
      .array(secretName)
      .optional()
      .meta({ description: "Secrets to pull the image with", example: ["registry"] }),
    claim: claim("that holds the data"),
  })
  .superRefine((input, context) => {
    if ([input.urls, input.image, input.claim].filter((source) => source !== undefined).length === 1) return;
    const message = "exactly one of urls, image and claim: where the data are";
    context.addIssue({ code: "custom", path: [], message });
  });

const output = z
  .strictObject({
    repository: text(REPOSITORY).optional().meta({
      description: "Repository of the stack's registry that the adapter is pushed to",
      example: "adapters/dolly",
      allowed: "a repository name",
      otherwise: "claim",
    }),
    tag: z
      .string()
      .regex(/^(?!latest$)[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/)
      .default("1")
      .meta({ description: "Its tag, in quotes", example: "1", allowed: "a tag, but not latest" }),
    passwordRotationDays: z.int().min(1).max(365).default(30).meta({
      description: "How often the password for pushing is renewed",
      example: 30,
      unit: "days",
    }),
    claim: claim("that the adapter is written to"),
  })
  .superRefine((output, context) => {
    if ((output.repository === undefined) !== (output.claim === undefined)) return;
    const message = "either repository or claim: where the adapter goes";
    context.addIssue({ code: "custom", path: [], message });
  });

/** One fine-tuning. */
export const tuningJob = z.strictObject({
  preset: z.string().min(1).meta({
    description: "The model that is tuned",
    example: "phi-4-mini-instruct",
    allowed: "a preset that KAITO tunes",
  }),
  method: z
    .enum(["lora", "qlora"])
    .default("qlora")
    .meta({ description: "How; qlora needs less GPU memory", example: "qlora" }),
  ...placement,
  input: input.meta({ description: "The data", example: { urls: ["https://example.com/dolly.parquet"] } }),
  output: output.meta({ description: "Where the adapter goes", example: { repository: "adapters/dolly" } }),
  config: z
    .record(z.string(), z.record(z.string(), z.unknown()))
    .optional()
    .meta({
      description: "Sections of KAITO's training_config.yaml, over its defaults",
      example: { TrainingArguments: { num_train_epochs: 1 } },
      allowed: "sections and their values",
    }),
  gpuMemoryGiB: z.number().min(1).max(2048).optional().meta({
    description: "GPU memory that it needs on each GPU, if you know better than KAITO",
    example: 24,
    unit: "GiB",
    otherwise: "KAITO's figure for the model",
  }),
  egress: egress.optional().meta({
    description: "What its pods may call besides DNS",
    example: [{ cidr: "10.2.0.0/16", ports: [443] }],
    otherwise: "the internet, on port 443 and the ports of the input's URLs",
  }),
  maxDurationMinutes: z.int().min(1).max(10_080).optional().meta({
    description: "How long it may take, from the wait for a node to the push",
    example: 240,
    unit: "minutes",
    otherwise: "480",
  }),
});
