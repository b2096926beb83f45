import type { Properties } from "../../rehearsal/providers/plugin/values.ts";
import { makeData } from "./dataResources.ts";
import { makeMonitoring } from "./monitoringResources.ts";
import { makeNetworking } from "./networkingResources.ts";
import type { Plugin } from "./plugin.ts";

/** A resource that a test made. */
export interface Made {
  type: string;
  id: string;
  inputs: Properties;
  outputs: Properties;
}

/** Inputs of a small cluster, apart from its group. */
export const clusterInputs = {
  dnsPrefix: "test",
  identity: { type: "SystemAssigned" },
  agentPoolProfiles: [
    { name: "system", mode: "System", count: 1, vmSize: "Standard_D2s_v5", osType: "Linux" },
  ],
  oidcIssuerProfile: { enabled: true },
  networkProfile: { networkPlugin: "azure", networkPluginMode: "overlay", podCidr: "10.244.0.0/16" },
  autoScalerProfile: { balanceSimilarNodeGroups: "true", expander: "least-waste" },
};

/** Makes one resource of each covered type, in the order in which they depend on one another. */
export async function makeAll(plugin: Plugin): Promise<Map<string, Made>> {
  const made = new Map<string, Made>();
  const make = async (type: string, name: string, inputs: Properties) => {
    const resource = { type, ...(await plugin.up(type, name, inputs)) };
    made.set(type, resource);
    return resource;
  };
  const text = (resource: Made, output: string) => String(resource.outputs[output]);

  const group = await make("resources:ResourceGroup", "all", { location: "eastus", tags: { team: "x" } });
  const inGroup = { resourceGroupName: text(group, "name") };
  const logs = await make("operationalinsights:Workspace", "logs", {
    ...inGroup,
    retentionInDays: 30,
    sku: { name: "PerGB2018" },
  });
  const identity = await make("managedidentity:UserAssignedIdentity", "pods", inGroup);
  const registry = await make("containerregistry:Registry", "images", {
    ...inGroup,
    registryName: "imagesfortest",
    sku: { name: "Basic" },
    adminUserEnabled: true,
  });
  const inRegistry = { ...inGroup, registryName: text(registry, "name") };
  const scopeMap = await make("containerregistry:ScopeMap", "pushers", {
    ...inRegistry,
    actions: ["repositories/echo/content/read", "repositories/echo/content/write"],
  });
  await make("containerregistry:Token", "pusher", { ...inRegistry, scopeMapId: scopeMap.id });
  await make("dns:Zone", "public", { ...inGroup, zoneName: "example.com", location: "global" });
  await make("dns:RecordSet", "chat", {
    ...{ ...inGroup, zoneName: "example.com", recordType: "A", relativeRecordSetName: "chat" },
    ...{ ttl: 300, aRecords: [{ ipv4Address: "203.0.113.10" }] },
  });
  await make("privatedns:PrivateZone", "private", {
    ...{ ...inGroup, privateZoneName: "corp.example.com", location: "global" },
  });
  await make("privatedns:PrivateRecordSet", "tools", {
    ...{ ...inGroup, privateZoneName: "corp.example.com", recordType: "A", relativeRecordSetName: "@" },
    ...{ ttl: 300, aRecords: [{ ipv4Address: "10.224.0.10" }] },
  });
  const cluster = await make("containerservice:ManagedCluster", "aks", {
    ...inGroup,
    ...clusterInputs,
    identity: { type: "UserAssigned", userAssignedIdentities: [identity.id] },
  });
  const inCluster = { ...inGroup, resourceName: text(cluster, "name") };
  await make("containerservice:AgentPool", "users", {
    ...inCluster,
    count: 1,
    vmSize: "Standard_D4s_v5",
    mode: "User",
    nodeLabels: { "kaito.sh/workspace": "phi-4" },
    nodeTaints: ["sku=gpu:NoSchedule"],
  });
  await make("containerservice:MaintenanceConfiguration", "aksManagedAutoUpgradeSchedule", {
    ...inCluster,
    maintenanceWindow: {
      durationHours: 4,
      startTime: "01:00",
      utcOffset: "+00:00",
      schedule: { weekly: { dayOfWeek: "Sunday", intervalWeeks: 1 } },
    },
  });
  const subscription = group.id.split("/resourceGroups/")[0];
  await make("authorization:RoleAssignment", "pull", {
    scope: registry.id,
    principalId: text(identity, "principalId"),
    principalType: "ServicePrincipal",
    roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/7f951dda-4ed3-4680-a7ca-43fe172d538d`,
  });
  await make("managedidentity:FederatedIdentityCredential", "kaito", {
    ...inGroup,
    resourceName: text(identity, "name"),
    issuer: "https://issuer.example/",
    subject: "system:serviceaccount:kaito:default",
    audiences: ["api://AzureADTokenExchange"],
  });
  await makeNetworking(make, (type, name, inputs) => plugin.up(type, name, inputs), inGroup);
  await makeData(make, {
    ...{ group, cluster },
    async grant(scope, principalId) {
      await plugin.up("authorization:RoleAssignment", "read", {
        ...{ scope, principalId, principalType: "ServicePrincipal" },
        roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7`,
      });
    },
  });
  await makeMonitoring(make, { group, logs, cluster, identity });
  return made;
}
