import { dataRows } from "./data.ts";
import { monitoringRows } from "./monitoring.ts";
import { networkingRows } from "./networking.ts";

/** One resource type: what the SDK's declarations don't say about it. */
export interface ResourceRow {
  /** Azure's REST path; parameters carry the names of the SDK's inputs. */
  path: string;
  /**
   * How the last path parameter is filled in when the program leaves it out: azure-native adds eight hex
   * digits to a top-level resource's name, copies a child's, and makes a GUID where Azure wants one.
   */
  autoName: "random" | "copy" | "uuid";
  /** Body properties that ARM has at the top; every other input goes under `properties`. */
  topLevel: readonly string[];
  /**
   * Changes that replace, path parameters aside. From azure-native's `forceNewMap` and from
   * `x-ms-mutability: [create, read]` in the REST specifications, which locations of tracked resources have.
   */
  replaceOn: readonly string[];
  /** Inputs whose members ARM spells in kebab case. */
  kebab?: readonly string[];
  /**
   * Lists whose members ARM keeps under a `properties` of their own, which azure-native flattens, with the names that
   * stay beside it.
   */
  flattened?: Readonly<Record<string, readonly string[]>>;
  /** By input, members at any depth of it that ARM has under another name. */
  memberNames?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /**
   * Inputs for what also is a resource by itself. When the program leaves one out, a refresh doesn't take what it
   * finds there for the program's. Source: RemoveUnsetSubResourceProperties of azure-native's provider.
   */
  subResources?: readonly string[];
  /** Inputs that ARM has under another name. */
  armNames?: Readonly<Record<string, string>>;
}

const tracked = ["location", "tags"];
const group = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}";
const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/{registryName}`;
const cluster = `${group}/providers/Microsoft.ContainerService/managedClusters/{resourceName}`;
const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}`;
const zone = { autoName: "random", topLevel: [...tracked, "etag"], replaceOn: ["location"] } as const;

/** The resource types, by the module and name in their token. */
export const rows: Record<string, ResourceRow> = {
  "resources:ResourceGroup": {
    path: group,
    autoName: "random",
    topLevel: [...tracked, "managedBy"],
    replaceOn: ["location"],
  },
  "containerregistry:Registry": {
    path: registry,
    autoName: "random",
    topLevel: [...tracked, "sku", "identity"],
    replaceOn: ["location"],
    memberNames: { networkRuleSet: { iPAddressOrRange: "value" } },
  },
  "containerregistry:ScopeMap": {
    path: `${registry}/scopeMaps/{scopeMapName}`,
    autoName: "copy",
    topLevel: [],
    replaceOn: [],
  },
  "containerregistry:Token": {
    path: `${registry}/tokens/{tokenName}`,
    autoName: "copy",
    topLevel: [],
    replaceOn: [],
  },
  "containerservice:ManagedCluster": {
    path: cluster,
    autoName: "random",
    topLevel: [...tracked, "sku", "identity", "extendedLocation", "kind"],
    replaceOn: [
      ...["diskEncryptionSetID", "dnsPrefix", "fqdnSubdomain", "linuxProfile", "location"],
      ...["nodeResourceGroup", "windowsProfile", "networkProfile.serviceCidr", "networkProfile.serviceCidrs"],
      ...["networkProfile.dnsServiceIP", "networkProfile.networkMode", "networkProfile.networkPlugin"],
      ...["networkProfile.networkPluginMode", "networkProfile.podCidr", "networkProfile.networkDataplane"],
      ...["networkProfile.networkPolicy", "networkProfile.outboundType"],
    ],
    kebab: ["autoScalerProfile"],
  },
  "containerservice:AgentPool": {
    path: `${cluster}/agentPools/{agentPoolName}`,
    autoName: "copy",
    topLevel: [],
    replaceOn: ["gpuInstanceProfile", "vmSize", "networkProfile.nodePublicIPTags"],
  },
  "containerservice:MaintenanceConfiguration": {
    path: `${cluster}/maintenanceConfigurations/{configName}`,
    autoName: "copy",
    topLevel: [],
    replaceOn: [],
  },
  "authorization:RoleAssignment": {
    path: "/{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
    autoName: "uuid",
    topLevel: [],
    replaceOn: ["principalId"],
  },
  "managedidentity:UserAssignedIdentity": {
    path: identity,
    autoName: "random",
    topLevel: tracked,
    replaceOn: ["location"],
  },
  "managedidentity:FederatedIdentityCredential": {
    path: `${identity}/federatedIdentityCredentials/{federatedIdentityCredentialResourceName}`,
    autoName: "copy",
    topLevel: [],
    replaceOn: [],
  },
  "dns:Zone": { ...zone, path: `${group}/providers/Microsoft.Network/dnsZones/{zoneName}` },
  "dns:RecordSet": {
    ...recordSet("dnsZones/{zoneName}"),
    // Source: https://learn.microsoft.com/azure/templates/microsoft.network/2018-05-01/dnszones/a
    armNames: {
      ...{ ttl: "TTL", aRecords: "ARecords", aaaaRecords: "AAAARecords", cnameRecord: "CNAMERecord" },
      ...{ mxRecords: "MXRecords", nsRecords: "NSRecords", ptrRecords: "PTRRecords", soaRecord: "SOARecord" },
      ...{ srvRecords: "SRVRecords", txtRecords: "TXTRecords" },
    },
  },
  "privatedns:PrivateZone": {
    ...zone,
    path: `${group}/providers/Microsoft.Network/privateDnsZones/{privateZoneName}`,
  },
  "privatedns:PrivateRecordSet": recordSet("privateDnsZones/{privateZoneName}"),
  ...networkingRows,
  ...dataRows,
  ...monitoringRows,
  "operationalinsights:Workspace": {
    path: `${group}/providers/Microsoft.OperationalInsights/workspaces/{workspaceName}`,
    autoName: "random",
    topLevel: [...tracked, "identity"],
    replaceOn: ["location"],
  },
};

/** A zone's records. The type is a part of the path, and the program's to choose. */
function recordSet(zones: string): Pick<ResourceRow, "path" | "autoName" | "topLevel" | "replaceOn"> {
  return {
    path: `${group}/providers/Microsoft.Network/${zones}/{recordType}/{relativeRecordSetName}`,
    autoName: "copy",
    topLevel: ["etag"],
    replaceOn: [],
  };
}

/** A function that is no getter of a resource type. */
interface FunctionRow {
  path: string;
  /** Query parameters by the name of the argument. */
  query?: Record<string, string>;
  /** @default POST */
  method?: "GET";
}

/** The functions, by the module and name in their token. */
export const functions: Record<string, FunctionRow> = {
  "containerservice:listManagedClusterUserCredentials": {
    path: `${cluster}/listClusterUserCredential`,
    query: { serverFqdn: "server-fqdn", format: "format" },
  },
  "containerservice:listManagedClusterAdminCredentials": {
    path: `${cluster}/listClusterAdminCredential`,
    query: { serverFqdn: "server-fqdn" },
  },
  "logic:listWorkflowTriggerCallbackUrl": {
    path: `${group}/providers/Microsoft.Logic/workflows/{workflowName}/triggers/{triggerName}/listCallbackUrl`,
  },
  "containerregistry:listRegistryCredentials": { path: `${registry}/listCredentials` },
  "authorization:getRoleDefinition": {
    path: "/{scope}/providers/Microsoft.Authorization/roleDefinitions/{roleDefinitionId}",
    method: "GET",
  },
};
