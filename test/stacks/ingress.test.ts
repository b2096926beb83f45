import { beforeAll, describe, expect, it } from "vitest";
import { azureStack } from "../../stacks/azure.ts";
import { parseSettings } from "../../stacks/settings.ts";
import { chatIngress } from "../../stacks/shared/ingressPartners.ts";
import { azure, GATEWAY_ADDRESS } from "../support/azure.ts";
import { needs, resolved, runWithMocks } from "../support/mocks.ts";
import { allows, mayCall, policiesOf, READINGS } from "../support/networkPolicy.ts";

const SETTINGS = {
  location: "eastus",
  chat: { enabled: true },
  models: { phi: { model: "phi-4-mini-instruct", config: { toolCallParser: "phi4_mini_json" } } },
  mcpServers: {
    echo: { transport: "http", image: "mcp/echo:0.1.0" },
    piped: { transport: "stdio", image: "mcp/piped:0.1.0", command: "node" },
    closed: { transport: "http", image: "mcp/closed:0.1.0" },
  },
  openWebSearch: { enabled: true, transport: "sse" },
  ingress: {
    enabled: true,
    host: "chat.example.com",
    mcpServers: {
      echo: { host: "echo.example.com" },
      piped: { host: "piped.example.com", timeoutSeconds: 60 },
      "open-websearch": { host: "search.example.com" },
    },
    tls: { issuer: "staging", email: "platform@example.com" },
  },
};

const run = (options: { preview?: boolean } = {}) =>
  runWithMocks(() => azureStack(parseSettings(SETTINGS, "dev", () => true)), azure, options);

/** A smaller stack, where only the front door itself matters. */
const runAlone = (ingress: object) => {
  const { echo } = SETTINGS.mcpServers;
  const door = { enabled: true, mcpServers: { echo: { host: "echo.example.com" } }, ...ingress };
  const settings = { location: "eastus", kaito: { mode: "off" }, mcpServers: { echo }, ingress: door };
  return runWithMocks(() => azureStack(parseSettings(settings, "dev", () => true)), azure);
};

const GATEWAY = "kubernetes:gateway.networking.k8s.io/v1:Gateway";
const ROUTE = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute";
const CHART = "kubernetes:helm.sh/v4:Chart";
const CLASS = "pulumi-nodejs:dynamic/mcpaas:GatewayClassReady";
const APP_ROUTING = "pulumi-nodejs:dynamic/mcpaas:AppRoutingGateway";
const gateway = {
  namespace: "ingress",
  labels: { "gateway.networking.k8s.io/gateway-name": "front-door" },
};
const serverPod = (name: string) => ({
  namespace: "mcp",
  labels: { "app.kubernetes.io/name": name, "app.kubernetes.io/instance": name },
});

describe.each([{ preview: false }, { preview: true }])(
  "the front door of the stack, preview: $preview",
  ({ preview }) => {
    let stack: Awaited<ReturnType<typeof run>>;
    beforeAll(async () => {
      stack = await run({ preview });
    }, 60_000);

    it("comes after the cluster's Gateway API, the pools before that, and cert-manager", async () => {
      const { find, resources } = stack;
      const appRouting = find(APP_ROUTING);
      const pool = find("azure-native:containerservice:AgentPool", "aks-user");
      const order = [
        find("kubernetes:cert-manager.io/v1:Certificate", "front-door-certificate-chat.example.com"),
        find("kubernetes:cert-manager.io/v1:ClusterIssuer"),
        find(CHART, "cert-manager-chart"),
        find(CLASS),
        appRouting,
        pool,
      ];
      for (const [i, later] of order.entries()) {
        for (const earlier of order.slice(i + 1)) {
          expect([later.name, earlier.name, needs(resources, later, earlier)]).toEqual([
            later.name,
            earlier.name,
            true,
          ]);
        }
      }
      expect(needs(resources, find(GATEWAY), find(CLASS))).toBe(true);
      if (!preview) expect(find(CLASS).secretInputs).toContain("kubeconfig");
    });

    it("leads to each server's own Service and port, on the paths that are its guard's", async () => {
      const { find } = stack;
      const [metadata, endpoint] = ["/.well-known/oauth-protected-resource", "/mcp"];
      const rows: [string, string, number, string[]][] = [
        ["echo", "echo", 3000, [endpoint, metadata]],
        ["piped", "piped-guard", 3001, [endpoint, metadata]],
        ["search", "open-websearch", 3000, [endpoint, metadata, "/sse", "/messages"]],
      ];
      for (const [host, service, port, paths] of rows) {
        const { spec, metadata: where } = find(ROUTE, `front-door-route-${host}.example.com`).inputs;
        const [rule] = spec.rules;
        expect(where.namespace).toBe("mcp");
        if (!preview) expect(rule.backendRefs[0]).toMatchObject({ name: service });
        expect(rule.backendRefs[0].port).toBe(port);
        expect(rule.matches.map((match: { path: { value: string } }) => match.path.value)).toEqual(paths);
      }
      const [rule] = find(ROUTE, "front-door-route-piped.example.com").inputs.spec.rules;
      expect(rule.timeouts).toEqual({ request: "60s" });
    });
  },
);

