import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { nodePool } from "../../components/aksWithGpuPool/pools.ts";
import { settingRows, settingsMarkdown } from "../../stacks/settings/table.ts";
import { parseSettings, readSettings, SettingsError } from "../../stacks/settings.ts";

const LEAST = { location: "eastus" };

function problemsOf(input: unknown): string[] {
  try {
    parseSettings(input, "dev");
  } catch (error) {
    if (error instanceof SettingsError) return [...error.problems];
    throw error;
  }
  return [];
}

describe("parseSettings", () => {
  it("fills in every default from a location alone", () => {
    const settings = parseSettings(LEAST, "dev");
    expect(settings).toMatchObject({
      platform: "azure",
      resourceGroup: "rg-mcpaas-dev",
      registry: { sku: "Basic" },
      cluster: {
        tier: "Free",
        systemPool: { minCount: 1, maxCount: 2 },
        userPool: { enabled: true },
        gpuPool: { enabled: true, gpus: 1, spot: false, minCount: 1, maxCount: 1, driver: "Install" },
      },
      kmcp: { version: "0.3.0", protectCrds: false },
      mcpNamespace: "mcp",
      mcpServers: {},
    });
  });

  it("lets user and GPU pools shrink to nothing, but not the system pool", () => {
    const pools = (name: string) => problemsOf({ ...LEAST, cluster: { [name]: { minCount: 0 } } });
    expect([pools("userPool"), pools("gpuPool")]).toEqual([[], []]);
    expect(pools("systemPool")).toEqual([expect.stringMatching(/^mcpaas:cluster.systemPool.minCount\n/)]);
  });

  it("freezes the settings through and through", () => {
    const settings = parseSettings({ ...LEAST, tags: { a: "b" } }, "dev");
    expect(Object.isFrozen(settings)).toBe(true);
    expect(Object.isFrozen(settings.tags)).toBe(true);
    expect(Object.isFrozen(settings.cluster.gpuPool)).toBe(true);
  });

  it.each([
    ["prod", {}, true],
    ["prod", { protectCrds: false }, false],
    ["dev", {}, false],
    ["production", {}, false],
    ["dev", { protectCrds: true }, true],
  ])("on the stack %s with %j protects the CRDs: %s", (stack, kmcp, expected) => {
    expect(parseSettings({ ...LEAST, kmcp }, stack).kmcp.protectCrds).toBe(expected);
  });

  it.each([
    ["prod", undefined, true],
    ["prod", false, false],
    ["dev", undefined, false],
    ["dev", true, true],
  ])("on the stack %s with protect %s protects what holds data, CRDs too: %s", (stack, protect, expected) => {
    const settings = parseSettings({ ...LEAST, ...(protect === undefined ? {} : { protect }) }, stack);
    expect([settings.protect, settings.kmcp.protectCrds, settings.kaito.protectCrds]).toEqual([
      expected,
      expected,
      expected,
    ]);
  });

  it("names key, finding, what is allowed and an example", () => {
    expect(problemsOf({ ...LEAST, cluster: { gpuPool: { maxCount: "two" } } })).toEqual([
      [
        "mcpaas:cluster.gpuPool.maxCount",
        '  found    "two"',
        "  allowed  a whole number from 1 to 1000 (nodes)",
        "  example  3",
      ].join("\n"),
    ]);
  });

  it("reports everything that is wrong at once", () => {
    const problems = problemsOf({
      location: "East US",
      registry: { sku: "basic" },
      cluster: { teir: "Free", systemPool: { minCount: 0 } },
      mcpServers: { echo: { transport: "tcp" } },
    });
    expect(problems.map((p) => p.split("\n")[0])).toEqual(
      expect.arrayContaining([
        "mcpaas:location",
        "mcpaas:registry.sku",
        "mcpaas:cluster.teir",
        "mcpaas:cluster.systemPool.minCount",
        "mcpaas:mcpServers.echo.transport",
      ]),
    );
  });

  it.each<[string, object, string, RegExp]>([
    [
      "a missing location",
      { location: undefined },
      "mcpaas:location",
      /found {4}nothing\n.*\n {2}example {2}"eastus"/,
    ],
    ["a misspelt key", { cluster: { gpuPol: {} } }, "mcpaas:cluster.gpuPol", /did you mean "gpuPool"\?/],
    ["a misspelt key at the top", { mcpServer: {} }, "mcpaas:mcpServer", /did you mean "mcpServers"\?/],
    [
      "a misspelt key of a server",
      { mcpServers: { a: { transport: "http", image: "a:1", prot: 1 } } },
      "mcpaas:mcpServers.a.prot",
      /did you mean "port"\?/,
    ],
    ["a key like no other", { zzzzzzzzzzzz: 1 }, "mcpaas:zzzzzzzzzzzz", /a key that doesn't exist\n/],
    [
      "a number for a version",
      { cluster: { kubernetesVersion: 1.34 } },
      "mcpaas:cluster.kubernetesVersion",
      /found {4}1.34\n {2}allowed {2}a version as "1.34"/,
    ],
    [
      "a server's name",
      { mcpServers: { Echo: { transport: "http", image: "a:1" } } },
      "mcpaas:mcpServers.Echo",
      /found {4}the name "Echo"\n {2}allowed {2}servers by name, each 1 to 63/,
    ],
    [
      "a zone as a number",
      { cluster: { gpuPool: { zones: [1] } } },
      "mcpaas:cluster.gpuPool.zones[0]",
      /allowed {2}"1", "2", "3"/,
    ],
    [
      "more at least than at most",
      { cluster: { gpuPool: { minCount: 3, maxCount: 2 } } },
      "mcpaas:cluster.gpuPool.minCount",
      /found {4}3\n {2}allowed {2}at most maxCount, which is 2/,
    ],
    [
      "the default count above maxCount",
      { cluster: { systemPool: { minCount: 5 } } },
      "mcpaas:cluster.systemPool.minCount",
      /which is 2/,
    ],
    [
      "retention on Basic",
      { registry: { untaggedRetentionDays: 7 } },
      "mcpaas:registry.untaggedRetentionDays",
      /only the Premium SKU/,
    ],
    [
      "ranges of a private cluster",
      { cluster: { privateCluster: true, authorizedIpRanges: ["10.0.0.0/8"] } },
      "mcpaas:cluster.authorizedIpRanges",
      /no public address/,
    ],
    [
      "a cluster that nobody could use",
      { cluster: { entra: { azureRbac: false } } },
      "mcpaas:cluster.entra.azureRbac",
      /allowed {2}true, or nobody could get in: .* adminGroupObjectIds/,
    ],
    [
      "an administrator of no known type",
      {
        cluster: {
          entra: {
            administrators: [{ objectId: "00000000-0000-0000-0000-000000000000", principalType: "Me" }],
          },
        },
      },
      "mcpaas:cluster.entra.administrators[0].principalType",
      /"User", "Group", "ServicePrincipal"/,
    ],
    [
      "octets that are none",
      { cluster: { authorizedIpRanges: ["10.0.0.0/8", "10.300.0.0/16"] } },
      "mcpaas:cluster.authorizedIpRanges[1]",
      /allowed {2}an IP range, for example/,
    ],
    [
      "egress to the metadata service",
      { mcpServers: { a: { transport: "http", image: "a:1", egress: [{ cidr: "169.254.169.254/32" }] } } },
      "mcpaas:mcpServers.a.egress[0].cidr",
      /allowed {2}another range than the instance metadata service/,
    ],
    [
      "a server without image",
      { mcpServers: { a: { transport: "http" } } },
      "mcpaas:mcpServers.a.image",
      /an image, or the command npx or uvx/,
    ],
    [
      "a stdio server without command",
      { mcpServers: { a: { transport: "stdio", image: "a:1" } } },
      "mcpaas:mcpServers.a.command",
      /a command, for a stdio server/,
    ],
    [
      "a command that fetches its package, without a way to it",
      { mcpServers: { a: { transport: "stdio", command: "npx" } } },
      "mcpaas:mcpServers.a.egress",
      /allowed {2}the addresses of the package registry, because npx .* build an image/,
    ],
    [
      "an image tagged latest",
      { mcpServers: { a: { transport: "http", image: "mcp/a:latest" } } },
      "mcpaas:mcpServers.a.image",
      /other than latest/,
    ],
    [
      "an image without tag",
      { mcpServers: { a: { transport: "http", image: "r.io:5000/a" } } },
      "mcpaas:mcpServers.a.image",
      /a tag other than latest/,
    ],
    [
      "a structure where a text belongs",
      { location: { name: "eastus" } },
      "mcpaas:location",
      /found {4}\{"name":"eastus"\}/,
    ],
    [
      "a text where a structure belongs",
      { cluster: "big" },
      "mcpaas:cluster",
      /found {4}"big"\n {2}allowed {2}a structure/,
    ],
  ])("explains %s", (_, input, key, text) => {
    const problems = problemsOf({ ...LEAST, ...input });
    expect(problems).toHaveLength(1);
    expect(problems[0]?.split("\n")[0]).toBe(key);
    expect(problems[0]).toMatch(text);
  });

  it.each(["mcp/echo:0.1.0", "echo:1", "r.io:5000/a/b:1.2-x", `r.io/a@sha256:${"0".repeat(64)}`])(
    "takes the image %s",
    (image) => {
      expect(problemsOf({ ...LEAST, mcpServers: { a: { transport: "http", image } } })).toEqual([]);
    },
  );

  it("finds a secret in a server's env, and doesn't show it", () => {
    const env = { LOG_LEVEL: "info", API_KEY: "hunter2", PROXY: "http://me:hunter2@proxy" };
    const problems = problemsOf({ ...LEAST, mcpServers: { a: { transport: "http", image: "a:1", env } } });
    expect(problems.map((p) => p.split("\n")[0])).toEqual([
      "mcpaas:mcpServers.a.env.API_KEY",
      "mcpaas:mcpServers.a.env.PROXY",
    ]);
    expect(problems.join()).toMatch(
      /found {4}a secret\n {2}allowed {2}nothing that looks like a secret; .*secretRefs/,
    );
    expect(problems.join()).not.toContain("hunter2");
  });

  it("is an error of its own that the engine prints without a stack trace", () => {
    expect(() => parseSettings({}, "dev")).toThrow(SettingsError);
    expect(pulumi.RunError.isInstance(new SettingsError("dev", ["x"]))).toBe(true);
    expect(new SettingsError("dev", ["x"]).message).toBe("1 setting is wrong (Pulumi.dev.yaml):\n\nx\n");
  });
});

describe("readSettings", () => {
  afterEach(() => {
    pulumi.runtime.setAllConfig({});
    delete process.env["PULUMI_CONFIG_SECRET_KEYS"];
  });

  it("takes structures as Pulumi hands them over, and only this project's keys", async () => {
    await pulumi.runtime.setMocks(
      { call: () => ({}), newResource: () => ({ id: "", state: {} }) },
      "mcpaas",
      "dev",
    );
    pulumi.runtime.setAllConfig({
      "mcpaas:location": "westus3",
      "mcpaas:cluster": '{"gpuPool":{"enabled":false}}',
      "azure-native:location": "elsewhere",
    });
    expect(readSettings()).toMatchObject({
      location: "westus3",
      stack: "dev",
      cluster: { gpuPool: { enabled: false } },
    });
  });

  it("doesn't print a secret that is in the wrong place", () => {
    pulumi.runtime.setAllConfig({ "mcpaas:location": "Hunter Two" });
    process.env["PULUMI_CONFIG_SECRET_KEYS"] = '["mcpaas:location"]';
    expect(readSettings).toThrow(/found {4}a secret/);
    expect(readSettings).not.toThrow(/Hunter/);
  });
});

const COMPANIONS: Record<string, RegExp> = {
  "registry.untaggedRetentionDays": /only the Premium SKU/,
  "registry.privateEndpoint": /only the Premium SKU/,
  "registry.allowedIpRanges": /only the Premium SKU/,
  "registry.publicAccess": /without privateEndpoint/,
};

describe("the settings table", () => {
  it.each(settingRows())(
    "describes $key with an example that the schema takes",
    ({ key, description, example }) => {
      expect(description.length).toBeGreaterThan(5);
      expect(example).toBeDefined();
      const input: unknown = key
        .split(".")
        .reverse()
        .reduce<unknown>(
          (value, part) => {
            if (part === "*") return { x: value };
            return part.endsWith("[]") ? { [part.slice(0, -2)]: [value] } : { [part]: value };
          },
          JSON.parse(example as string),
        );
      const whole = key.startsWith("local") ? { platform: "local", ...(input as object) } : input;
      const here = `mcpaas:${key.replaceAll("*", "x").replaceAll("[]", "[0]")}`;
      const about = problemsOf(whole).filter((problem) => problem.startsWith(`${here}\n`));
      // The only examples that need a companion: another SKU, or a private endpoint.
      const lacks = COMPANIONS[key];
      if (lacks) expect(about[0]).toMatch(lacks);
      else expect(about).toEqual([]);
    },
  );

  it("has rows for what is nested, in lists too", () => {
    const keys = settingRows().map((row) => row.key);
    expect(keys).toEqual(
      expect.arrayContaining([
        "location",
        "cluster.gpuPool.maxCount",
        "mcpServers.*.port",
        "mcpServers.*.egress[].cidr",
        "mcpServers.*.resources.limits.memory",
      ]),
    );
  });

  it("says what is required, and what is used otherwise", () => {
    const row = (key: string) => settingRows().find((r) => r.key === key);
    expect(row("location")?.default).toBe("required on Azure");
    expect(row("mcpServers.*.transport")?.default).toBe("required");
    expect(row("cluster.tier")).toMatchObject({
      default: '"Free"',
      allowed: '"Free", "Standard", "Premium"',
    });
    expect(row("resourceGroup")?.default).toBe("rg-mcpaas-<stack>");
    expect(row("kmcp.protectCrds")?.default).toBe("as protect");
    expect(row("protect")?.default).toBe("true on the stack prod, false on others");
  });

  it("is Markdown tables, a structure's under its name, in which no cell breaks the row", () => {
    const text = settingsMarkdown();
    const lines = text.split("\n").filter((line) => line.startsWith("|"));
    for (const line of lines) expect(line.replaceAll("\\|", "").split("|")).toHaveLength(7);
    const keys = lines.map((line) => /^\| `(.+?)` /.exec(line)?.[1]).filter((key) => key !== undefined);
    expect(keys.sort()).toEqual(
      settingRows()
        .map(({ key }) => key)
        .sort(),
    );
    const network = /\n## network\n\n(.+?)\n(\n##|$)/s.exec(text)?.[1]?.split("\n").slice(2);
    expect(network?.length).toBeGreaterThan(3);
    for (const line of network ?? []) expect(line).toMatch(/^\| `network\./);
  });
});

describe("Pulumi.dev.yaml", () => {
  const text = readFileSync(new URL("../../Pulumi.dev.yaml", import.meta.url), "utf8");
  const config: Record<string, unknown> = parse(text).config;
  const settings = parseSettings(
    Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace(/^mcpaas:/, ""), value])),
    "dev",
  );

  it("has settings that the schema takes, one model with a node for it, and the echo server", () => {
    expect(settings.cluster.gpuPool).toMatchObject({ enabled: true, minCount: 1, maxCount: 1 });
    expect(settings.mcpServers["echo"]).toMatchObject({ transport: "http", port: 3000, path: "/mcp" });
  });

  it("holds no subscription and no other GUID", () => {
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/i);
  });

  it("says how many vCPUs its pools take at full scale, and is right", () => {
    const vcpus = (size: string) => Number(/_[A-Z]+(\d+)/.exec(size)?.[1]);
    const most = (role: "system" | "user" | "gpu") => {
      const args = settings.cluster[`${role}Pool`];
      const { request } = nodePool(role, { maxCount: args.maxCount });
      const nodes = request.maxCount + Number(request.maxSurge);
      return Math.max(...(args.preferredSkus ?? []).map((size) => nodes * vcpus(size)));
    };
    expect(text).toContain(`so 36 to ${most("system") + most("user") + most("gpu")} of the region's cores`);
  });
});
