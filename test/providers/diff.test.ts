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
const gpu = { resourceGroupName: "g", resourceName: "c", agentPoolName: "gpu", vmSize: "A", count: 1 };
const aks = { resourceGroupName: "g", resourceName: "aks", location: "eastus", ...clusterInputs };

test("nothing changed is no difference", async () => {
  const result = await plugin.diff(cluster, aks, structuredClone(aks));
  expect(result).toEqual({ changes: false, detailed: {}, replaces: [], deleteBeforeReplace: false });
});

describe("what is changed in place", () => {
  test.each([
    ["a value", { count: 1 }, { count: 2 }, { count: "UPDATE" }],
    ["a new value", {}, { maxPods: 30 }, { maxPods: "ADD" }],
    ["a value that is left out", { maxPods: 30 }, {}, { maxPods: "DELETE" }],
    [
      "a nested value",
      { upgradeSettings: { maxSurge: "1" } },
      { upgradeSettings: { maxSurge: "2" } },
      { "upgradeSettings.maxSurge": "UPDATE" },
    ],
    [
      "a label with dots in its name",
      { nodeLabels: { "a.b/c": "1" } },
      { nodeLabels: { "a.b/c": "2" } },
      { 'nodeLabels["a.b/c"]': "UPDATE" },
    ],
    [
      "an item of a list",
      { nodeTaints: ["a"] },
      { nodeTaints: ["b", "c"] },
      { "nodeTaints[0]": "UPDATE", "nodeTaints[1]": "ADD" },
    ],
    ["a value that is not known yet", { count: 1 }, { count: unknown }, { count: "UPDATE" }],
  ])("%s", async (_, olds, news, detailed) => {
    const result = await plugin.diff(pool, { ...gpu, ...olds }, { ...gpu, ...news });
    expect(result).toEqual({ changes: true, detailed, replaces: [], deleteBeforeReplace: false });
  });

  test("the same region, written otherwise, is no change", async () => {
    const { changes } = await plugin.diff(cluster, aks, { ...aks, location: "East US" });
    expect(changes).toBe(false);
  });
});

describe("what replaces", () => {
  test.each([
    [pool, gpu, { vmSize: "B" }, "vmSize"],
    [pool, gpu, { resourceName: "other" }, "resourceName"],
    [pool, gpu, { vmSize: unknown }, "vmSize"],
    [cluster, aks, { location: "westus3" }, "location"],
    [cluster, aks, { dnsPrefix: "other" }, "dnsPrefix"],
    [
      cluster,
      aks,
      { networkProfile: { ...aks.networkProfile, podCidr: "10.0.0.0/16" } },
      "networkProfile.podCidr",
    ],
    ["authorization:RoleAssignment", { scope: "/a", principalId: "p" }, { principalId: "q" }, "principalId"],
    ["authorization:RoleAssignment", { scope: "/a", principalId: "p" }, { scope: "/b" }, "scope"],
    [
      "resources:ResourceGroup",
      { resourceGroupName: "g", location: "eastus" },
      { location: "westus3" },
      "location",
    ],
  ])("%s: %j", async (type, olds, change, path) => {
    const { replaces, detailed, deleteBeforeReplace } = await plugin.diff(type, olds, { ...olds, ...change });
    expect(replaces).toEqual([path]);
    expect(detailed).toEqual({ [path]: "UPDATE_REPLACE" });
    // One fixed name can't be had twice.
    expect(deleteBeforeReplace).toBe(true);
  });

  test("a network setting that AKS can change does not replace the cluster", async () => {
    const networkProfile = { ...aks.networkProfile, loadBalancerSku: "standard" };
    const { replaces, detailed } = await plugin.diff(cluster, aks, { ...aks, networkProfile });
    expect([replaces, detailed]).toEqual([[], { "networkProfile.loadBalancerSku": "ADD" }]);
  });

  test("a resource with a made-up name is replaced before the old one goes", async () => {
    const olds = { ...aks, __createBeforeDelete: true };
    const { replaces, deleteBeforeReplace } = await plugin.diff(cluster, olds, {
      ...olds,
      location: "westus3",
    });
    expect([replaces, deleteBeforeReplace]).toEqual([["location"], false]);
  });

  test("saying explicitly what Azure had chosen replaces nothing", async () => {
    const chosen = { ...aks, nodeResourceGroup: "MC_g_aks_eastus" };
    const same = await plugin.diff(cluster, aks, chosen, chosen);
    expect([same.replaces, same.detailed]).toEqual([[], { nodeResourceGroup: "ADD" }]);
    const other = await plugin.diff(cluster, aks, { ...aks, nodeResourceGroup: "mine" }, chosen);
    expect(other.replaces).toEqual(["nodeResourceGroup"]);
  });
});
