import { z } from "zod";
import { EMAIL } from "../../../components/chatApp/signIn.ts";
import { DNS_LABEL, GUID, QUANTITY, STORAGE_CLASS } from "../../../components/forms.ts";
import { egress } from "./clients.ts";
import { text } from "./fields.ts";

/** A URL with one of these protocols. */
export const url = (allowed: string, protocols: string) =>
  z
    .string()
    .regex(new RegExp(`^(${protocols})://[^\\s/]+\\S*$`))
    .meta({ allowed });

const entra = z
  .strictObject({
    tenantId: text(GUID).meta({
      description: "The directory",
      example: "00000000-0000-0000-0000-000000000000",
    }),
    clientId: text(GUID).meta({
      description: "The application, with the redirect URI <publicUrl>/oauth/microsoft/callback",
      example: "00000000-0000-0000-0000-000000000000",
    }),
    clientSecret: z.string().min(1).meta({
      description: "Its secret; pulumi config set --secret --path mcpaas:chat.signIn.entra.clientSecret",
      example: "...",
      allowed: "a client secret, set with --secret",
    }),
    roles: z
      .strictObject({
        users: z
          .array(z.string().regex(/^[^,*]+$/))
          .meta({ description: "App roles of users", example: ["Chat.User"] }),
        administrators: z
          .array(z.string().regex(/^[^,*]+$/))
          .meta({ description: "App roles of administrators", example: ["Chat.Admin"] }),
      })
      .optional()
      .meta({
        description: "App roles that decide who gets in, and who administers",
        example: { users: ["Chat.User"], administrators: ["Chat.Admin"] },
        otherwise: "chat.signIn.users decides",
      }),
    egress: egress.optional().meta({
      description: "Addresses of Entra ID's sign-in",
      example: [{ cidr: "20.190.128.0/18" }],
      otherwise: "those that Microsoft lists, over IPv4",
    }),
  })
  .optional()
  .meta({
    description: "Sign-in with Microsoft Entra ID",
    example: { tenantId: "00000000-0000-0000-0000-000000000000" },
    otherwise: "with passwords, of accounts that the administrator makes",
  });

/** How people sign in. */
export const signIn = z
  .strictObject({
    administratorEmail: text(EMAIL).optional().meta({
      description: "The first account, made at the first start; its password is in the output chat",
      example: "admin@example.com",
      otherwise: "admin@chat.internal",
    }),
    users: z.enum(["pending", "user"]).default("pending").meta({
      description: "What who signs in by Entra ID without a role is, until an administrator decides",
      example: "user",
    }),
    entra,
  })
  .prefault({});

/** Models that aren't this stack's. */
export const otherModels = z
  .record(
    text(DNS_LABEL),
    z.strictObject({
      url: url("a URL", "https?").meta({
        description: "Base of an OpenAI-compatible API",
        example: "https://api.example.com/v1",
      }),
      modelNames: z
        .array(z.string().min(1))
        .optional()
        .meta({ description: "Ids that are offered", example: ["gpt-5"], otherwise: "all that it lists" }),
      apiKey: z
        .string()
        .regex(/^[^\s;]+$/)
        .optional()
        .meta({
          description: "Its key; pulumi config set --secret --path mcpaas:chat.otherModels.<name>.apiKey",
          example: "...",
          allowed: "a key, set with --secret",
        }),
    }),
  )
  .default({})
  .meta({
    description: "Models elsewhere, by name",
    example: { other: { url: "https://api.example.com/v1" } },
    allowed: `models by name, each ${DNS_LABEL.words}`,
  });

/** The RAG engines that models may search. */
export const chatRagEngines = z
  .record(
    text(DNS_LABEL),
    z.strictObject({
      indexes: z
        .array(z.string().min(1))
        .min(1)
        .meta({ description: "Indexes that models may search", example: ["handbook"] }),
      description: z.string().optional().meta({
        description: "What is in it, for the models",
        example: "The company's handbook.",
        otherwise: "Texts of this organisation.",
      }),
    }),
  )
  .default({})
  .meta({
    description: "Which of ragEngines models may search",
    example: { docs: { indexes: ["handbook"] } },
    allowed: "RAG engines by name, each with indexes",
  });

const EXAMPLES = {
  database: "postgresql://chat:password@db.example.com:5432/chat?sslmode=require",
  redis: "rediss://:password@redis.example.com:6380/0",
};

/** A database or a Redis. */
const state = (
  name: "database" | "redis",
  what: string,
  allowed: string,
  protocols: string,
  otherwise: string,
) =>
  z
    .strictObject({
      deploy: z
        .boolean()
        .default(false)
        .meta({ description: `Run ${what} in the cluster`, example: true }),
      url: url(allowed, protocols)
        .optional()
        .meta({
          description: `One that exists; pulumi config set --secret --path mcpaas:chat.${name}.url`,
          example: EXAMPLES[name],
          allowed: `${allowed}, set with --secret`,
          otherwise: "deploy",
        }),
    })
    .superRefine(({ deploy, url }, context) => {
      if (deploy === (url === undefined)) return;
      const message = "either deploy: true or url, and not both";
      context.addIssue({ code: "custom", path: [], message });
    })
    .optional()
    .meta({ description: `${what} for the chat app`, example: { deploy: true }, otherwise });

export const database = state(
  "database",
  "a PostgreSQL",
  "a postgresql:// URL",
  "postgres(?:ql)?",
  "SQLite on the volume",
);

export const redis = state("redis", "a Redis", "a redis:// or rediss:// URL", "rediss?", "none");

/** The volume for chats and files. */
export const storage = z
  .strictObject({
    size: text(QUANTITY)
      .optional()
      .meta({ description: "Size of the volume for chats and files", example: "20Gi", otherwise: "10Gi" }),
    storageClass: text(STORAGE_CLASS).optional().meta({
      description: "Its storage class",
      example: "managed-csi-premium",
      otherwise: "managed-csi, or azurefile-csi with several pods",
    }),
    existingClaim: text(DNS_LABEL).optional().meta({
      description: "A PersistentVolumeClaim that is there, instead",
      example: "chats",
      otherwise: "one is made",
    }),
    deletion: z.enum(["keep", "refuse", "delete"]).optional().meta({
      description: "What becomes of it when the chat app goes: kept, pulumi refuses, or deleted",
      example: "refuse",
      otherwise: "keep",
    }),
  })
  .optional();
