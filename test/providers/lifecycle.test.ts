import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dataTypes } from "./dataResources.ts";
import { monitoringTypes } from "./monitoringResources.ts";
import { networkingTypes } from "./networkingResources.ts";
import { Plugin } from "./plugin.ts";
import { type Made, makeAll } from "./resources.ts";

let plugin: Plugin;
let made: Map<string, Made>;
beforeAll(async () => {
  plugin = await Plugin.start();
  made = await makeAll(plugin);
}, 30_000);
afterAll(() => plugin.stop());

function of(type: string): Made {
  return made.get(type) as Made;
}

describe("every covered type", () => {
  const types = [
    ["resources:ResourceGroup", /\/resourceGroups\/all[0-9a-f]{8}$/],
    ["operationalinsights:Workspace", /\/workspaces\/logs[0-9a-f]{8}$/],
    ["managedidentity:UserAssignedIdentity", /\/userAssignedIdentities\/pods[0-9a-f]{8}$/],
    ["containerregistry:Registry", /\/registries\/imagesfortest$/],
    ["containerregistry:ScopeMap", /\/registries\/imagesfortest\/scopeMaps\/pushers$/],
    ["containerregistry:Token", /\/registries\/imagesfortest\/tokens\/pusher$/],
    ["containerservice:ManagedCluster", /\/managedClusters\/aks[0-9a-f]{8}$/],
    ["containerservice:AgentPool", /\/agentPools\/users$/],
    [
      "containerservice:MaintenanceConfiguration",
      /\/maintenanceConfigurations\/aksManagedAutoUpgradeSchedule$/,
    ],
    ["authorization:RoleAssignment", /\/roleAssignments\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/],
    ["managedidentity:FederatedIdentityCredential", /\/federatedIdentityCredentials\/kaito$/],
    ...monitoringTypes,
    ...networkingTypes,
    ...dataTypes,
  ] as const;

  test.each(types)("%s has Azure's id and its declared outputs", (type, id) => {
    const resource = of(type);
    expect(resource.id).toMatch(id);
    expect(resource.outputs["name"]).toBe(resource.id.split("/").at(-1));
    // Of these types only a zone group's doesn't say it: Microsoft.Network's API leaves it out.
    expect(resource.outputs["type"] ?? "Microsoft.Network/").toMatch(/^Microsoft\./);
    expect(resource.outputs["azureApiVersion"]).toMatch(/^\d{4}-\d\d-\d\d/);
  });

  const withParts = ["containerservice:ManagedCluster", "network:VirtualNetwork"];
  test.each(types.filter(([type]) => !withParts.includes(type)))(
    "a refresh of %s changes nothing",
    async (type) => {
      const resource = of(type);
      const read = await plugin.read(type, resource.id, resource.inputs, resource.outputs);
      expect(read.inputs).toEqual(resource.inputs);
      expect(read.outputs).toEqual(resource.outputs);
      expect((await plugin.diff(type, resource.inputs, read.inputs)).changes).toBe(false);
    },
  );

  test.each(types)("%s can be imported: its inputs are found from the id alone", async (type) => {
    const resource = of(type);
    const imported = await plugin.read(type, resource.id);
    const { __createBeforeDelete, azureApiVersion, agentPoolProfiles, ...inputs } = resource.inputs;
    // Azure shows nobody a password.
    const { administratorLoginPassword, ...given } = inputs;
    expect(imported.inputs).toMatchObject(given);
  });
});

test("pools that are resources of their own show up in a refresh of the cluster, as with azure-native", async () => {
  const { type, id, inputs, outputs } = of("containerservice:ManagedCluster");
  const read = await plugin.read(type, id, inputs, outputs);
  const profiles = read.inputs["agentPoolProfiles"] as { name: string }[];
  expect(profiles.map(({ name }) => name)).toEqual(["system", "users"]);
  expect({ ...read.inputs, agentPoolProfiles: 0 }).toEqual({ ...inputs, agentPoolProfiles: 0 });
});

test("subnets show in a refresh of their network, and don't become the program's", async () => {
  const { type, id, inputs, outputs } = of("network:VirtualNetwork");
  const read = await plugin.read(type, id, inputs, outputs);
  expect(read.outputs["subnets"]).toMatchObject([{ name: "endpoints", addressPrefix: "10.225.0.0/24" }]);
  expect(read.inputs).toEqual(inputs);
});

test("identities are a list in the program and an object in ARM", () => {
  const { inputs, outputs } = of("containerservice:ManagedCluster");
  const [identity] = (inputs["identity"] as { userAssignedIdentities: string[] }).userAssignedIdentities;
  const assigned = (outputs["identity"] as { userAssignedIdentities: Record<string, unknown> })
    .userAssignedIdentities;
  expect(Object.keys(assigned)).toEqual([identity]);
  expect(assigned[identity as string]).toMatchObject({ principalId: expect.any(String) });
});

test("a change made outside comes into the inputs, and what Azure filled in stays out", async () => {
  const { type, id, inputs, outputs } = of("containerregistry:Registry");
  const elsewhere = { ...inputs, tags: { by: "hand" }, adminUserEnabled: false };
  await plugin.update(type, id, elsewhere, outputs);
  const read = await plugin.read(type, id, inputs, outputs);
  expect(read.inputs).toEqual(elsewhere);
  expect((await plugin.diff(type, read.inputs, inputs)).detailed).toEqual({
    tags: "DELETE",
    adminUserEnabled: "UPDATE",
  });
});

test("a resource that is there already is not taken over", async () => {
  const { type, id, inputs } = of("resources:ResourceGroup");
  const puts = () => plugin.requests.filter(({ method }) => method === "PUT").length;
  const before = puts();
  await expect(plugin.create(type, inputs)).rejects.toEqual({
    message: `cannot create already existing resource '${id}'`,
  });
  expect(puts()).toBe(before);
});

test("what is gone is gone: a read finds nothing, and deleting again is no failure", async () => {
  const { type, id } = of("managedidentity:FederatedIdentityCredential");
  await plugin.delete(type, id);
  expect((await plugin.read(type, id)).id).toBe("");
  await plugin.delete(type, id);
});
