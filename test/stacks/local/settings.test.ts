import { describe, expect, it } from "vitest";
import { settingsSchema } from "../../../stacks/settings/schema.ts";
import { parseSettings, SettingsError } from "../../../stacks/settings.ts";
import { localSettings } from "./support.ts";

const LEAST = { platform: "local", local: { context: "kind-mcpaas" } };

function problemsOf(input: object): string[] {
  try {
    parseSettings(input, "local");
  } catch (error) {
    if (error instanceof SettingsError) return [...error.problems];
    throw error;
  }
  return [];
}

describe("settings of a stack without Azure", () => {
  it("need no region and build no image", () => {
    const settings = parseSettings(LEAST, "local");
    expect(settings).toMatchObject({ location: "", images: { build: false } });
    expect(settings.local).toEqual({
      context: "kind-mcpaas",
      currentContextOnly: true,
      registry: "localhost",
    });
    expect(parseSettings({ location: "eastus" }, "dev").images.build).toBe(true);
  });

  it("need a context", () => {
    expect(problemsOf({ platform: "local" })).toEqual([
      expect.stringMatching(/^mcpaas:local\n[\s\S]*context[\s\S]*kind-mcpaas/),
    ]);
    expect(problemsOf({ platform: "local", local: {} })).toEqual([
      expect.stringMatching(/^mcpaas:local\.context\n/),
    ]);
  });

  it.each<[string, object]>([
    ["location", { location: "eastus" }],
    ["otherLocations", { otherLocations: ["westus3"] }],
    ["resourceGroup", { resourceGroup: "rg" }],
    ["tags", { tags: { a: "b" } }],
    ["locks", { locks: true }],
    ["network", { network: { addressSpace: "10.0.0.0/8" } }],
    ["registry", { registry: { sku: "Premium" } }],
    ["cluster", { cluster: { tier: "Standard" } }],
    ["kaito", { kaito: { mode: "off" } }],
    ["modelNamespace", { modelNamespace: "models" }],
    ["models", { models: { phi: { model: "phi-4-mini-instruct" } } }],
    ["ragEngines", { ragEngines: { docs: {} } }],
    ["tuningJobs", { tuningJobs: { dolly: {} } }],
    ["aksMcp", { aksMcp: { enabled: true } }],
    ["monitoring", { monitoring: { enabled: true } }],
    ["alerts", { alerts: { enabled: true } }],
    ["backup", { backup: { enabled: true } }],
    ["chat.database.azure", { chat: { database: { azure: {} } } }],
    ["images.build", { images: { build: true } }],
  ])("refuse %s in plain words, and say nothing of what is in it", (key, input) => {
    const problems = problemsOf({ ...LEAST, ...input });
    expect(problems).toEqual([expect.stringContaining(`mcpaas:${key}\n`)]);
    expect(problems[0]).toMatch(/allowed {2}(nothing|false) with platform "local"/);
  });

  it("are known for each setting that there is", () => {
    const known = Object.keys(settingsSchema.shape).filter(
      (key) => problemsOf({ ...LEAST, [key]: {} }).length === 0,
    );
    const refused = Object.keys(settingsSchema.shape).filter((key) =>
      problemsOf({ ...LEAST, [key]: {} }).some((problem) => problem.includes('with platform "local"')),
    );
    // A new setting is either of both: what only Azure has goes into stacks/settings/platform.ts.
    expect(known.sort()).toEqual([
      "chat",
      "images",
      "ingress",
      "innovationEngine",
      "kmcp",
      "mcpGuard",
      "mcpServers",
      "openWebSearch",
      "podSecurityExemptions",
    ]);
    const others = ["local", "mcpNamespace", "platform", "protect"];
    expect([...known, ...refused, ...others].sort()).toEqual(Object.keys(settingsSchema.shape).sort());
  });

  it("take what says that something is off", () => {
    const off = { enabled: false };
    expect(
      problemsOf({ ...LEAST, aksMcp: off, monitoring: off, alerts: off, images: { build: false } }),
    ).toEqual([]);
  });

  it("refuse a front door of Azure's, and take one of the cluster's", () => {
    const door = (ingress: object) =>
      problemsOf({
        ...LEAST,
        chat: { enabled: true, otherModels: { a: { url: "https://a.example/v1" } } },
        ingress: {
          enabled: true,
          host: "chat.example.com",
          tls: { secret: { name: "tls", namespace: "certificates" } },
          clients: [{ namespace: "gateway" }],
          ...ingress,
        },
      });
    expect(door({})).toEqual([expect.stringMatching(/^mcpaas:ingress\.className\n[\s\S]*kubectl get/)]);
    expect(door({ className: "azure-alb-external" })[0]).toMatch(/^mcpaas:ingress\.className\n/);
    expect(door({ className: "envoy" })).toEqual([]);
    expect(door({ className: "envoy", publicIp: { name: "ip", resourceGroup: "rg" } })).toContainEqual(
      expect.stringMatching(/^mcpaas:ingress\.publicIp\n[\s\S]*the address is Azure's/),
    );
  });

  it("take an image by tag, which on Azure has to be a digest", () => {
    const images = (image: string) => ({ images: { prebuilt: { guard: image } } });
    expect(problemsOf({ ...LEAST, ...images("ghcr.io/a/guard:1") })).toEqual([]);
    expect(problemsOf({ ...LEAST, ...images("ghcr.io/a/guard:latest") })[0]).toMatch(/prebuilt\.guard\n/);
    expect(problemsOf({ location: "eastus", ...images("ghcr.io/a/guard:1") })[0]).toMatch(/sha256/);
  });

  it("belong to no stack on Azure, which needs a region", () => {
    expect(problemsOf({ location: "eastus", local: { context: "kind-a" } })).toEqual([
      expect.stringMatching(/^mcpaas:local\n[\s\S]*platform is "azure"/),
    ]);
    expect(problemsOf({})).toEqual([expect.stringMatching(/^mcpaas:location\n[\s\S]*found {4}nothing/)]);
  });

  it("are good in Pulumi.local.yaml", () => {
    const settings = parseSettings(localSettings(), "local");
    expect(Object.keys(settings.mcpServers)).toEqual(["echo"]);
    expect(settings.chat.enabled && settings.openWebSearch.enabled && settings.innovationEngine.enabled).toBe(
      true,
    );
    expect(settings.aksMcp.enabled).toBe(false);
  });
});
