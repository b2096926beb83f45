import { describe, expect, it } from "vitest";
import { parseSettings, SettingsError } from "../../stacks/settings.ts";

const PHI = { model: "phi-4-mini-instruct", config: { toolCallParser: "phi4_mini_json" } };
const echo = { transport: "http", image: "mcp/echo:0.1.0" };
const guid = "00000000-0000-0000-0000-000000000001";

/** What is wrong with a stack that has a model, a server and a chat app. */
function problems(chat: object, settings: object = {}, secret = true): string[] {
  const input = { location: "eastus", models: { phi: PHI }, mcpServers: { echo }, ...settings };
  try {
    parseSettings({ ...input, chat: { enabled: true, ...chat } }, "dev", () => secret);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return [...error.problems];
    throw error;
  }
}

describe("settings of the chat app", () => {
  it("are few: it can just be enabled", () => {
    expect(problems({})).toEqual([]);
    expect(parseSettings({ location: "eastus" }, "dev").chat.enabled).toBe(false);
  });

  it.each<[string, object, object, RegExp]>([
    [
      "nobody who answers",
      {},
      { models: {} },
      /mcpaas:chat\.enabled[\s\S]*add one to models, or .*otherModels/,
    ],
    ["a model that isn't there", { models: ["ph"] }, {}, /chat\.models\[0\][\s\S]*one of the models: phi/],
    ["a server that isn't there", { mcpServers: ["ech"] }, {}, /chat\.mcpServers\[0\][\s\S]*one of .*: echo/],
    [
      "a RAG engine that isn't there",
      { ragEngines: { a: { indexes: ["i"] } } },
      {},
      /chat\.ragEngines\.a[\s\S]*nothing/,
    ],
    [
      "a RAG engine without indexes",
      { ragEngines: { a: { indexes: [] } } },
      { ragEngines: { a: {} } },
      /indexes/,
    ],
    [
      "a model that can't call tools",
      {},
      { models: { phi: { model: "phi-4-mini-instruct" } } },
      /models\.phi\.config\.toolCallParser[\s\S]*phi4_mini_json[\s\S]*chat\.models/,
    ],
    [
      "a server of models that knows no tools",
      {},
      { models: { phi: { ...PHI, config: undefined, runtime: "transformers" } } },
      /models\.phi\.runtime[\s\S]*"vllm"/,
    ],
    [
      "a namespace that others have",
      { namespace: "mcp" },
      {},
      /chat\.namespace[\s\S]*another namespace than mcpNamespace/,
    ],
    [
      "one name for two models",
      { otherModels: { phi: { url: "https://a.example/v1" } } },
      {},
      /chat\.otherModels\.phi[\s\S]*another name/,
    ],
    ["several pods without what they share", { replicas: 2 }, {}, /chat\.database[\s\S]*deploy: true/],
    ["a database that is nowhere", { database: {} }, {}, /chat\.database[\s\S]*either deploy: true or url/],
    [
      "a database in two places",
      { database: { deploy: true, url: "postgresql://a/b" } },
      {},
      /chat\.database[\s\S]*and not two of them/,
    ],
    [
      "a disk of a database elsewhere",
      { database: { url: "postgresql://a/b", size: "1Gi" } },
      {},
      /chat\.database\.deploy[\s\S]*true, because size is of one/,
    ],
    [
      "roles in two places",
      { roles: ["a"] },
      { mcpGuard: { authentication: { tokens: { callers: { chat: {} } } } } },
      /chat\.roles[\s\S]*callers\.chat/,
    ],
    [
      "SQLite on a share",
      { storage: { storageClass: "azurefile-csi" } },
      {},
      /chat\.storage\.storageClass[\s\S]*a class of disks/,
    ],
    [
      "SQLite for several pods",
      { storage: { accessMode: "ReadWriteMany" } },
      {},
      /chat\.storage\.accessMode[\s\S]*ReadWriteOnce, because SQLite/,
    ],
    [
      "a disk for all pods",
      { database: { deploy: true }, storage: { storageClass: "managed-csi-premium" } },
      {},
      /chat\.storage\.storageClass[\s\S]*a class of shares/,
    ],
    [
      "more pods than its disk has, and say what stays behind",
      {
        replicas: 2,
        database: { deploy: true },
        redis: { deploy: true },
        storage: { accessMode: "ReadWriteOnce" },
      },
      {},
      /chat\.storage\.accessMode[\s\S]*copy the files to it/,
    ],
    [
      "a database on a share",
      { database: { deploy: true, storageClass: "azurefile" } },
      {},
      /chat\.database\.storageClass[\s\S]*a class of disks/,
    ],
    [
      "storage that nothing uses",
      { database: { deploy: true }, uploads: false, storage: {} },
      {},
      /chat\.storage[\s\S]*nothing, because chats are in the database/,
    ],
    [
      "Entra ID at an address that it refuses",
      {
        publicUrl: "http://chat.example.com",
        signIn: { entra: { tenantId: guid, clientId: guid, clientSecret: "s" } },
      },
      {},
      /chat\.publicUrl[\s\S]*https:\/\/ URL, because Entra ID/,
    ],
    ["a tool that takes longer than anybody waits", { toolTimeoutSeconds: 301 }, {}, /from 1 to 300/],
    [
      "a model at the pod's own address",
      { otherModels: { a: { url: "http://localhost/v1" } } },
      {},
      /otherModels\.a\.url[\s\S]*would be the chat app's own pod/,
    ],
    ["a key that doesn't exist", { replica: 2 }, {}, /chat\.replica[\s\S]*did you mean "replicas"/],
  ])("refuse %s", (_, chat, settings, message) => {
    expect(problems(chat, settings).join("\n")).toMatch(message);
  });

  it("don't repeat a password in a URL, and say where a key belongs", () => {
    const chat = { otherModels: { a: { url: "https://user:hunter2@a.example/v1" } } };
    const [problem] = problems(chat, {}, false);
    expect(problem).toMatch(/otherModels\.a\.url[\s\S]*give the key as apiKey/);
    expect(problem).not.toContain("hunter2");
  });

  it("say nothing of what is disabled", () => {
    expect(problems({ enabled: false, replicas: 2, models: ["none"] })).toEqual([]);
  });

  it("ask a model for no tool calls where there are no tools", () => {
    expect(problems({}, { models: { phi: { model: "phi-4-mini-instruct" } }, mcpServers: {} })).toEqual([]);
    expect(problems({ mcpServers: [] }, { models: { phi: { model: "phi-4-mini-instruct" } } })).toEqual([]);
  });

  it("can name a server without a guard, which is none of the default ones", () => {
    const settings = { mcpServers: { open: { ...echo, guard: { mode: "none" } } } };
    expect(problems({ mcpServers: ["open"] }, settings)).toEqual([]);
  });

  it.each<[string, object]>([
    [
      "signIn.entra.clientSecret",
      { signIn: { entra: { tenantId: guid, clientId: guid, clientSecret: "s" } } },
    ],
    ["otherModels.cloud.apiKey", { otherModels: { cloud: { url: "https://a.example/v1", apiKey: "k" } } }],
    ["database.url", { database: { url: "postgresql://chat:pw@db/chat" } }],
    ["redis.url", { redis: { url: "redis://:pw@cache" } }],
  ])("want %s as a secret", (key, chat) => {
    expect(problems(chat)).toEqual([]);
    const [problem] = problems(chat, {}, false);
    expect(problem).toContain(`mcpaas:chat.${key}`);
    expect(problem).toContain(`pulumi config set --secret --path mcpaas:chat.${key}`);
    expect(problem).not.toMatch(/pw|"k"|"s"/);
  });
});
