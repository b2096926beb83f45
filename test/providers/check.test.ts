import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { unknown } from "../../rehearsal/providers/plugin/values.ts";
import { Plugin } from "./plugin.ts";
import { clusterInputs } from "./resources.ts";

let plugin: Plugin;
beforeAll(async () => {
  plugin = await Plugin.start();
});
afterAll(() => plugin.stop());

const cluster = "containerservice:ManagedCluster";
const pool = "containerservice:AgentPool";
const inGroup = { resourceGroupName: "g", location: "eastus" };
const inCluster = { resourceGroupName: "g", resourceName: "c" };

describe("inputs that are wrong", () => {
  test.each([
    [
      "a missing path parameter",
      pool,
      { resourceGroupName: "g" },
      "resourceName",
      "missing required property",
    ],
    [
      "a missing nested property",
      cluster,
      { ...inGroup, agentPoolProfiles: [{ vmSize: "Standard_D2s_v5" }] },
      "agentPoolProfiles[0].name",
      "missing required property 'agentPoolProfiles[0].name'",
    ],
    [
      "a text where a number belongs",
      pool,
      { ...inCluster, count: "3" },
      "count",
      "'number' but got a string",
    ],
    [
      "a number where a text belongs",
      pool,
      { ...inCluster, vmSize: 4 },
      "vmSize",
      "'string' but got a number",
    ],
    [
      "a text for a list",
      pool,
      { ...inCluster, nodeTaints: "sku=gpu" },
      "nodeTaints",
      "'array' but got a string",
    ],
    [
      "an item of a list",
      pool,
      { ...inCluster, nodeTaints: [1] },
      "nodeTaints[0]",
      "'string' but got a number",
    ],
    ["a list for an object", cluster, { ...inGroup, sku: ["Base"] }, "sku", "'object' but got an array"],
    ["a value of a map", pool, { ...inCluster, nodeLabels: { a: true } }, "nodeLabels.a", "got a boolean"],
    [
      "an unknown name",
      pool,
      { ...inCluster, vmsize: "x" },
      "vmsize",
      "not a property that azure-native knows",
    ],
    [
      "an unknown nested name",
      cluster,
      { ...inGroup, networkProfile: { plugin: "azure" } },
      "networkProfile.plugin",
      "not a property",
    ],
    [
      "a value that an enum doesn't have",
      cluster,
      { ...inGroup, identity: { type: "Managed" } },
      "identity.type",
      'is "Managed"; allowed: SystemAssigned, UserAssigned, None',
    ],
  ])("%s is named with its path", async (_, type, inputs, property, reason) => {
    const { failures } = await plugin.check(type, "x", inputs);
    expect(failures).toEqual([{ property, reason: expect.stringContaining(reason) }]);
  });

  test("all problems are reported at once", async () => {
    const { failures } = await plugin.check(pool, "x", { count: "3", vmSize: 4 });
    expect(failures.map(({ property }) => property).sort()).toEqual([
      "count",
      "resourceGroupName",
      "resourceName",
      "vmSize",
    ]);
  });
});

describe("inputs that are right", () => {
  test("a whole cluster passes", async () => {
    expect((await plugin.check(cluster, "x", { ...inGroup, ...clusterInputs })).failures).toEqual([]);
  });

  test("an enum that Azure may extend takes any text", async () => {
    const { failures } = await plugin.check(pool, "x", { ...inCluster, osSKU: "AzureLinux4" });
    expect(failures).toEqual([]);
  });

  test("unknown values pass wherever they stand, and stay", async () => {
    const inputs = {
      resourceGroupName: unknown,
      resourceName: unknown,
      count: unknown,
      nodeTaints: [unknown],
      nodeLabels: unknown,
      upgradeSettings: { maxSurge: unknown },
    };
    const checked = await plugin.check(pool, "x", inputs);
    expect(checked.failures).toEqual([]);
    expect(checked.inputs).toMatchObject(inputs);
  });
});

describe("defaults", () => {
  const group = "resources:ResourceGroup";

  test("a top-level resource's name is its logical name and eight hex digits, the same for the same seed", async () => {
    const one = await plugin.check(group, "Platform", { location: "eastus" });
    const two = await plugin.check(group, "Platform", { location: "eastus" });
    expect(one.inputs["resourceGroupName"]).toMatch(/^Platform[0-9a-f]{8}$/);
    expect(two.inputs).toEqual(one.inputs);
  });

  test("a name that was made up is kept", async () => {
    const olds = { resourceGroupName: "rg0", location: "eastus", __createBeforeDelete: true };
    expect((await plugin.check(group, "rg", { location: "eastus" }, olds)).inputs).toMatchObject(olds);
  });

  test("a child's name is its logical name, and a role assignment's a GUID", async () => {
    expect((await plugin.check(pool, "gpu", inCluster)).inputs["agentPoolName"]).toBe("gpu");
    const role = { scope: "/s", principalId: "p", roleDefinitionId: "r", principalType: "ServicePrincipal" };
    const { inputs } = await plugin.check("authorization:RoleAssignment", "pull", role);
    expect(inputs["roleAssignmentName"]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  test("a given name is used as it stands", async () => {
    const { inputs } = await plugin.check(group, "rg", { location: "eastus", resourceGroupName: "mine" });
    expect(inputs["resourceGroupName"]).toBe("mine");
    expect(inputs["__createBeforeDelete"]).toBeUndefined();
  });

  const identity = "managedidentity:UserAssignedIdentity";

  test("the location is the group's", async () => {
    const made = await plugin.up(group, "there", { location: "westus3" });
    const inputs = { resourceGroupName: made.outputs["name"] };
    expect((await plugin.check(identity, "id", inputs)).inputs["location"]).toBe("westus3");
  });

  test("the location is unknown while the group's name is", async () => {
    const { inputs, failures } = await plugin.check(identity, "id", { resourceGroupName: unknown });
    expect(inputs["location"]).toBe(unknown);
    expect(failures).toEqual([]);
  });

  test("without a location anywhere the message says how to give one", async () => {
    const { failures } = await plugin.check(identity, "id", { resourceGroupName: "absent" });
    expect(failures).toEqual([
      { property: "location", reason: expect.stringContaining("pulumi config set azure-native:location") },
    ]);
  });

  test("the configured location comes before the group's", async () => {
    const other = await Plugin.start();
    try {
      await other.configure({ location: "northeurope" });
      const { inputs } = await other.check(identity, "id", { resourceGroupName: "g" });
      expect(inputs["location"]).toBe("northeurope");
    } finally {
      await other.stop();
    }
  });
});

test("a type without a row is refused with what to do", async () => {
  await expect(plugin.check("network:LoadBalancer", "x", {})).rejects.toMatchObject({
    message: expect.stringMatching(/azure-native:network:LoadBalancer: add a row to .*table\.ts/),
  });
});

test("a versioned type asks for its own API version", async () => {
  const { inputs } = await plugin.check("containerservice/v20240901:AgentPool", "gpu", inCluster);
  expect(inputs["azureApiVersion"]).toBe("2024-09-01");
  const preview = await plugin.check("containerservice/v20240902preview:AgentPool", "gpu", inCluster);
  expect(preview.inputs["azureApiVersion"]).toBe("2024-09-02-preview");
});
