import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { azureStack } from "../../stacks/azure.ts";
import { parseSettings } from "../../stacks/settings.ts";
import { azure } from "../support/azure.ts";
import { needs, type Registered, resolved, runWithMocks } from "../support/mocks.ts";
import { mayCall, type Pod, policiesOf } from "../support/networkPolicy.ts";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const SECRET = "kubernetes:core/v1:Secret";
const CONFIG = "kubernetes:core/v1:ConfigMap";
const NAMESPACE = "kubernetes:core/v1:Namespace";
const CLAIM = "kubernetes:core/v1:PersistentVolumeClaim";

const PHI = { model: "phi-4-mini-instruct", config: { toolCallParser: "phi4_mini_json" } };
const echo = { transport: "http", image: "mcp/echo:0.1.0" };

/** A stack with a chat app, and what else is said. */
const run = (
  chat: object = {},
  settings: object = {},
  { stack = "dev", ...options }: { preview?: boolean; stack?: string } = {},
) =>
  runWithMocks(
    () =>
      azureStack(
        parseSettings(
          {
            location: "eastus",
            models: { phi: PHI },
            mcpServers: { echo },
            ...settings,
            chat: { enabled: true, ...chat },
          },
          stack,
          () => true,
        ),
      ),
    azure,
    options,
  );

type Find = (type: string, name?: string) => Registered;
const connections = (find: Find) => find(SECRET, "chat-connections").inputs.stringData;
const tools = (find: Find) => JSON.parse(connections(find).TOOL_SERVER_CONNECTIONS);
const guardOf = (find: Find, server: string) =>
  parse(find(CONFIG, `${server}.guard`).inputs.data["guard.yaml"]);

describe.each([{ preview: false }, { preview: true }])(
  "the stack's chat app, preview: $preview",
  (options) => {
    it("goes before what it talks to, its namespace and the cluster", async () => {
      const { find, resources } = await run({}, {}, options);
      const chat = find(DEPLOYMENT, "chat");
      for (const below of [
        find(NAMESPACE, "chat"),
        find("kubernetes:kagent.dev/v1alpha1:MCPServer", "echo"),
        find("kubernetes:kaito.sh/v1beta1:Workspace", "phi"),
        find("azure-native:containerservice:ManagedCluster"),
      ]) {
        expect([below.name, needs(resources, chat, below)]).toEqual([below.name, true]);
      }
      expect(chat.provider).toBe("aks-kubernetes");
    });

    it("can be found before there is a cluster", async () => {
      const { result } = await run({}, {}, options);
      expect(await resolved(pulumi.output(result.chat?.url))).toBe("http://chat.chat.svc.cluster.local");
    });
  },
);

