import { describe, expect, it } from "vitest";
import { parseSettings, SettingsError } from "../../stacks/settings.ts";

const CHAT = {
  chat: { enabled: true },
  models: { phi: { model: "phi-4-mini-instruct", config: { toolCallParser: "phi4_mini_json" } } },
};
const LEAST = {
  location: "eastus",
  mcpServers: { echo: { transport: "http", image: "mcp/echo:0.1.0" } },
  ...CHAT,
};
const HOST = "chat.example.com";
const ACME = { issuer: "production", email: "platform@example.com" };
const PEM = {
  certificate: "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----",
  privateKey: "-----BEGIN EC PRIVATE KEY-----\nAA==\n-----END EC PRIVATE KEY-----",
};
const GOOD = { enabled: true, host: HOST, tls: ACME };

const parse = (ingress: object, rest: object = {}, secret = true) =>
  parseSettings({ ...LEAST, ...rest, ingress }, "dev", () => secret);

function problemsOf(ingress: object, rest: object = {}, secret = true): string[] {
  try {
    parse(ingress, rest, secret);
  } catch (error) {
    if (error instanceof SettingsError) return [...error.problems];
    throw error;
  }
  return [];
}

describe("the settings of the ingress", () => {
  it("are off where nothing is said", () => {
    const { ingress } = parseSettings({ location: "eastus" }, "dev");
    expect(ingress).toMatchObject({
      enabled: false,
      className: "approuting-istio",
      gatewayName: "front-door",
      namespace: "ingress",
      mcpServers: {},
      tls: {},
    });
  });

  it.each<[string, object, object?]>([
    ["Let's Encrypt", GOOD],
    ["a private CA", { ...GOOD, tls: { clusterIssuer: "private-ca" }, certManager: { install: false } }],
    ["a certificate", { ...GOOD, tls: PEM }],
    ["a Secret", { ...GOOD, tls: { secret: { namespace: "certificates", name: "wildcard" } } }],
    ["Azure's own name", { enabled: true, dnsLabel: "mcpaas-dev", tls: ACME }],
    ["an MCP server besides", { ...GOOD, mcpServers: { echo: { host: "echo.example.com" } } }],
    [
      "a server alone",
      { enabled: true, mcpServers: { echo: { host: "echo.example.com" } }, tls: ACME },
      { chat: {}, models: {} },
    ],
    [
      "a search server",
      { ...GOOD, mcpServers: { "open-websearch": { host: "search.example.com" } } },
      { openWebSearch: { enabled: true } },
    ],
    ["records", { ...GOOD, dns: { zone: "example.com", resourceGroup: "rg-dns" } }],
    ["an internal address", { ...GOOD, internal: true, tls: PEM }],
    ["some addresses", { ...GOOD, sourceRanges: ["203.0.113.0/24"], tls: PEM }],
    [
      "Application Gateway for Containers",
      { ...GOOD, className: "azure-alb-external", clients: [{ cidr: "10.225.0.0/24" }] },
      { podSecurityExemptions: { ingress: { standard: "restricted" } } },
    ],
  ])("can have %s", (_, ingress, rest) => {
    expect(problemsOf(ingress, rest)).toEqual([]);
  });

  it.each<[string, object, object, string, string]>([
    ["nothing to show", { enabled: true, tls: ACME }, {}, "ingress.host", "a host for the chat app"],
    [
      "nothing to show, and no chat app",
      { enabled: true, tls: ACME },
      { chat: {} },
      "ingress.host",
      "which is off (chat.enabled)",
    ],
    ["a chat app that is off", GOOD, { chat: {} }, "ingress.host", "nothing while chat.enabled is false"],
    [
      "another address than the chat app's",
      GOOD,
      { chat: { enabled: true, publicUrl: "https://other.example.com" } },
      "ingress.host",
      "the host of chat.publicUrl, which is https://other.example.com",
    ],
    [
      "an unknown server",
      { ...GOOD, mcpServers: { other: { host: "o.example.com" } } },
      {},
      "ingress.mcpServers.other",
      "one of: echo",
    ],
    [
      "a server without a guard",
      { ...GOOD, mcpServers: { echo: { host: "echo.example.com" } } },
      { mcpServers: { echo: { transport: "http", image: "mcp/echo:0.1.0", guard: { mode: "none" } } } },
      "ingress.mcpServers.echo",
      'set mcpServers.echo.guard.mode to "sidecar"',
    ],
    [
      "a server that tells its clients apart by their addresses",
      { ...GOOD, mcpServers: { echo: { host: "echo.example.com" } } },
      {
        mcpServers: {
          echo: { transport: "http", image: "mcp/echo:0.1.0", runtime: "deployment", sessions: "client-ip" },
        },
      },
      "ingress.mcpServers.echo",
      'mcpServers.echo.sessions isn\'t "client-ip"',
    ],
    [
      "an address by name with AKS's own class",
      { ...GOOD, addresses: [{ type: "Hostname", value: "a.example.com" }] },
      {},
      "ingress.addresses",
      'one address of the type "IPAddress"',
    ],
    [
      "a server that anyone may call",
      { ...GOOD, mcpServers: { echo: { host: "echo.example.com" } } },
      { mcpGuard: { authentication: { none: "anyone-may-call" } } },
      "ingress.mcpServers.echo",
      "nothing while mcpGuard.authentication.none lets anyone call",
    ],
    [
      "one host for two",
      { ...GOOD, mcpServers: { echo: { host: HOST } } },
      {},
      "ingress.mcpServers.echo.host",
      "another host than the chat app has",
    ],
    ["no certificates", { ...GOOD, tls: {} }, {}, "ingress.tls", "there is none of them"],
    [
      "two sources of certificates",
      { ...GOOD, tls: { ...ACME, clusterIssuer: "ca" } },
      {},
      "ingress.tls",
      "there is issuer and clusterIssuer",
    ],
    [
      "nobody to write to",
      { ...GOOD, tls: { issuer: "production" } },
      {},
      "ingress.tls.email",
      'because tls.issuer is "production"',
    ],
    [
      "an e-mail address for nobody",
      { ...GOOD, tls: { ...PEM, email: "a@example.com" } },
      {},
      "ingress.tls.email",
      "nothing without tls.issuer",
    ],
    [
      "a certificate without its key",
      { ...GOOD, tls: { certificate: PEM.certificate } },
      {},
      "ingress.tls.privateKey",
      "given with certificate",
    ],
    [
      "ACME without cert-manager",
      { ...GOOD, certManager: { install: false } },
      {},
      "ingress.certManager.install",
      "true with tls.issuer",
    ],
    [
      "ACME behind closed doors",
      { ...GOOD, sourceRanges: ["203.0.113.0/24"] },
      {},
      "ingress.sourceRanges",
      "the CA must reach the hosts",
    ],
    ["ACME inside", { ...GOOD, internal: true }, {}, "ingress.internal", "the CA must reach the hosts"],
    [
      "a host outside of the zone",
      { ...GOOD, dns: { zone: "example.org", resourceGroup: "rg" } },
      {},
      "ingress.host",
      "a host in dns.zone, which is example.org",
    ],
    [
      "Azure's own name in a zone",
      { enabled: true, dnsLabel: "mcpaas", tls: ACME, dns: { zone: "example.org", resourceGroup: "rg" } },
      {},
      "ingress.dnsLabel",
      "nothing with dns unless host is given",
    ],
    [
      "Azure's own name for an address of one's own",
      { ...GOOD, dnsLabel: "mcpaas", publicIp: { name: "pip", resourceGroup: "network" } },
      {},
      "ingress.dnsLabel",
      "nothing with publicIp",
    ],
    [
      "a firewall with AKS's own class",
      { ...GOOD, wafPolicyId: "/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/x/y" },
      {},
      "ingress.wafPolicyId",
      "neither a firewall nor limits of rate and size",
    ],
    [
      "another class without callers",
      { ...GOOD, className: "azure-alb-external" },
      {},
      "ingress.clients",
      "the pods or the subnet",
    ],
    [
      "callers from everywhere",
      { ...GOOD, className: "other", clients: [{ cidr: "0.0.0.0/0" }] },
      {},
      "ingress.clients[0]",
      "is everywhere",
    ],
    [
      "callers from nowhere",
      { ...GOOD, className: "other", clients: [{}] },
      {},
      "ingress.clients[0]",
      "a cidr or a namespace",
    ],
    [
      "fewer pods at most than at least",
      { ...GOOD, replicas: { min: 4, max: 3 } },
      {},
      "ingress.replicas.max",
      "at least replicas.min, which is 4",
    ],
    [
      "pods that the namespace would refuse",
      GOOD,
      { podSecurityExemptions: { ingress: { standard: "restricted" } } },
      "podSecurityExemptions.ingress.standard",
      "have no seccomp profile",
    ],
    ["another's namespace", { ...GOOD, namespace: "mcp" }, {}, "ingress.namespace", "another namespace"],
    ["a host with a port", { ...GOOD, host: "chat.example.com:8443" }, {}, "ingress.host", "a host name"],
  ])("refuse %s", (_, ingress, rest, key, message) => {
    const problems = problemsOf(ingress, rest);
    expect(problems.map((problem) => problem.split("\n")[0])).toEqual([`mcpaas:${key}`]);
    expect(problems[0]).toContain(message);
  });

  it("tell everything that is wrong at once", () => {
    const problems = problemsOf({ enabled: true, tls: { issuer: "staging" }, internal: true }, { chat: {} });
    expect(problems.map((problem) => problem.split("\n")[0])).toEqual([
      "mcpaas:ingress.host",
      "mcpaas:ingress.tls.email",
      "mcpaas:ingress.internal",
    ]);
  });

  it("ask for nothing while it is off", () => {
    expect(problemsOf({ host: "x.example.com", className: "other" }, { chat: {} })).toEqual([]);
  });

  it("don't take a private key that everybody can read, and never show one", () => {
    const [problem = "", ...more] = problemsOf({ ...GOOD, tls: PEM }, {}, false);
    expect(more).toEqual([]);
    expect(problem).toContain("pulumi config set --secret --path mcpaas:ingress.tls.privateKey");
    const wrong = problemsOf({ ...GOOD, tls: { ...PEM, privateKey: "my own key" } }).join();
    expect(wrong).toContain("mcpaas:ingress.tls.privateKey");
    expect(wrong).not.toContain("my own key");
  });

  it.each([true, false])("hide the key and nothing else, kept as a secret: %s", (secret) => {
    const privateKey = Buffer.from(PEM.privateKey).toString("base64");
    const found = (ingress: object) =>
      problemsOf({ ...GOOD, ...ingress }, {}, secret)
        .join("\n")
        .split("\n")
        .filter((line) => line.startsWith("  found"));
    expect(found({ tls: { ...PEM, privateKey } })).toEqual(["  found    a secret"]);
    expect(found({ tls: { ...ACME, privateKey: PEM.privateKey, certificate: PEM.certificate } })).toEqual([
      expect.stringContaining('"privateKey":"a secret"'),
    ]);
    expect(found({ host: "chat" })).toEqual(['  found    "chat"']);
  });
});
