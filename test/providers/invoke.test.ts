import { afterAll, beforeAll, expect, test } from "vitest";
import { Plugin } from "./plugin.ts";
import { type Made, makeAll } from "./resources.ts";

let plugin: Plugin;
let made: Map<string, Made>;
beforeAll(async () => {
  plugin = await Plugin.start({ kubeconfig: async () => "apiVersion: v1\nkind: Config\n" });
  made = await makeAll(plugin);
}, 30_000);
afterAll(() => plugin.stop());

function argumentsFor(type: string, ...names: string[]): Record<string, unknown> {
  const inputs = made.get(type)?.inputs ?? {};
  return Object.fromEntries(names.map((name) => [name, inputs[name]]));
}

const cluster = () => argumentsFor("containerservice:ManagedCluster", "resourceGroupName", "resourceName");

test.each(["User", "Admin"])("%s credentials of a cluster stay base64", async (kind) => {
  const token = `azure-native:containerservice:listManagedCluster${kind}Credentials`;
  const { kubeconfigs } = (await plugin.invoke(token, cluster())) as { kubeconfigs: { value: string }[] };
  expect(Buffer.from(kubeconfigs[0]?.value ?? "", "base64").toString()).toBe(
    "apiVersion: v1\nkind: Config\n",
  );
});

test("credentials are not marked secret, as azure-native doesn't: the program has to", async () => {
  const token = "azure-native:containerservice:listManagedClusterUserCredentials";
  expect(JSON.stringify(await plugin.invoke(token, cluster()))).not.toContain(
    "4dabf18193072939515e22adb298388d",
  );
});

test("a getter flattens like the resource does, and adds the id", async () => {
  const registry = made.get("containerregistry:Registry") as Made;
  const args = argumentsFor("containerregistry:Registry", "resourceGroupName", "registryName");
  expect(await plugin.invoke("azure-native:containerregistry:getRegistry", args)).toMatchObject({
    id: registry.id,
    ...registry.outputs,
    azureApiVersion: expect.any(String),
  });
});

test.each([
  ["containerservice:ManagedCluster", "getManagedCluster", ["resourceGroupName", "resourceName"]],
  ["containerservice:AgentPool", "getAgentPool", ["resourceGroupName", "resourceName", "agentPoolName"]],
  ["resources:ResourceGroup", "getResourceGroup", ["resourceGroupName"]],
  ["authorization:RoleAssignment", "getRoleAssignment", ["scope", "roleAssignmentName"]],
])("%s has its getter", async (type, name, parameters) => {
  const token = `azure-native:${type.split(":")[0]}:${name}`;
  expect(await plugin.invoke(token, argumentsFor(type, ...parameters))).toMatchObject({
    id: made.get(type)?.id,
  });
});

test("a registry's credentials", async () => {
  const args = argumentsFor("containerregistry:Registry", "resourceGroupName", "registryName");
  expect(await plugin.invoke("azure-native:containerregistry:listRegistryCredentials", args)).toMatchObject({
    username: "imagesfortest",
    passwords: [{ name: "password", value: expect.any(String) }, expect.anything()],
  });
});

test("the client's configuration and token", async () => {
  expect(await plugin.invoke("azure-native:authorization:getClientConfig", {})).toEqual({
    clientId: plugin.arm.clientId,
    objectId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    subscriptionId: plugin.arm.subscriptionId,
    tenantId: plugin.arm.tenantId,
  });
  expect(await plugin.invoke("azure-native:authorization:getClientToken", {})).toEqual({
    token: expect.stringMatching(/.{20,}/),
  });
});

test("what isn't there and what isn't covered fail with a message", async () => {
  const absent = plugin.invoke("azure-native:resources:getResourceGroup", { resourceGroupName: "absent" });
  await expect(absent).rejects.toMatchObject({
    message: expect.stringMatching(/resourceGroups\/absent: there is no such/),
  });
  await expect(plugin.invoke("azure-native:network:getLoadBalancer", {})).rejects.toMatchObject({
    message: expect.stringMatching(/does not know the function azure-native:network:getLoadBalancer/),
  });
});
