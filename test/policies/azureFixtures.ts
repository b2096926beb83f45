import type { Fixture } from "./cases/case.ts";

type Fields = Record<string, unknown>;

const SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000";
const GROUP = `${SUBSCRIPTION}/resourceGroups/fixtures`;

/** Tags that satisfy the pack. */
export const tags = { owner: "platform-team", costCenter: "ai-platform", ttl: "30d" };

/** A small pool about which no rule has anything to say, inside a cluster. */
export const systemPool = {
  name: "system",
  mode: "System",
  vmSize: "Standard_D2as_v5",
  enableAutoScaling: true,
  count: 1,
  minCount: 1,
  maxCount: 1,
  enableEncryptionAtHost: true,
};

/** A cluster's arguments about which no rule has anything to say. */
export function clusterProps(name: string, changes: Fields = {}): Fields {
  return {
    resourceName: name,
    resourceGroupName: "fixtures",
    location: "eastus",
    dnsPrefix: name,
    tags,
    identity: { type: "SystemAssigned" },
    enableRBAC: true,
    disableLocalAccounts: true,
    aadProfile: { managed: true, enableAzureRBAC: true },
    apiServerAccessProfile: { authorizedIPRanges: ["203.0.113.0/24"] },
    oidcIssuerProfile: { enabled: true },
    securityProfile: { workloadIdentity: { enabled: true } },
    networkProfile: { networkPlugin: "azure", networkPolicy: "cilium", networkDataplane: "cilium" },
    autoUpgradeProfile: { upgradeChannel: "patch", nodeOSUpgradeChannel: "NodeImage" },
    agentPoolProfiles: [systemPool],
    ...changes,
  };
}

/** A registry's arguments about which no rule has anything to say. */
export function registryProps(name: string, changes: Fields = {}): Fields {
  return {
    registryName: name,
    resourceGroupName: "fixtures",
    location: "eastus",
    tags,
    sku: { name: "Premium" },
    adminUserEnabled: false,
    publicNetworkAccess: "Disabled",
    policies: { exportPolicy: { status: "disabled" } },
    ...changes,
  };
}

/** The arguments of a pool without GPUs about which no rule has anything to say. */
export function poolProps(name: string, changes: Fields = {}): Fields {
  return {
    ...systemPool,
    name: undefined,
    agentPoolName: name,
    resourceGroupName: "fixtures",
    resourceName: "fixtures",
    mode: "User",
    tags,
    ...changes,
  };
}

/** The same of a pool with GPUs. */
export function gpuPoolProps(name: string, changes: Fields = {}): Fields {
  return poolProps(name, {
    vmSize: "Standard_NV6ads_A10_v5",
    count: 0,
    minCount: 0,
    nodeTaints: ["sku=gpu:NoSchedule"],
    nodeLabels: { "mcpaas.dev/pool": "gpu" },
    ...changes,
  });
}

/** A cluster with the setting that keeps its logs. */
export function cluster(name: string, changes: Fields = {}): Fixture[] {
  return withSetting(
    { name, type: CLUSTER, props: clusterProps(name, changes) },
    `${GROUP}/providers/Microsoft.ContainerService/managedClusters/${name}`,
  );
}

/** A registry, whose name must be as Azure wants it, with the setting that keeps its logs. */
export function registry(name: string, changes: Fields = {}): Fixture[] {
  const azureName = name.replaceAll("-", "");
  return withSetting(
    { name, type: REGISTRY, props: registryProps(azureName, changes) },
    `${GROUP}/providers/Microsoft.ContainerRegistry/registries/${azureName}`,
  );
}

/** A pool of its own. */
export function pool(name: string, props: Fields): Fixture {
  return { name, type: POOL, props };
}

/** The name that AKS takes for a pool: small letters and digits, 12 at most. */
export const poolName = (name: string) => name.replaceAll("-", "").slice(-12);

/** An object of Kubernetes'. */
export function object(type: string, name: string, spec: unknown, metadata: Fields = {}): Fixture {
  const props = { metadata: { name, ...metadata }, ...(spec === undefined ? {} : { spec }) };
  return { name, type: `kubernetes:${type}`, props };
}

export const CLUSTER = "azure-native:containerservice:ManagedCluster";
export const POOL = "azure-native:containerservice:AgentPool";
export const REGISTRY = "azure-native:containerregistry:Registry";

function withSetting(of: Fixture, resourceUri: string): Fixture[] {
  const logs = [{ category: "kube-audit-admin", enabled: true }];
  const props = { name: "logs", resourceUri, workspaceId: `${GROUP}/workspaces/logs`, logs };
  const name = `${of.name}-logs`;
  return [
    of,
    { name, type: "azure-native:monitor:DiagnosticSetting", props, dependsOn: [of.name], bystander: true },
  ];
}
