import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { azureStack } from "../../../stacks/azure.ts";
import { localStack } from "../../../stacks/local.ts";
import { parseSettings } from "../../../stacks/settings.ts";
import { platformIngress } from "../../../stacks/shared/ingress.ts";
import { azure, GATEWAY_ADDRESS } from "../../support/azure.ts";
import { needs, type Registered, resolved, runWithMocks } from "../../support/mocks.ts";
import { kubeconfigOf, localSettings, written } from "./support.ts";

const local = (more: object = {}) => ({
  context: "kind-mcpaas",
  kubeconfig: written(kubeconfigOf("kind-mcpaas")),
  ...more,
});
const run = (settings: object = {}, options: { preview?: boolean } = {}) =>
  runWithMocks(
    () => {
      const parsed = parseSettings({ ...localSettings(), local: local(), ...settings }, "local");
      return localStack(parsed, parsed.ingress.enabled ? platformIngress : undefined);
    },
    { ...azure, outputs: { ...azure.outputs } },
    options,
  );

const SERVER = "kubernetes:kagent.dev/v1alpha1:MCPServer";
const CHART = "kubernetes:helm.sh/v4:Chart";
const NAMESPACE = "kubernetes:core/v1:Namespace";
const CLAIM = "kubernetes:core/v1:PersistentVolumeClaim";
const PROVIDER = "pulumi:providers:kubernetes";

/** All images of the inputs of resources. */
const imagesOf = (resources: readonly Registered[]) =>
  [...JSON.stringify(resources.map(({ inputs }) => inputs)).matchAll(/"image":"([^"]+)"/g)].map(
    ([, at]) => at,
  );

describe.each([{ preview: false }, { preview: true }])(
  "the local stack, preview: $preview",
  ({ preview }) => {
    it("has nothing of Azure or of Docker, and all that it has is in the cluster of the context", async () => {
      const { resources } = await run({}, { preview });
      const kinds = new Set(resources.map(({ type }) => type.split(":")[0]));
      expect([...kinds].sort()).toEqual(["kubernetes", "mcpaas", "pulumi", "pulumi-nodejs"]);
      for (const { name, type, provider } of resources) {
        if (type.startsWith("kubernetes:")) expect([name, provider]).toEqual([name, "cluster"]);
      }
    });

    it("is deleted from the top down: servers, controller, CRDs, namespace", async () => {
      const { find, resources } = await run({}, { preview });
      const order = [
        find(SERVER, "echo"),
        find(CHART, "kmcp-controller"),
        find(CHART, "kmcp-crds"),
        find(NAMESPACE, "mcp"),
      ];
      for (const [i, above] of order.entries()) {
        for (const below of order.slice(i + 1)) {
          expect([above.name, below.name, needs(resources, above, below)]).toEqual([
            above.name,
            below.name,
            true,
          ]);
        }
      }
    });
  },
);

