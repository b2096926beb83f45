import { z } from "zod";
import { EMAIL } from "../../../components/chatApp/signIn.ts";
import { modelUrl } from "../../../components/chatApp/urls.ts";
import { DNS_LABEL, GUID } from "../../../components/forms.ts";
import { url } from "./chatUrl.ts";
import { egress } from "./clients.ts";
import { text } from "./fields.ts";

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
        description:
          "App roles that decide who gets in, and who administers; read docs/chat.md on removing them",
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
      description:
        "The first account, made at the first start, nobody's own in Entra ID; its password is in the output chat",
      example: "admin@example.com",
      otherwise: "admin@chat.internal",
    }),
    users: z.enum(["pending", "user"]).default("pending").meta({
      description: "What who first signs in by Entra ID without a role is, until an administrator decides",
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
      url: url("a URL", "https?")
        .superRefine((text, context) => {
          const message = modelUrl(text);
          // It may hold a password.
          if (message !== undefined) context.addIssue({ code: "custom", message, params: { secret: true } });
        })
        .meta({
          description: "Base of an OpenAI-compatible API",
          example: "https://api.example.com/v1",
        }),
      modelNames: z
        .array(z.string().min(1))
        .optional()
        .meta({
          description: "Ids that are offered",
          example: ["gpt-5"],
          otherwise: "all that it lists, each with the endpoint's name before it",
        }),
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
        .meta({
          description: "Indexes that models are told of, a hint: who chats can read all of the engine",
          example: ["handbook"],
        }),
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
