import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { checkedArgs } from "../../../components/chatApp/check.ts";
import { toolServers } from "../../../components/chatApp/tools.ts";
import type { ChatAppArgs } from "../../../components/chatApp.ts";
import { failureOf } from "../../support/mocks.ts";
import { chatApp, chatArgs, docs, POSTGRESQL, phi, REDIS, search } from "./fixtures.ts";

const guid = "00000000-0000-0000-0000-000000000001";
const entra = { tenantId: guid, clientId: guid, clientSecret: "s" };
const publicUrl = "https://chat.example.com";

describe("ChatApp refuses", () => {
  it.each<[string, Partial<ChatAppArgs> & Record<string, unknown>, RegExp]>([
    ["nobody who answers", { models: [] }, /^models: is empty; .*workspace.*url/],
    ["a model from nowhere", { models: [{ name: "a" }] }, /^models\[0\]: must have one of workspace and url/],
    [
      "a model from two places",
      { models: [{ name: "a", workspace: phi, url: "http://a/v1" }] },
      /^models\[0\]: must have only one/,
    ],
    [
      "two models of one name",
      {
        models: [
          { name: "a", workspace: phi },
          { name: "a", workspace: phi },
        ],
      },
      /^models\[1\]\.name: "a" is another/,
    ],
    [
      "a URL that is two",
      { models: [{ name: "a", url: "http://a/v1;http://b" }] },
      /^models\[0\]\.url: .*";"/,
    ],
    [
      "a key that is two",
      { models: [{ name: "a", url: "http://a/v1", apiKey: "a;b" }] },
      /^models\[0\]\.apiKey: holds a ";"/,
    ],
    ["the pod's own address", { models: [{ name: "a", url: "http://localhost/v1" }] }, /^models\[0\]\.url: /],
    [
      "a password in a model's URL",
      { models: [{ name: "a", url: "https://u:pw@a/v1" }] },
      /^models\[0\]\.url: holds a user or a password, .*apiKey$/,
    ],
    [
      "a password in a tool's URL",
      { tools: [{ name: "a", url: "https://u:pw@a/mcp" }] },
      /^tools\[0\]\.url: holds a user or a password, .*as token$/,
    ],
    [
      "a tool in its own pod",
      { tools: [{ name: "a", url: "http://127.0.0.1/mcp" }] },
      /^tools\[0\]\.url: .* would be the chat app's own pod/,
    ],
    [
      "Entra ID at an address that it refuses",
      { publicUrl: "http://chat.example.com", signIn: { entra } },
      /^publicUrl: "http:.*" is not allowed with Entra ID/,
    ],
    ["a tool that takes longer than anybody waits", { toolTimeoutSeconds: 301 }, /^toolTimeoutSeconds: 301/],
    ["a tool from nowhere", { tools: [{ name: "a" }] }, /^tools\[0\]: must have one of server and url/],
    ["a tool's long name", { tools: [{ name: "a".repeat(33), server: search }] }, /^tools\[0\]\.name: .*32/],
    [
      "two tools of one name",
      {
        tools: [
          { name: "a", server: search },
          { name: "a", server: search },
        ],
      },
      /^tools\[1\]\.name: "a" is there twice/,
    ],
    [
      "an engine without indexes",
      { ragEngines: [{ name: "docs", engine: docs, indexes: [] }] },
      /^ragEngines\[0\]\.indexes: must name/,
    ],
    ["a public URL with a path", { publicUrl: "https://example.com/chat" }, /^publicUrl: .*without a path/],
    ["a public URL with a slash", { publicUrl: "https://example.com/" }, /^publicUrl: .*without a path/],
    [
      "Entra ID without a way back",
      { signIn: { entra } },
      /^publicUrl: is missing; .*oauth\/microsoft\/callback/,
    ],
    [
      "an administrator without an address",
      { signIn: { administratorEmail: "root" } },
      /^signIn\.administratorEmail: .*e-mail/,
    ],
    [
      "roles that are no app roles",
      { publicUrl, signIn: { entra: { ...entra, roles: { users: ["*"], administrators: [] } } } },
      /^signIn\.entra\.roles\.users: .*app roles/,
    ],
    ["several pods with SQLite", { replicas: 2 }, /^replicas: 2 pods need database and redis/],
    ["several pods without Redis", { replicas: 2, database: POSTGRESQL }, /^replicas: 2 pods need redis/],
    ["half a pod", { replicas: 0.5 }, /^replicas: 0\.5 is not allowed/],
    ["no time for a tool", { toolTimeoutSeconds: 0 }, /^toolTimeoutSeconds: 0 is not allowed/],
    ["variables past the check", { env: { A: "b" } }, /^env: isn't offered/],
    ["what the chart has", { ollama: {} }, /^ollama: isn't offered: models run in KAITO/],
    ["what nobody knows", { colour: "red" }, /^colour: is no argument of ChatApp/],
  ])("%s", (_, args, message) => {
    expect(() => checkedArgs("chat", chatArgs(args))).toThrow(message);
  });

  it.each<[string, Partial<ChatAppArgs>, RegExp]>([
    [
      "a disk of one node for several pods",
      { replicas: 2, database: POSTGRESQL, redis: REDIS, storage: { accessMode: "ReadWriteOnce" } },
      /^storage\.accessMode: must be "ReadWriteMany" with 2 replicas/,
    ],
    [
      "SQLite for several pods",
      { storage: { accessMode: "ReadWriteMany" } },
      /^storage\.accessMode: must be "ReadWriteOnce" without a database/,
    ],
    [
      "SQLite on a share",
      { storage: { storageClass: "azurefile-csi" } },
      /^storage\.storageClass: "azurefile-csi" makes a share/,
    ],
    [
      "a disk for several pods",
      { replicas: 2, database: POSTGRESQL, redis: REDIS, storage: { storageClass: "managed-csi-premium" } },
      /^storage\.storageClass: "managed-csi-premium" makes a disk/,
    ],
    [
      "storage that nothing uses",
      { database: POSTGRESQL, uploads: false, storage: {} },
      /^storage: isn't used/,
    ],
    [
      "a size of a claim that is there",
      { storage: { existingClaim: "chats", size: "1Gi" } },
      /^storage\.size: has no effect on existingClaim/,
    ],
    ["an image that changes", { image: "ghcr.io/open-webui/open-webui:latest" }, /^image: /],
    ["resources without a limit", { resources: { requests: {}, limits: {} } as never }, /^resources\./],
    ["to wait for ever", { readyTimeoutMinutes: 1000 }, /^readyTimeoutMinutes: /],
  ])("%s", async (_, args, message) => {
    await expect(chatApp(args)).rejects.toThrow(message);
  });

  it.each([
    ["database", { database: { url: "mysql://chat:secret@db/chat" } }],
    ["redis", { redis: { url: "http://chat:secret@cache" } }],
  ])("a %s that is none, without saying its password", (key, args) => {
    let message = "";
    try {
      checkedArgs("chat", chatArgs(args));
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain(`${key}.url: must be a URL`);
    expect(message).not.toContain("secret");
  });

  it("a caller whom the guard doesn't know", async () => {
    const [tool] = toolServers([{ name: "search", server: search, caller: "nobody" }]);
    const failure = await failureOf(pulumi.output(tool?.token ?? ""));
    expect(String(failure)).toMatch(/tools\[0\]\.caller: .*no caller "nobody"; there are chat, team/);
  });
});

it("sends no token to a server that has no guard", async () => {
  const { secret } = await chatApp({ tools: [{ name: "open", server: { ...search, tokens: {} } }] });
  expect(secret()["TOOL_SERVER_CONNECTIONS"]).toContain('"auth_type":"none"');
});
