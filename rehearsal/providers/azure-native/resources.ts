import { type SdkResource, sdkFunction, sdkResource } from "./sdk.ts";

/** One resource type: what the SDK's declarations don't say about it. */
interface ResourceRow {
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
}

const tracked = ["location", "tags"];
const group = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}";
const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/{registryName}`;
const cluster = `${group}/providers/Microsoft.ContainerService/managedClusters/{resourceName}`;
const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}`;

const rows: Record<string, ResourceRow> = {
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
  "operationalinsights:Workspace": {
    path: `${group}/providers/Microsoft.OperationalInsights/workspaces/{workspaceName}`,
    autoName: "random",
    topLevel: [...tracked, "identity"],
    replaceOn: ["location"],
  },
};

/** A resource type as the plugin works with it: its row, and what the SDK says. */
export interface ResourceType extends ResourceRow, SdkResource {
  token: string;
  /** The inputs that are parameters of the path, in its order. */
  pathParameters: readonly string[];
  /** The path parameter that names the resource itself. */
  nameParameter: string;
}

/** A getter (`getRegistry`) is a GET of the path, any other function a POST to it. */
export interface FunctionType {
  token: string;
  method: "GET" | "POST";
  path: string;
  apiVersion: string;
  /** Query parameters by the name of the argument. */
  query: Readonly<Record<string, string>>;
  result: SdkResource["outputs"];
}

const lists: Record<string, { path: string; query?: Record<string, string>; method?: "GET" }> = {
  "containerservice:listManagedClusterUserCredentials": {
    path: `${cluster}/listClusterUserCredential`,
    query: { serverFqdn: "server-fqdn", format: "format" },
  },
  "containerservice:listManagedClusterAdminCredentials": {
    path: `${cluster}/listClusterAdminCredential`,
    query: { serverFqdn: "server-fqdn" },
  },
  "containerregistry:listRegistryCredentials": { path: `${registry}/listCredentials` },
  "authorization:getRoleDefinition": {
    path: "/{scope}/providers/Microsoft.Authorization/roleDefinitions/{roleDefinitionId}",
    method: "GET",
  },
};

/** The names in braces in a path, other than the subscription. */
export function parametersOf(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)]
    .map((match) => match[1] as string)
    .filter((name) => name !== "subscriptionId");
}

/**
 * @param token `azure-native:containerservice:ManagedCluster`, or with a version that overrides the SDK's
 *   default, as in `azure-native:containerservice/v20240901:ManagedCluster`
 * @throws {Error} when the type has no row.
 */
export function resourceType(token: string): ResourceType {
  const { module, name, version } = split(token);
  const row = rows[`${module}:${name}`];
  if (!row) {
    throw new Error(`${unsupported(token, "resource type")} Covered: ${Object.keys(rows).join(", ")}.`);
  }
  const sdk = sdkResource(module, name);
  const pathParameters = parametersOf(row.path);
  return {
    ...row,
    ...sdk,
    token,
    apiVersion: version ?? sdk.apiVersion,
    pathParameters,
    nameParameter: pathParameters.at(-1) as string,
  };
}

/** @throws {Error} when the function has no row. */
export function functionType(token: string): FunctionType {
  const { module, name, version } = split(token);
  const list = lists[`${module}:${name}`];
  const getter = rows[`${module}:${name.replace(/^get/, "")}`];
  if (!list && !(getter && name.startsWith("get"))) {
    throw new Error(unsupported(token, "function"));
  }
  const sdk = sdkFunction(module, name);
  const method = list ? (list.method ?? "POST") : "GET";
  return {
    token,
    method,
    path: list?.path ?? (getter as ResourceRow).path,
    apiVersion: version ?? sdk.apiVersion,
    query: list?.query ?? {},
    result: sdk.result,
  };
}

function unsupported(token: string, what: string): string {
  return `the stand-in for azure-native does not know the ${what} ${token}: add a row to rehearsal/providers/azure-native/resources.ts.`;
}

function split(token: string): { module: string; name: string; version?: string } {
  const [, path = "", name = ""] = token.split(":");
  const [module = "", tag] = path.split("/");
  const date = /^v(\d{4})(\d\d)(\d\d)(preview)?$/.exec(tag ?? "");
  const version = date && [...date.slice(1, 4), ...(date[4] ? [date[4]] : [])].join("-");
  return { module, name, ...(version ? { version } : {}) };
}
