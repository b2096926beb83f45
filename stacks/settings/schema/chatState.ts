import { z } from "zod";
import { CRON_SCHEDULE, DNS_LABEL, QUANTITY, STORAGE_CLASS } from "../../../components/forms.ts";
import { azureDatabase } from "./azureDatabase.ts";
import { url } from "./chatUrl.ts";
import { resources, text } from "./fields.ts";

/** What happens by default to data that can't be made again; stacks/shared/chatState.ts. */
const KEPT = "refuse with protect, else keep";

/** A disk that is made, or one that is there. */
const disk = (size: string, { storageClass = "managed-csi", deletion = KEPT } = {}) => ({
  size: text(QUANTITY)
    .optional()
    .meta({ description: "Size of its volume", example: "20Gi", otherwise: size }),
  storageClass: text(STORAGE_CLASS).optional().meta({
    description: "Storage class of its volume; another one is another, empty volume",
    example: "managed-csi-premium",
    otherwise: storageClass,
  }),
  existingClaim: text(DNS_LABEL).optional().meta({
    description: "A PersistentVolumeClaim that is there, instead",
    example: "chats",
    otherwise: "one is made",
  }),
  deletion: z.enum(["keep", "refuse", "delete"]).optional().meta({
    description:
      "What becomes of the volume when it leaves the settings; what is kept goes with its namespace all the same",
    example: "refuse",
    otherwise: deletion,
  }),
});

/** One in the cluster, or one by its URL. */
const deployed = (
  name: "database" | "redis",
  what: string,
  allowed: string,
  protocols: string,
  example: string,
) => ({
  deploy: z
    .boolean()
    .default(false)
    .meta({ description: `Run ${what} in the cluster`, example: true }),
  url: url(allowed, protocols)
    .optional()
    .meta({
      description: `One that exists; pulumi config set --secret --path mcpaas:chat.${name}.url`,
      example,
      allowed: `${allowed}, set with --secret`,
      otherwise: "deploy",
    }),
  resources,
});

/** Refuses several, none, and what only one that is deployed has. */
const oneOf =
  (rule: string) =>
  (state: { deploy: boolean; url?: string; azure?: object }, context: z.RefinementCtx): void => {
    const { deploy, url: given, azure, ...own } = state;
    const fail = (path: string[], message: string) => context.addIssue({ code: "custom", path, message });
    if ([deploy, given !== undefined, azure !== undefined].filter(Boolean).length !== 1) fail([], rule);
    const useless = Object.entries(own).find(([, value]) => value !== undefined)?.[0];
    if (!deploy && useless !== undefined) {
      fail(["deploy"], `true, because ${useless} is of one that is deployed; or leave it out`);
    }
  };

/** The chat app's database. */
export const database = z
  .strictObject({
    ...deployed(
      "database",
      "a PostgreSQL",
      "a postgresql:// URL",
      "postgres(?:ql)?",
      "postgresql://chat:password@db.example.com:5432/chat?sslmode=require",
    ),
    azure: azureDatabase,
    ...disk("10Gi"),
    backup: z
      .strictObject({
        enabled: z.boolean().default(true).meta({ description: "Dump the database", example: false }),
        schedule: text(CRON_SCHEDULE).optional().meta({
          description: "When, as cron has it, in UTC",
          example: "17 3 * * *",
          otherwise: "17 3 * * *",
        }),
        keep: z.int().min(1).max(1000).optional().meta({
          description: "How many are kept",
          example: 14,
          unit: "dumps",
          otherwise: "7",
        }),
        ...disk("10Gi"),
      })
      .optional()
      .meta({
        description: "Dumps of the database, on a volume of their own",
        example: { keep: 14 },
        otherwise: "one each night, 7 are kept",
      }),
  })
  .superRefine(oneOf("either deploy: true or url or azure, and not two of them"))
  .optional()
  .meta({
    description: "PostgreSQL for the chat app; docs/chat-state.md",
    example: { deploy: true },
    otherwise: "SQLite on the volume",
  });

/** What the chat app's pods tell each other through. */
export const redis = z
  .strictObject({
    ...deployed(
      "redis",
      "a Valkey",
      "a redis:// or rediss:// URL",
      "rediss?",
      "rediss://:password@redis.example.com:6380/0",
    ),
    ...disk("1Gi", { deletion: "keep" }),
  })
  .superRefine(oneOf("either deploy: true or url, and not both"))
  .optional()
  .meta({
    description: "Redis for several pods of the chat app; docs/chat-state.md",
    example: { deploy: true },
    otherwise: "none",
  });

/** The volume for chats and files. */
export const storage = z
  .strictObject({
    ...disk("10Gi", { storageClass: "managed-csi, or azurefile-csi with a database" }),
    accessMode: z.enum(["ReadWriteOnce", "ReadWriteMany"]).optional().meta({
      description: "Whether one node's pods write it, or all; another one is another, empty volume",
      example: "ReadWriteMany",
      otherwise: "ReadWriteOnce with SQLite, ReadWriteMany with a database",
    }),
  })
  .optional();