describe("the local stack", { timeout: 60_000 }, () => {
  it("takes images that were loaded into the nodes, in the checkout's version, and none by latest", async () => {
    const { resources } = await run();
    const own = imagesOf(resources).filter((image) => image?.includes("mcp/"));
    expect([...new Set(own)].sort()).toEqual([
      "localhost/mcp/echo:0.1.0",
      "localhost/mcp/guard:0.1.0",
      "localhost/mcp/innovation-engine:0.1.0",
      expect.stringMatching(/^localhost\/mcp\/open-websearch:\d/),
    ]);
  });

  it("has them named in docs/local.md, for whoever loads them", async () => {
    const text = readFileSync(new URL("../../../docs/local.md", import.meta.url), "utf8");
    const [, servers = "", version = ""] =
      /for server in ([a-z -]+); do\n {2}image=localhost\/mcp\/\$server:(\S+)/.exec(text) ?? [];
    const named = servers.split(" ").map((server) => `localhost/mcp/${server}:${version}`);
    const { resources } = await run();
    const own = imagesOf(resources).filter((image) => image?.includes("mcp/"));
    expect(named.sort()).toEqual([...new Set(own)].sort());
  });

  it("takes them from the registry that it is told, but for those that name one", async () => {
    const { resources } = await run({
      local: local({ registry: "localhost:5001/team" }),
      images: { prebuilt: { guard: "ghcr.io/a/guard:1.2", echo: "other/echo:3" } },
    });
    const own = imagesOf(resources).filter((image) => /guard|echo|engine/.test(image ?? ""));
    expect([...new Set(own)].sort()).toEqual([
      "ghcr.io/a/guard:1.2",
      "localhost:5001/team/mcp/innovation-engine:0.1.0",
      "localhost:5001/team/other/echo:3",
    ]);
  });

  it("keeps chats on a volume of the cluster's default class, or of the one that it is told", async () => {
    expect((await run()).find(CLAIM).inputs.spec).not.toHaveProperty("storageClassName");
    const told = await run({ local: local({ storageClass: "fast" }) });
    expect(told.find(CLAIM).inputs.spec.storageClassName).toBe("fast");
    const { chat } = localSettings();
    const own = await run({
      local: local({ storageClass: "fast" }),
      chat: { ...chat, storage: { storageClass: "slow" } },
    });
    expect(own.find(CLAIM).inputs.spec.storageClassName).toBe("slow");
  });

  it("has the kubeconfig as a secret and nowhere else", async () => {
    const { result, resources } = await run();
    expect(await pulumi.isSecret(result.kubeconfig)).toBe(true);
    const key = Buffer.from("key of kind-mcpaas").toString("base64");
    expect(await resolved(result.kubeconfig)).toContain(key);
    const shown = resources.filter(
      ({ inputs, secretInputs }) =>
        JSON.stringify(inputs).includes(key) && !secretInputs.includes("kubeconfig"),
    );
    expect(shown.map(({ name }) => name)).toEqual([]);
  });

  it("tells new credentials from another cluster", async () => {
    const identifier = async (config: object) =>
      (await run({ local: local({ kubeconfig: written(config) }) })).find(PROVIDER, "cluster").inputs
        .clusterIdentifier;
    const here = await identifier(kubeconfigOf("kind-mcpaas"));
    expect(await identifier(kubeconfigOf("kind-mcpaas", { server: "https://10.0.0.1:6443" }))).toBe(here);
    expect(await identifier(kubeconfigOf("kind-mcpaas", { authority: "new" }))).not.toBe(here);
  });

  it("has the outputs by which the commands find it, under the names that they have on Azure", async () => {
    const { result } = await run();
    expect(await resolved(result.mcpUrls)).toEqual({
      echo: "http://echo.mcp.svc.cluster.local:3000/mcp",
      "open-websearch": "http://open-websearch.mcp.svc.cluster.local:3000/mcp",
      "innovation-engine": "http://innovation-engine.mcp.svc.cluster.local:3000/mcp",
    });
    expect(Object.keys((await resolved(result.mcpTokens))["echo"] ?? {}).sort()).toEqual(["chat", "team"]);
    expect(result.chat?.url && (await resolved(result.chat.url))).toBe("http://chat.chat.svc.cluster.local");
    const names = Object.keys(result);
    const { result: onAzure } = await runWithMocks(
      () => azureStack(parseSettings({ location: "eastus" }, "dev")),
      azure,
    );
    expect(Object.keys(onAzure)).toEqual(expect.arrayContaining(names));
  });

  it("lets the chat app out to the model's Service and not to the whole of the network", async () => {
    const { find } = await run();
    const { egress } = find("kubernetes:networking.k8s.io/v1:NetworkPolicy", "chat-services").inputs.spec;
    expect(
      egress.flatMap(({ to = [] }: { to?: object[] }) => to).filter((to: object) => "ipBlock" in to),
    ).toEqual([]);
    expect(egress).toContainEqual({
      to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "ollama" } } }],
      ports: [{ protocol: "TCP", port: 11434 }],
    });
  });

  it("has a front door of the cluster's own class", async () => {
    const { find, result, resources } = await run({
      ingress: {
        enabled: true,
        className: "envoy",
        host: "chat.example.com",
        tls: { secret: { name: "tls", namespace: "ingress" } },
        clients: [{ namespace: "envoy-gateway-system" }],
      },
    });
    expect(find("kubernetes:gateway.networking.k8s.io/v1:Gateway").inputs.spec.gatewayClassName).toBe(
      "envoy",
    );
    expect(result.ingress && (await resolved(pulumi.output(result.ingress.address)))).toBe(GATEWAY_ADDRESS);
    expect(resources.filter(({ type }) => type.startsWith("azure-native:"))).toEqual([]);
  });

  it("says before anything is made that another context is the current one", async () => {
    const kubeconfig = written(kubeconfigOf("kind-mcpaas", { current: "prod" }));
    await expect(run({ local: local({ kubeconfig }) })).rejects.toThrow(
      /kubectl config use-context kind-mcpaas/,
    );
  });
});

describe("what is in the cluster", { timeout: 60_000 }, () => {
  /** What is the same wherever it runs: all but images and the volume's class. */
  const inCluster = (resources: readonly Registered[]) =>
    Object.fromEntries(
      resources
        .filter(({ type }) => type.startsWith("kubernetes:") && type !== PROVIDER)
        .map(({ type, name, inputs }) => [`${type} ${name}`, withoutPlace(inputs)]),
    );
  const withoutPlace = (inputs: unknown): unknown =>
    JSON.parse(JSON.stringify(inputs), (key, value) => {
      // The annotation is a digest of the image, among others.
      if (key === "storageClassName" || key === "mcpaas.dev/spec") return undefined;
      return typeof value === "string"
        ? value
            .replace(/^\S+\/(mcp\/[a-z-]+)[:@]\S+$/, "$1")
            .replace(/-data-(managed-csi|cluster-default)$/, "-data")
        : value;
    });

  it("is what is there on Azure with the same settings: namespaces, quotas, policies, servers, chat", async () => {
    const { platform, local: _, ...same } = localSettings();
    const there = await runWithMocks(
      () =>
        azureStack(
          parseSettings(
            { ...same, location: "eastus", kaito: { mode: "off" }, cluster: { gpuPool: { enabled: false } } },
            "local",
          ),
        ),
      azure,
    );
    const here = inCluster((await run()).resources);
    expect(Object.keys(here).length).toBeGreaterThan(30);
    const onAzure = inCluster(there.resources);
    // Keys are random: what is made of them is compared by name.
    const shapes = (all: Record<string, unknown>) =>
      Object.fromEntries(
        Object.entries(all).filter(([name]) => !/Secret|ConfigMap/.test(name) && !/chat$/.test(name)),
      );
    expect(Object.keys(onAzure).sort()).toEqual(Object.keys(here).sort());
    expect(shapes(onAzure)).toEqual(shapes(here));
  });
});