describe("the front door of the stack", () => {
  let stack: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    stack = await run();
  }, 60_000);

  it("agrees with where the servers say that they are", async () => {
    const { result, find } = stack;
    const urls = await resolved(result.mcpUrls);
    for (const [host, server] of Object.entries({ echo: "echo", piped: "piped", search: "open-websearch" })) {
      const [{ name, port }] = find(ROUTE, `front-door-route-${host}.example.com`).inputs.spec.rules[0]
        .backendRefs;
      expect(new URL(urls[server] as string).host).toBe(`${name}.mcp.svc.cluster.local:${port}`);
    }
  });

  it("lets the gateway in at what is public, and nowhere else", async () => {
    const { resources } = stack;
    const policies = policiesOf(resources);
    const chat = {
      namespace: "chat",
      labels: { "app.kubernetes.io/name": "open-webui", "app.kubernetes.io/instance": "chat" },
    };
    expect(mayCall(policies, gateway, chat, 8080)).toBe(true);
    expect(mayCall(policies, gateway, serverPod("echo"), 3000)).toBe(true);
    expect(mayCall(policies, gateway, serverPod("piped"), 3001)).toBe(true);
    expect(mayCall(policies, gateway, serverPod("open-websearch"), 3000)).toBe(true);
    expect(mayCall(policies, gateway, serverPod("echo"), 8080)).toBe(false);
    expect(mayCall(policies, gateway, serverPod("piped"), 3000)).toBe(false);
    expect(mayCall(policies, gateway, serverPod("closed"), 3000)).toBe(false);
    expect(mayCall(policies, { ...gateway, labels: { app: "other" } }, chat, 8080)).toBe(false);
  });

  it("is what the chat app and the guards call themselves by", async () => {
    const { resources, result } = stack;
    const guard = (name: string) =>
      resources.find(
        ({ type, name: its }) => type === "kubernetes:core/v1:ConfigMap" && its.startsWith(`${name}`),
      );
    expect(JSON.stringify(guard("echo")?.inputs.data)).toContain("https://echo.example.com/mcp");
    expect(JSON.stringify(guard("closed")?.inputs.data)).not.toContain("publicUrl");
    expect(result.chat?.publicUrl).toBe("https://chat.example.com");
    const { address, urls } = result.ingress as NonNullable<typeof result.ingress>;
    expect(await resolved(address)).toBe(GATEWAY_ADDRESS);
    expect(await resolved(urls)).toEqual(
      Object.fromEntries(
        ["chat", "echo", "piped", "search"].map((it) => [`${it}.example.com`, `https://${it}.example.com`]),
      ),
    );
  });

  it.each([
    ["staging", { issuer: "staging", email: "a@example.com" }, undefined, false],
    ["production", { issuer: "production", email: "a@example.com" }, undefined, true],
    ["staging when it is asked for", { issuer: "staging", email: "a@example.com" }, true, true],
    ["a private CA", { clusterIssuer: "private-ca" }, undefined, true],
    ["a private CA when it isn't wanted", { clusterIssuer: "private-ca" }, false, false],
  ])("sends HSTS or not with %s", async (_, tls, enabled, expected) => {
    const { find } = await runAlone({ tls, hsts: { enabled } });
    const [rule] = find(ROUTE, "front-door-route-echo.example.com").inputs.spec.rules;
    expect("filters" in rule).toBe(expected);
  });

  it.each<[string, object, number]>([
    ["an issuer", { tls: SETTINGS.ingress.tls }, 1],
    ["a private CA", { tls: { clusterIssuer: "private-ca" } }, 1],
    [
      "a private CA of a cert-manager that is there",
      { tls: { clusterIssuer: "a" }, certManager: { install: false } },
      0,
    ],
    ["a Secret", { tls: { secret: { namespace: "a", name: "b" } } }, 0],
  ])("brings cert-manager only where it has work: %s", async (_, ingress, charts) => {
    const { resources } = await runAlone(ingress);
    expect(resources.filter(({ name }) => name === "cert-manager-chart")).toHaveLength(charts);
  });

  it("leaves the cluster's ingress alone for another class", async () => {
    const { resources, find } = await runAlone({
      className: "azure-alb-external",
      clients: [{ cidr: "10.225.0.0/24" }],
      tls: SETTINGS.ingress.tls,
    });
    expect(resources.filter(({ type }) => type === APP_ROUTING)).toEqual([]);
    expect(find(CLASS).inputs.className).toBe("azure-alb-external");
    const solver = { namespace: "ingress", labels: { "acme.cert-manager.io/http01-solver": "true" } };
    const from = (address: string) =>
      READINGS.map((reading) => allows(policies, { from: { address }, to: solver, port: 8089 }, reading));
    const policies = policiesOf(resources);
    expect(from("10.225.0.7")).toEqual([true, true]);
    expect(from("10.226.0.7")).toEqual([false, false]);
  });

  it("is the same resources whatever the Gateway is called", async () => {
    const urnsOf = async (gatewayName: string) =>
      (await runAlone({ gatewayName, tls: SETTINGS.ingress.tls })).resources.map(({ urn }) => urn).sort();
    expect(await urnsOf("door")).toEqual(await urnsOf("front-door"));
  });

  it("makes nothing at all when it is off", async () => {
    const { resources, result } = await runAlone({ enabled: false });
    const made = resources.filter(({ type }) => [GATEWAY, ROUTE, CLASS, APP_ROUTING].includes(type));
    expect(made).toEqual([]);
    expect(result.ingress).toBeUndefined();
  });

  it("has the name that Azure gives", () => {
    const settings = {
      ...SETTINGS,
      ingress: { ...SETTINGS.ingress, host: undefined, dnsLabel: "mcpaas-dev" },
    };
    expect(chatIngress(parseSettings(settings, "dev"))).toMatchObject({
      publicUrl: "https://mcpaas-dev.eastus.cloudapp.azure.com",
    });
  });
});
