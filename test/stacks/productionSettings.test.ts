import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseSettings, SettingsError } from "../../stacks/settings.ts";

const LEAST = { location: "eastus" };

function problems(settings: object): string {
  try {
    parseSettings({ ...LEAST, ...settings }, "prod");
    return "";
  } catch (error) {
    if (error instanceof SettingsError) return error.problems.join("\n");
    throw error;
  }
}

const OFF = { network: { enabled: false } };
const PRIVATE = { registry: { sku: "Premium", privateEndpoint: true } };
const CHAT = {
  enabled: true,
  otherModels: { gpt: { url: "https://models.example.com/v1" } },
};

describe("settings of production", () => {
  it.each([
    [
      "a private registry without a network",
      { ...OFF, ...PRIVATE },
      /registry\.privateEndpoint[\s\S]*network\.enabled/,
    ],
    [
      "a private database without a network",
      { ...OFF, chat: { ...CHAT, database: { azure: {} } } },
      /chat\.database\.azure[\s\S]*nothing without network\.enabled/,
    ],
    [
      "private backups without a network",
      { ...OFF, backup: { enabled: true, privateEndpoint: true } },
      /backup\.privateEndpoint[\s\S]*false without network\.enabled/,
    ],
    [
      "backups of nothing",
      { backup: { enabled: true }, kaito: { mode: "off" }, cluster: { gpuPool: { enabled: false } } },
      /backup\.namespaces[\s\S]*neither a chat app nor models/,
    ],
    ["an interval that isn't one", { backup: { everyHours: 5 } }, /backup\.everyHours[\s\S]*4/],
    [
      "addresses of pods",
      { network: { addressSpace: "10.244.0.0/16" } },
      /network\.addressSpace[\s\S]*beside/,
    ],
    ["a subnet elsewhere", { network: { nodesSubnet: "10.1.0.0/24" } }, /network\.nodesSubnet[\s\S]*inside/],
    ["a private registry of another SKU", { registry: { privateEndpoint: true } }, /only the Premium SKU/],
    [
      "a registry that keeps its nodes out",
      { registry: { sku: "Premium", allowedIpRanges: ["203.0.113.0/24"] } },
      /registry\.allowedIpRanges[\s\S]*nodes are kept out/,
    ],
    [
      "a registry that nobody reaches",
      { registry: { sku: "Premium", publicAccess: false } },
      /registry\.publicAccess[\s\S]*true without privateEndpoint/,
    ],
    [
      "a standby of a burstable server",
      { chat: { ...CHAT, database: { azure: { size: "Standard_B2s" } } } },
      /highAvailability[\s\S]*"Disabled", because the burstable size Standard_B2s/,
    ],
    [
      "a database in two places",
      { chat: { ...CHAT, database: { deploy: true, azure: {} } } },
      /chat\.database[\s\S]*not two of them/,
    ],
    [
      "a disk of a database in Azure",
      { chat: { ...CHAT, database: { azure: {}, size: "20Gi" } } },
      /chat\.database\.deploy[\s\S]*size is of one that is deployed/,
    ],
    [
      "ranges of a private API server",
      { cluster: { privateCluster: true, authorizedIpRanges: ["203.0.113.0/24"] } },
      /cluster\.authorizedIpRanges/,
    ],
  ])("refuse %s", (_, settings, message) => {
    expect(problems(settings)).toMatch(message);
  });

  it("take what has all it needs", () => {
    expect(
      problems({
        ...PRIVATE,
        chat: { ...CHAT, database: { azure: { size: "Standard_B2s", highAvailability: "Disabled" } } },
        backup: { enabled: true, privateEndpoint: true },
      }),
    ).toBe("");
  });
});

describe("Pulumi.prod.yaml", () => {
  const { config } = parse(readFileSync(new URL("../../Pulumi.prod.yaml", import.meta.url), "utf8"));
  const settings = parseSettings(
    Object.fromEntries(
      Object.entries(config as object).map(([key, value]) => [key.replace(/^mcpaas:/, ""), value]),
    ),
    "prod",
  );

  it("has nothing public but the front door", () => {
    const { cluster, registry, monitoring, ingress } = settings;
    expect(cluster.privateCluster || cluster.authorizedIpRanges.length > 0).toBe(true);
    expect(registry.privateEndpoint).toBe(true);
    expect(!registry.publicAccess || registry.allowedIpRanges.length > 0).toBe(true);
    expect(monitoring.grafana.enabled && monitoring.grafana.publicAccess).toBe(false);
    expect(settings.backup.privateEndpoint).toBe(true);
    expect(ingress).toMatchObject({ enabled: true, tls: { issuer: "production" } });
  });

  it("outlives a zone, a node and a mistake", () => {
    const { cluster, chat, protect, locks, backup } = settings;
    for (const pool of [cluster.systemPool, cluster.userPool]) {
      expect(pool.zones).toEqual(["1", "2", "3"]);
      expect(pool.minCount).toBeGreaterThanOrEqual(3);
    }
    expect(cluster.tier).toBe("Standard");
    expect(chat.replicas).toBeGreaterThan(1);
    expect(chat.database?.azure?.highAvailability).toBe("ZoneRedundant");
    expect([protect, locks, backup.enabled]).toEqual([true, true, true]);
  });

  it("lets people in by Entra ID only", () => {
    expect(settings.cluster.entra).toMatchObject({ disableLocalAccounts: true, azureRbac: true });
  });
});
