import { describe, expect, it } from "vitest";
import type { ChatAppArgs } from "../../../components/chatApp.ts";
import { chatPodLabels } from "../../../components/chatApp.ts";
import { RestrictedNamespace } from "../../../components/restrictedNamespace.ts";
import { mayCall, type Pod, policiesOf } from "../../support/networkPolicy.ts";
import { chatApp, docs, POSTGRESQL, phi, REDIS, search } from "./fixtures.ts";

const chat: Pod = { namespace: "chat", labels: chatPodLabels("chat") };
const gateway: Pod = { namespace: "ingress", labels: { "gateway.networking.k8s.io/gateway-name": "g" } };
const neighbour: Pod = { namespace: "chat", labels: { app: "other" } };
const model: Pod = { namespace: "models", labels: phi.podLabels };
const otherModel: Pod = { namespace: "models", labels: { "kaito.sh/workspace": "other" } };
const server: Pod = { namespace: "mcp", labels: search.podLabels };
const engine: Pod = { namespace: "models", labels: docs.podLabels };
const cache: Pod = { namespace: "state", labels: { app: "cache" } };

/** The policies of a chat app in a restricted namespace. */
async function policies(args: Partial<ChatAppArgs> = {}) {
  const { resources } = await chatApp(args, { before: () => new RestrictedNamespace("chat") });
  return policiesOf(resources);
}

describe("who reaches the chat app", () => {
  it("is nobody by default", async () => {
    const rules = await policies();
    for (const pod of [gateway, neighbour, model]) expect(mayCall(rules, pod, chat, 8080)).toBe(false);
  });

  it("are its clients, on its port", async () => {
    const rules = await policies({ clients: [{ namespace: "ingress", podLabels: gateway.labels }] });
    expect(mayCall(rules, gateway, chat, 8080)).toBe(true);
    expect(mayCall(rules, gateway, chat, 22)).toBe(false);
    expect(mayCall(rules, { ...gateway, labels: {} }, chat, 8080)).toBe(false);
    expect(mayCall(rules, neighbour, chat, 8080)).toBe(false);
  });
});

describe("whom the chat app reaches", () => {
  it("are its models, tools and RAG engines, and no others beside them", async () => {
    const rules = await policies({
      tools: [{ name: "search", server: search }],
      ragEngines: [{ name: "docs", engine: docs, indexes: ["handbook"] }],
    });
    for (const [pod, port] of [
      [model, 5000],
      [server, 3000],
      [engine, 5000],
    ] as const) {
      expect([pod, mayCall(rules, chat, pod, port)]).toEqual([pod, true]);
      expect([pod, mayCall(rules, chat, pod, 9464)]).toEqual([pod, false]);
    }
    expect(mayCall(rules, chat, otherModel, 5000)).toBe(false);
    expect(mayCall(rules, chat, neighbour, 5000)).toBe(false);
  });

  it("is nobody else in the namespace or the tools' namespaces without being told", async () => {
    const rules = await policies();
    for (const [pod, port] of [
      [server, 3000],
      [engine, 5000],
      [cache, 6379],
    ] as const) {
      expect(mayCall(rules, chat, pod, port)).toBe(false);
    }
  });

  it("are a Redis where its URL says, and a database where its target does", async () => {
    const target = { namespace: "data", podLabels: { app: "db" }, port: 5432 };
    const rules = await policies({ database: { ...POSTGRESQL, target }, redis: REDIS });
    expect(mayCall(rules, chat, cache, 6379)).toBe(true);
    expect(mayCall(rules, chat, { namespace: "data", labels: { app: "db" } }, 5432)).toBe(true);
    expect(mayCall(rules, chat, { namespace: "data", labels: {} }, 5432)).toBe(false);
  });

  it("is Entra ID with Entra ID, and the internet with a model there, but never the node's metadata", async () => {
    const guid = "00000000-0000-0000-0000-000000000001";
    const signIn = { entra: { tenantId: guid, clientId: guid, clientSecret: "s" } };
    const blocks = async (args: Partial<ChatAppArgs>) =>
      (await policies(args)).flatMap(({ spec }) =>
        (spec.egress ?? []).flatMap(({ to = [] }) => to.flatMap(({ ipBlock }) => ipBlock ?? [])),
      );
    expect(await blocks({})).toEqual([]);
    const entra = await blocks({ publicUrl: "https://chat.example.com", signIn });
    expect(entra.map(({ cidr }) => cidr)).toContain("20.190.128.0/18");
    const [internet] = await blocks({ models: [{ name: "a", url: "https://api.example.com/v1" }] });
    expect(internet).toMatchObject({ cidr: "0.0.0.0/0", except: expect.arrayContaining(["169.254.0.0/16"]) });
    await expect(chatApp({ egress: [{ cidr: "169.254.169.254/32" }] })).rejects.toThrow(
      /^egress\[0\]\.cidr: /,
    );
  });
});
