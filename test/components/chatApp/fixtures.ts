import * as pulumi from "@pulumi/pulumi";
import type { ChatFacts, ChatPartners } from "../../../components/chatApp/facts.ts";
import { ChatApp, type ChatAppArgs } from "../../../components/chatApp.ts";
import { type Registered, runWithMocks } from "../../support/mocks.ts";

export const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
export const SECRET = "kubernetes:core/v1:Secret";
export const CLAIM = "kubernetes:core/v1:PersistentVolumeClaim";
const KEY = "pulumi-nodejs:dynamic/mcpaas:GeneratedKey";

export const phi = {
  url: pulumi.output("http://phi.models.svc.cluster.local/v1"),
  modelName: pulumi.output("phi-4-mini-instruct"),
  podLabels: { "kaito.sh/workspace": "phi" },
};

export const search = {
  url: "http://search.mcp.svc.cluster.local:3000/mcp",
  tokens: pulumi.secret({ chat: "token-of-chat", team: "token-of-team" }),
  podLabels: { "app.kubernetes.io/name": "search" },
};

export const docs = {
  url: "http://docs.models.svc.cluster.local",
  podLabels: { "kaito.sh/ragengine": "docs" },
};

export const POSTGRESQL = { url: pulumi.secret("postgresql://chat:pw@db.example.com/chat") };
export const REDIS = { url: pulumi.secret("redis://:pw@cache.state.svc.cluster.local:6379/0") };

/** A chat app with a model, and what else is said. */
export const chatArgs = (args: Partial<ChatAppArgs> = {}): ChatAppArgs => ({
  namespace: "chat",
  models: [{ name: "phi", workspace: phi }],
  ...args,
});

/** What a chat app registers; other resources can be made before it. */
export async function chatApp(
  args: Partial<ChatAppArgs> = {},
  options: { preview?: boolean; before?: () => void } = {},
) {
  let keys = 0;
  const run = await runWithMocks(
    () => {
      options.before?.();
      return new ChatApp("chat", chatArgs(args));
    },
    {
      outputs: {
        [KEY]: () => ({ value: `key-${++keys}` }),
        // As the real provider does, which names what has no name.
        [SECRET]: ({ metadata, stringData }) => ({
          stringData,
          metadata: { name: "chat-1a2b", ...metadata },
        }),
      },
    },
    options,
  );
  return { ...run, ...readings(run.find) };
}

function readings(find: (type: string, name?: string) => Registered) {
  const pod = () => find(DEPLOYMENT).inputs.spec.template.spec;
  return {
    pod,
    env: (): Record<string, string> =>
      Object.fromEntries(
        pod().containers[0].env.map(({ name, value }: { name: string; value: string }) => [name, value]),
      ),
    secret: (): Record<string, string> => find(SECRET).inputs.stringData,
  };
}

export const FACTS: ChatFacts = {
  serviceUrl: "http://chat.chat.svc.cluster.local",
  signIn: { administratorEmail: "admin@chat.internal", users: "pending" },
  systemPrompt: "Answer.",
  suggestions: ["Why?"],
  modelTimeoutSeconds: 600,
  toolTimeoutSeconds: 300,
  toolRounds: 10,
  uploads: true,
  attachedTools: ["server:mcp:search"],
  redis: false,
};

export const PARTNERS: ChatPartners = {
  models: [
    { name: "phi", url: "http://phi.models.svc.cluster.local/v1", modelNames: ["phi-4-mini"], apiKey: "" },
  ],
  tools: [],
  ragEngines: [],
  secretKey: "key",
  administratorPassword: "password",
};

/** With everything that adds a variable. */
export const EVERYTHING = {
  facts: {
    ...FACTS,
    publicUrl: "https://chat.example.com",
    redis: true,
    signIn: {
      ...FACTS.signIn,
      entra: {
        tenantId: "00000000-0000-0000-0000-000000000001",
        clientId: "00000000-0000-0000-0000-000000000002",
        clientSecret: "secret",
        roles: { users: ["Chat.User"], administrators: ["Chat.Admin"] },
      },
    },
  } satisfies ChatFacts,
  partners: {
    ...PARTNERS,
    databaseUrl: "postgresql://db.example.com/chat",
    redisUrl: "redis://cache.example.com",
    entraClientSecret: "secret",
  } satisfies ChatPartners,
};
