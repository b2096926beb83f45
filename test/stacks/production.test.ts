import { describe, expect, it } from "vitest";
import { inUtc } from "../../stacks/azure/database.ts";
import { azureStack } from "../../stacks/azure.ts";
import { backedUpNamespaces } from "../../stacks/settings/schema/networkConflicts.ts";
import { parseSettings } from "../../stacks/settings.ts";
import { azure } from "../support/azure.ts";
import { needs, runWithMocks } from "../support/mocks.ts";
import { allows, policiesOf } from "../support/networkPolicy.ts";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const SERVER = "azure-native:dbforpostgresql:Server";
const REGISTRY = "azure-native:containerregistry:Registry";
const ENDPOINT = "azure-native:network:PrivateEndpoint";
const LOCK = "azure-native:authorization:ManagementLockByScope";

const LEAST = {
  location: "eastus",
  cluster: { gpuPool: { preferredSkus: ["Standard_NC24ads_A100_v4"] } },
};
const CHAT = {
  enabled: true,
  otherModels: { gpt: { url: "https://models.example.com/v1" } },
};
const TUNING = {
  dolly: {
    preset: "phi-4-mini-instruct",
    input: { urls: ["https://example.com/dolly.parquet"] },
    output: { repository: "adapters/dolly" },
  },
};
const PRIVATE = { registry: { sku: "Premium", privateEndpoint: true } };

const run = (settings: object) =>
  runWithMocks(() => azureStack(parseSettings({ ...LEAST, ...settings }, "prod")), azure, { stack: "prod" });

describe("the chat app with a database of Azure's", () => {
  it("reaches it inside the network, at its port, and nothing else there", async () => {
    const { resources } = await run({ chat: { ...CHAT, database: { azure: {} } } });
    const policies = policiesOf(resources);
    const deployment = resources.find(({ type, name }) => type === DEPLOYMENT && name === "chat");
    const pod = { namespace: "chat", labels: deployment?.inputs.spec.template.metadata.labels };
    const may = (address: string, port: number) => allows(policies, { from: pod, to: { address }, port });
    expect([may("10.224.16.5", 5432), may("10.224.16.5", 443), may("10.224.0.5", 5432)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it("comes after it, and has no other", async () => {
    const { resources, find } = await run({ chat: { ...CHAT, database: { azure: {} } } });
    expect(needs(resources, find(DEPLOYMENT, "chat"), find(SERVER))).toBe(true);
    expect(needs(resources, find(DEPLOYMENT, "chat"), find(ENDPOINT))).toBe(true);
    expect(resources.some(({ type }) => type === "mcpaas:index:PostgreSql")).toBe(false);
    const off = await run({ chat: { enabled: false, database: { azure: {} } } });
    expect(off.resources.some(({ type }) => type === SERVER)).toBe(false);
  });
});

describe("a private registry", () => {
  it("is reached by tuning jobs, which push and pull by themselves", async () => {
    const open = async (settings: object) => {
      const { resources } = await run(settings);
      const from = { namespace: "models", labels: { any: "pod" } };
      return allows(policiesOf(resources), { from, to: { address: "10.224.16.4" }, port: 443 });
    };
    expect(await open({ ...PRIVATE, tuningJobs: TUNING })).toBe(true);
    expect(await open(PRIVATE)).toBe(false);
    expect(await open({ tuningJobs: TUNING })).toBe(false);
  });

  it("is reached by nodes before a server needs its image", async () => {
    const { resources, find } = await run({
      ...PRIVATE,
      mcpServers: { echo: { transport: "http", image: "mcp/echo:0.1.0" } },
    });
    const server = find("kubernetes:kagent.dev/v1alpha1:MCPServer");
    expect(needs(resources, server, find("azure-native:network:PrivateDnsZoneGroup"))).toBe(true);
    expect(needs(resources, find(ENDPOINT), find(REGISTRY))).toBe(true);
  });

  it("leaves the DNS zone to the organisation when told", async () => {
    const { resources } = await run({ ...PRIVATE, network: { privateDnsZones: false } });
    expect(resources.some(({ type }) => type === ENDPOINT)).toBe(true);
    expect(resources.some(({ type }) => type === "azure-native:privatedns:PrivateZone")).toBe(false);
  });
});

describe("what a stack keeps", () => {
  it("is unlocked before it goes, with what is below it", async () => {
    const { resources, find } = await run({ locks: true, chat: { ...CHAT, database: { azure: {} } } });
    const lock = find(LOCK, "database-lock");
    for (const type of [SERVER, ENDPOINT, "azure-native:dbforpostgresql:Database"]) {
      expect([type, needs(resources, lock, find(type))]).toEqual([type, true]);
    }
    expect((await run({})).resources.some(({ type }) => type === LOCK)).toBe(false);
  });

  it("is backed up in the namespaces that can have volumes, or in those that are named", () => {
    const of = (settings: object) => backedUpNamespaces(parseSettings({ ...LEAST, ...settings }, "prod"));
    expect(of({ chat: CHAT, modelNamespace: "ai" })).toEqual(["chat", "ai"]);
    expect(of({})).toEqual(["models"]);
    expect(of({ chat: { ...CHAT, namespace: "talk" }, kaito: { mode: "off" }, cluster: {} })).toEqual([
      "talk",
    ]);
    expect(of({ chat: CHAT, backup: { namespaces: ["team-a"] } })).toEqual(["team-a"]);
  });
});

it.each([
  ["Sunday", "02:00", "+00:00", "Sunday", 2],
  ["Sunday", "00:30", "+02:00", "Saturday", 22],
  ["Saturday", "23:00", "-05:00", "Sunday", 4],
  ["Wednesday", "12:45", "+05:30", "Wednesday", 7],
] as const)("the window %s %s %s begins on %s at %i in UTC", (dayOfWeek, startTime, utcOffset, day, hour) => {
  expect(inUtc({ dayOfWeek, startTime, utcOffset, durationHours: 4 })).toEqual({
    dayOfWeek: day,
    startHour: hour,
  });
});
