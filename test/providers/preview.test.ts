import { afterAll, beforeAll, expect, test } from "vitest";
import { unknown } from "../../rehearsal/providers/plugin/values.ts";
import { Plugin } from "./plugin.ts";
import { clusterInputs } from "./resources.ts";

let plugin: Plugin;
beforeAll(async () => {
  plugin = await Plugin.start();
});
afterAll(() => plugin.stop());

const cluster = "containerservice:ManagedCluster";
const aks = { resourceGroupName: "g", resourceName: "aks", location: "eastus", ...clusterInputs };

test("a preview of a creation knows the inputs and nothing that Azure decides", async () => {
  const { id, outputs } = await plugin.create(cluster, aks, true);
  expect(id).toBe("");
  expect(outputs).toMatchObject({
    location: "eastus",
    dnsPrefix: "test",
    fqdn: unknown,
    identityProfile: unknown,
    // The name is an output of its own in azure-native; the input is called resourceName.
    name: unknown,
    provisioningState: unknown,
  });
});

test("what an object gets from Azure is unknown, what it was given is known", async () => {
  const { outputs } = await plugin.create(cluster, aks, true);
  expect(outputs["identity"]).toMatchObject({ type: "SystemAssigned", principalId: unknown });
  expect(outputs["oidcIssuerProfile"]).toEqual({ enabled: true, issuerURL: unknown });
  expect(outputs["agentPoolProfiles"]).toMatchObject([
    { name: "system", count: 1, provisioningState: unknown },
  ]);
});

test("unknown inputs are unknown outputs, whatever their type", async () => {
  const inputs = {
    ...aks,
    agentPoolProfiles: unknown,
    networkProfile: { podCidr: unknown },
    tags: { a: unknown },
  };
  const { outputs } = await plugin.create(cluster, inputs, true);
  expect(outputs).toMatchObject({
    agentPoolProfiles: unknown,
    networkProfile: { podCidr: unknown },
    tags: { a: unknown },
  });
});

test("a list that Azure turns into an object is unknown", async () => {
  const identity = { type: "UserAssigned", userAssignedIdentities: ["/an/identity"] };
  const { outputs } = await plugin.create(cluster, { ...aks, identity }, true);
  expect(outputs["identity"]).toMatchObject({ userAssignedIdentities: unknown });
});

test("a preview of an update keeps name and location", async () => {
  const olds = { name: "aks", location: "eastus", fqdn: "aks.example" };
  const outputs = await plugin.update(cluster, "/id", { ...aks, tags: { a: "b" } }, olds, true);
  expect(outputs).toMatchObject({ name: "aks", location: "eastus", tags: { a: "b" }, fqdn: unknown });
});

test("a preview asks ARM for nothing", async () => {
  const before = plugin.requests.length;
  await plugin.create(cluster, aks, true);
  await plugin.update(cluster, "/id", aks, {}, true);
  expect(plugin.requests).toHaveLength(before);
});
