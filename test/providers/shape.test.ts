import { describe, expect, test } from "vitest";
import { resourceType } from "../../rehearsal/providers/azure-native/resources.ts";
import { outputsOf, requestBody } from "../../rehearsal/providers/azure-native/shape.ts";

const cluster = resourceType("azure-native:containerservice:ManagedCluster");
const pool = resourceType("azure-native:containerservice:AgentPool");

describe("the body that ARM gets", () => {
  test("has envelope properties on top, the rest under properties, and no path parameter", () => {
    const inputs = {
      resourceGroupName: "g",
      resourceName: "aks",
      azureApiVersion: "2025-09-01",
      __createBeforeDelete: true,
      location: "eastus",
      tags: { a: "b" },
      sku: { name: "Base", tier: "Free" },
      dnsPrefix: "x",
    };
    expect(requestBody(cluster, inputs)).toEqual({
      location: "eastus",
      tags: { a: "b" },
      sku: { name: "Base", tier: "Free" },
      properties: { dnsPrefix: "x" },
    });
  });

  test("spells the autoscaler's settings in kebab case", () => {
    const { properties } = requestBody(cluster, { autoScalerProfile: { maxGracefulTerminationSec: "60" } });
    expect(properties).toEqual({ autoScalerProfile: { "max-graceful-termination-sec": "60" } });
  });

  test("keys identities by id", () => {
    const identity = { type: "UserAssigned", userAssignedIdentities: ["/one", "/two"] };
    expect(requestBody(cluster, { identity })["identity"]).toEqual({
      type: "UserAssigned",
      userAssignedIdentities: { "/one": {}, "/two": {} },
    });
  });

  test("has lists that azure-native flattened nested again, and members under ARM's names; outputs the reverse", () => {
    const endpoint = resourceType("azure-native:network:PrivateEndpoint");
    const connection = { name: "one", groupIds: ["registry"], privateLinkServiceId: "/r" };
    const body = requestBody(endpoint, { privateLinkServiceConnections: [connection] });
    expect(body["properties"]).toEqual({
      privateLinkServiceConnections: [
        { name: "one", properties: { groupIds: ["registry"], privateLinkServiceId: "/r" } },
      ],
    });
    expect(outputsOf(body, endpoint.outputs, endpoint)).toEqual({
      privateLinkServiceConnections: [connection],
    });
    const registry = resourceType("azure-native:containerregistry:Registry");
    const networkRuleSet = { defaultAction: "Deny", ipRules: [{ iPAddressOrRange: "203.0.113.0/24" }] };
    const rules = requestBody(registry, { networkRuleSet });
    expect(rules["properties"]).toEqual({
      networkRuleSet: { defaultAction: "Deny", ipRules: [{ value: "203.0.113.0/24" }] },
    });
    expect(outputsOf(rules, registry.outputs, registry)).toEqual({ networkRuleSet });
  });

  test("keeps labels whole", () => {
    const nodeLabels = { "kaito.sh/workspace": "phi", apps: "1" };
    expect(requestBody(pool, { nodeLabels })).toEqual({ properties: { nodeLabels } });
  });

  test("has no properties where the type has none", () => {
    const group = resourceType("azure-native:resources:ResourceGroup");
    expect(requestBody(group, { resourceGroupName: "g", location: "eastus" })).toEqual({
      location: "eastus",
    });
  });
});

describe("the outputs of an answer", () => {
  test("are flat, and only what the SDK declares", () => {
    const response = {
      id: "/id",
      name: "aks",
      type: "Microsoft.ContainerService/managedClusters",
      location: "eastus",
      properties: {
        fqdn: "f",
        surprise: 1,
        identityProfile: { kubeletidentity: { objectId: "o", surprise: 1 } },
        autoScalerProfile: { "scan-interval": "10s" },
        dnsPrefix: null,
      },
    };
    expect(outputsOf(response, cluster.outputs, cluster)).toEqual({
      name: "aks",
      type: "Microsoft.ContainerService/managedClusters",
      location: "eastus",
      fqdn: "f",
      identityProfile: { kubeletidentity: { objectId: "o" } },
      autoScalerProfile: { scanInterval: "10s" },
    });
  });

  test("have the resource's type where a pool has one of its own", () => {
    const type = "Microsoft.ContainerService/managedClusters/agentPools";
    const response = { type, properties: { type: "VirtualMachineScaleSets" } };
    expect(outputsOf(response, pool.outputs)).toEqual({ type });
  });
});