describe("the stack's chat app", () => {
  it("isn't there unless it is enabled, and nobody is opened for it", async () => {
    const { result, resources, find } = await run({ enabled: false });
    expect(result.chat).toBeUndefined();
    expect(resources.filter(({ type }) => type === DEPLOYMENT)).toEqual([]);
    expect(Object.keys(guardOf(find, "echo").authentication.tokens.roles)).toEqual(["team"]);
  });

  it("tells how to sign in; the password alone is a secret", async () => {
    const { result } = await run();
    expect(result.chat?.administrator.email).toBe("admin@chat.internal");
    expect(await pulumi.isSecret(pulumi.output(result.chat?.administrator.password))).toBe(true);
    expect(await pulumi.isSecret(pulumi.output(result.chat?.signIn))).toBe(false);
  });

  it("has all models, and a token of its own at each guarded server", async () => {
    const { find, result } = await run(
      {},
      { mcpServers: { echo, open: { ...echo, guard: { mode: "none" } } } },
    );
    expect(connections(find).OPENAI_API_BASE_URLS).toBe("http://phi.models.svc.cluster.local/v1");
    expect(tools(find).map(({ info }: { info: { id: string } }) => info.id)).toEqual(["echo"]);
    const { echo: tokens } = await resolved(result.mcpTokens);
    expect(tools(find)[0].key).toBe(tokens?.["chat"]);
    expect(tokens?.["chat"]).not.toBe(tokens?.["team"]);
  });

  it("has the roles at the guards that it is given, beside whom the settings know", async () => {
    const { find } = await run({ roles: ["reader"] });
    expect(guardOf(find, "echo").authentication.tokens.roles).toEqual({ chat: ["reader"], team: [] });
  });

  it("is no caller where anyone may call, and one beside an issuer's", async () => {
    const open = await run({}, { mcpGuard: { authentication: { none: "anyone-may-call" } } });
    expect(guardOf(open.find, "echo").authentication).not.toHaveProperty("tokens");
    expect(tools(open.find)[0].auth_type).toBe("none");
    const jwt = { issuer: "https://login.microsoftonline.com/t/v2.0", audience: ["api://a"] };
    const { find } = await run({}, { mcpGuard: { authentication: { jwt } } });
    expect(Object.keys(guardOf(find, "echo").authentication.tokens.roles)).toEqual(["chat"]);
  });

  it("stays what the settings say the caller chat is", async () => {
    const callers = { chat: { roles: ["operator"] } };
    const { find } = await run({}, { mcpGuard: { authentication: { tokens: { callers } } } });
    expect(guardOf(find, "echo").authentication.tokens.roles).toEqual({ chat: ["operator"] });
  });

  it("has the servers and models that it names, and others elsewhere, with their adapters", async () => {
    const adapters = [{ image: "example.azurecr.io/adapters/dolly:1", name: "dolly" }];
    const { find } = await run(
      {
        models: ["phi"],
        otherModels: { cloud: { url: "https://api.example.com/v1", apiKey: "k", modelNames: ["large"] } },
        mcpServers: ["b"],
      },
      { models: { phi: { ...PHI, adapters } }, mcpServers: { a: echo, b: echo } },
    );
    expect(tools(find).map(({ info }: { info: { id: string } }) => info.id)).toEqual(["b"]);
    const configs = JSON.parse(connections(find).OPENAI_API_CONFIGS);
    expect(configs[0].model_ids).toEqual(["phi-4-mini-instruct", "dolly"]);
    expect(connections(find).OPENAI_API_KEYS).toBe(";k");
  });

  it("searches with the known servers and the RAG engines, under their names", async () => {
    const { find } = await run(
      { ragEngines: { docs: { indexes: ["handbook"] } } },
      { openWebSearch: { enabled: true }, ragEngines: { docs: {} } },
    );
    expect(tools(find).map(({ info }: { info: { id: string } }) => info.id)).toEqual([
      "open-websearch",
      "echo",
      "docs",
    ]);
  });

  it("runs on a PostgreSQL and a Valkey of its own where it is told to", async () => {
    const { find, resources } = await run({
      replicas: 2,
      database: { deploy: true },
      redis: { deploy: true },
    });
    expect(connections(find).DATABASE_URL).toMatch(
      /^postgresql:\/\/.*\.chat\.svc\.cluster\.local:5432\/chat/,
    );
    expect(connections(find).REDIS_URL).toMatch(/^redis:\/\/.*\.chat\.svc\.cluster\.local:6379/);
    const chat: Pod = {
      namespace: "chat",
      labels: find(DEPLOYMENT, "chat").inputs.spec.selector.matchLabels,
    };
    const state = resources.filter(({ type }) => type === "kubernetes:apps/v1:StatefulSet");
    expect(state).toHaveLength(2);
    const rules = policiesOf(resources);
    for (const { name, inputs } of state) {
      const pod = { namespace: "chat", labels: inputs.spec.template.metadata.labels };
      const port = name.includes("redis") ? 6379 : 5432;
      expect([name, mayCall(rules, chat, pod, port)]).toEqual([name, true]);
      expect([name, mayCall(rules, { namespace: "chat", labels: {} }, pod, port)]).toEqual([name, false]);
    }
  });

  it("keeps what its settings say of the database's disk and backups", async () => {
    const { find, resources } = await run({
      database: { deploy: true, size: "50Gi", deletion: "refuse", backup: { keep: 30, size: "90Gi" } },
    });
    expect(find(CLAIM, "chat-database-data")).toMatchObject({
      protect: true,
      inputs: { spec: { resources: { requests: { storage: "50Gi" } } } },
    });
    const sizes = resources
      .filter(({ type }) => type === CLAIM)
      .map(({ inputs }) => inputs.spec.resources.requests);
    expect(sizes).toContainEqual({ storage: "90Gi" });
    const none = await run({ database: { deploy: true, backup: { enabled: false } } });
    expect(none.resources.filter(({ type }) => type.endsWith(":CronJob"))).toEqual([]);
  });

  it.each([
    ["prod", undefined, true],
    ["prod", "keep", false],
    ["dev", undefined, false],
  ])("on the stack %s, deletion %s, refuses to lose its data: %s", async (stack, deletion, refused) => {
    const own = deletion === undefined ? {} : { deletion };
    const { resources } = await run(
      { database: { deploy: true, ...own, backup: own }, storage: own },
      {},
      { stack },
    );
    const claims = resources.filter(({ type }) => type === CLAIM);
    expect(claims.map(({ name, protect }) => [name, protect ?? false]).sort()).toEqual([
      ["chat-data", refused],
      ["chat-database-backup-data", refused],
      ["chat-database-data", refused],
    ]);
  });

  it("reaches models, engines and guards, and those alone let it in; others of its namespace don't", async () => {
    const { find, resources } = await run(
      { models: ["phi"], mcpServers: ["echo"], ragEngines: { docs: { indexes: ["a"] } } },
      {
        models: { phi: { ...PHI, clients: [] }, other: { ...PHI, pool: "more" } },
        cluster: {
          moreGpuPools: { more: { maxCount: 1, minCount: 1 } },
          gpuPool: { minCount: 1, maxCount: 1 },
        },
        mcpServers: { echo, other: echo },
        ragEngines: { docs: {} },
      },
    );
    const rules = policiesOf(resources);
    const chat: Pod = {
      namespace: "chat",
      labels: find(DEPLOYMENT, "chat").inputs.spec.selector.matchLabels,
    };
    const neighbour: Pod = { namespace: "chat", labels: { app: "other" } };
    const server = (name: string): Pod => ({
      namespace: "mcp",
      labels: { "app.kubernetes.io/name": name, "app.kubernetes.io/instance": name },
    });
    const calls: [string, Pod, number, boolean][] = [
      ["phi", { namespace: "models", labels: { "kaito.sh/workspace": "phi" } }, 5000, true],
      ["docs", { namespace: "models", labels: { "kaito.sh/ragengine": "docs" } }, 5000, true],
      ["echo", server("echo"), 3000, true],
      ["other model", { namespace: "models", labels: { "kaito.sh/workspace": "other" } }, 5000, false],
      ["other server", server("other"), 3000, false],
      ["echo past its guard", server("echo"), 8080, false],
    ];
    for (const [name, pod, port, expected] of calls) {
      expect([name, mayCall(rules, chat, pod, port)]).toEqual([name, expected]);
      expect([name, mayCall(rules, neighbour, pod, port)]).toEqual([name, false]);
    }
  });
});
