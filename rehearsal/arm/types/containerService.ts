import { agentPoolStates, clusterType, poolType } from "../agentPools.ts";
import { sizeIn } from "../catalog.ts";
import { refusal } from "../errors.ts";
import { groupId } from "../path.ts";
import type { Consumer } from "../quota.ts";
import type { Properties, Resource } from "../store.ts";
import { ids } from "../world.ts";
import { completeCluster, kubeletIdentityId, pick } from "./clusterDefaults.ts";
import { identityType } from "./managedIdentity.ts";
import { completePool, type PoolOwner, poolsOf } from "./poolRules.ts";
import type { Action, TypeRow, Write } from "./row.ts";

const apiVersions = [
  ...["2023-04-01", "2024-09-01", "2025-01-01", "2025-05-01", "2025-07-01", "2025-08-01", "2025-09-01"],
  ...["2025-10-01", "2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01", "2026-06-01"],
];
const taint = /^[^=:\s]+=[^=:\s]*:(NoSchedule|PreferNoSchedule|NoExecute)$/;
const immutablePool = [
  ...["vmSize", "osType", "osDiskSizeGB", "osDiskType", "availabilityZones", "maxPods", "type"],
  ...["vnetSubnetID", "podSubnetID", "scaleSetPriority", "kubeletDiskType", "gpuInstanceProfile"],
];

const poolRules = (prefix: string) => [
  { path: `${prefix}mode`, oneOf: ["System", "User", "Gateway"] },
  { path: `${prefix}scaleSetPriority`, oneOf: ["Spot", "Regular"] },
  { path: `${prefix}scaleSetEvictionPolicy`, oneOf: ["Delete", "Deallocate"] },
  { path: `${prefix}osType`, oneOf: ["Linux", "Windows"] },
  { path: `${prefix}osDiskType`, oneOf: ["Managed", "Ephemeral"] },
  { path: `${prefix}nodeTaints[]`, pattern: taint },
  ...["count", "minCount", "maxCount"].map((name) => ({ path: `${prefix}${name}`, min: 0, max: 1000 })),
];

/** Clusters, node pools and maintenance windows. */
export const containerServiceTypes: TypeRow[] = [
  {
    type: clusterType,
    scope: "group",
    apiVersions,
    name: /^[a-zA-Z0-9]$|^[a-zA-Z0-9][-_a-zA-Z0-9]{0,61}[a-zA-Z0-9]$/,
    async: true,
    located: true,
    aks: true,
    etag: "top",
    model: { schema: "aks-schema", model: "ManagedCluster" },
    rules: [
      {
        path: "properties.dnsPrefix",
        required: true,
        pattern: /^[a-zA-Z0-9]([-a-zA-Z0-9]{0,52}[a-zA-Z0-9])?$/,
      },
      { path: "properties.agentPoolProfiles[].name", required: true, pattern: /^[a-z][a-z0-9]{0,11}$/ },
      { path: "identity.type", required: true, oneOf: ["SystemAssigned", "UserAssigned", "None"] },
      { path: "sku.tier", oneOf: ["Free", "Standard", "Premium"] },
      { path: "properties.networkProfile.networkPlugin", oneOf: ["azure", "kubenet", "none"] },
      { path: "properties.networkProfile.networkPolicy", oneOf: ["azure", "calico", "cilium", "none"] },
      { path: "properties.networkProfile.networkDataplane", oneOf: ["azure", "cilium"] },
      { path: "properties.networkProfile.networkPluginMode", oneOf: ["overlay"] },
      {
        path: "properties.autoUpgradeProfile.upgradeChannel",
        oneOf: ["rapid", "stable", "patch", "node-image", "none"],
      },
      {
        path: "properties.autoUpgradeProfile.nodeOSUpgradeChannel",
        oneOf: ["None", "Unmanaged", "NodeImage", "SecurityPatch"],
      },
      { path: "properties.securityProfile.imageCleaner.intervalHours", min: 24, max: 2160 },
      ...poolRules("properties.agentPoolProfiles[]."),
    ],
    immutable: [
      ...["dnsPrefix", "nodeResourceGroup", "fqdnSubdomain"].map((name) => `properties.${name}`),
      ...["podCidr", "serviceCidr", "dnsServiceIP", "networkPlugin"].map(
        (name) => `properties.networkProfile.${name}`,
      ),
      "properties.apiServerAccessProfile.enablePrivateCluster",
    ],
    complete(write) {
      completeCluster(write);
      write.body.properties["agentPoolProfiles"] = completeProfiles(write);
    },
    accompany: accompanyCluster,
    takesAlong: ({ body }) => [groupId(ids.subscription, String(body.properties["nodeResourceGroup"]))],
    view: (world, { id, body }) => ({
      ...body,
      properties: {
        ...body.properties,
        agentPoolProfiles: poolsOf(world, id).map((pool) => ({
          ...pool.body.properties,
          name: pool.name,
          provisioningState: pool.state,
        })),
      },
    }),
    actions: {
      listclusterusercredential: (action) => credentials(action, "clusterUser"),
      listclusteradmincredential: (action) => credentials(action, "clusterAdmin"),
    },
  },
  {
    type: poolType,
    scope: "group",
    apiVersions,
    name: /^[a-z][a-z0-9]{0,11}$/,
    async: true,
    aks: true,
    etag: "properties",
    model: { schema: "aks-schema", model: "AgentPool" },
    rules: poolRules("properties."),
    immutable: immutablePool.map((name) => `properties.${name}`),
    complete({ world, path, body, existing }) {
      const cluster = world.store.get(path.parent);
      const others = agentPoolStates(world.store).filter(
        (pool) => !(pool.clusterId === cluster?.id && pool.name === path.names[1]),
      );
      const owner = ownerOf(cluster?.name ?? "", path.group ?? "", cluster?.body);
      const before = existing?.body.properties;
      body.properties = completePool(world, owner, path.names[1] ?? "", body.properties, before, others);
    },
    checkDelete(world, pool) {
      const rest = poolsOf(world, pool.id.split("/agentPools/")[0] ?? "").filter(
        (other) => other !== pool && other.body.properties["mode"] === "System",
      );
      if (rest.length === 0) {
        throw refusal(400, "OperationNotAllowed", "There has to be at least one system agent pool.");
      }
    },
  },
  {
    type: `${clusterType}/maintenanceConfigurations`,
    scope: "group",
    apiVersions,
    name: /^(default|aksManagedAutoUpgradeSchedule|aksManagedNodeOSUpgradeSchedule)$/,
    aks: true,
    stateful: false,
    model: { schema: "aks-schema", model: "MaintenanceConfiguration" },
  },
];

function ownerOf(cluster: string, group: string, body: Record<string, unknown> | undefined): PoolOwner {
  const network = pick(body, "properties", "networkProfile") as Properties | undefined;
  const flat = network?.["networkPlugin"] === "azure" && network["networkPluginMode"] !== "overlay";
  return {
    cluster,
    group,
    location: String(body?.["location"]),
    version: String(pick(body, "properties", "currentKubernetesVersion")),
    maxPods: flat ? 30 : network?.["networkPlugin"] === "kubenet" ? 110 : 250,
  };
}

// Pools of other requests stay: a cluster's PUT changes only those that it names.
function completeProfiles({ world, path, body, existing }: Write): Properties[] {
  const name = path.names[0] ?? "";
  const asked = (body.properties["agentPoolProfiles"] as Properties[] | undefined) ?? [];
  if (!existing && !asked.some((pool) => pool["mode"] === "System")) {
    throw refusal(
      400,
      "InvalidParameter",
      "A cluster needs at least one agent pool profile with mode System.",
      "properties.agentPoolProfiles",
    );
  }
  const owner = ownerOf(name, path.group ?? "", body);
  const pools = existing ? poolsOf(world, existing.id) : [];
  const earlier: Consumer[] = [];
  return asked.map((profile, index) => {
    const { name: poolName, ...properties } = profile;
    const before = pools.find((pool) => pool.name === poolName)?.body.properties;
    for (const property of immutablePool) {
      const changed = properties[property] ?? before?.[property];
      if (before && JSON.stringify(changed) !== JSON.stringify(before[property])) {
        throw propertyChange(`properties.agentPoolProfiles[${index}].${property}`);
      }
    }
    const others = agentPoolStates(world.store).filter(
      (pool) => !(pool.clusterId === existing?.id && pool.name === poolName),
    );
    const kept = { ...Object.fromEntries(immutablePool.map((key) => [key, before?.[key]])), ...properties };
    const pool = completePool(world, owner, String(poolName), kept, before, [...others, ...earlier]);
    if (!before) {
      earlier.push({
        location: owner.location,
        vmSize: String(pool["vmSize"]),
        vCPUs: sizeIn(owner.location, pool["vmSize"])?.vCPUs ?? 0,
        count: Number(pool["count"]),
        spot: pool["scaleSetPriority"] === "Spot",
      });
    }
    return { ...pool, name: poolName };
  });
}

/** AKS's refusal to change a property. */
export function propertyChange(path: string): Error {
  return refusal(400, "PropertyChangeNotAllowed", `Changing property '${path}' is not allowed.`, path);
}

function accompanyCluster({ world, path }: Write, cluster: Resource): Resource[] {
  const { properties } = cluster.body;
  const base = { state: cluster.state, etag: cluster.etag, created: cluster.created };
  const nodeGroup = String(properties["nodeResourceGroup"]);
  const group: Resource = {
    ...base,
    id: groupId(ids.subscription, nodeGroup),
    type: "Microsoft.Resources/resourceGroups",
    name: nodeGroup,
    body: { location: cluster.body["location"], managedBy: cluster.id, properties: {} },
  };
  const identity = pick(properties, "identityProfile", "kubeletidentity") as Record<string, string>;
  const identityId = kubeletIdentityId(nodeGroup, path.names[0] ?? "");
  const kubelet: Resource = {
    ...base,
    id: identityId,
    type: identityType,
    name: `${path.names[0]}-agentpool`,
    body: {
      location: cluster.body["location"],
      properties: {
        tenantId: ids.tenant,
        clientId: identity["clientId"],
        principalId: identity["objectId"],
      },
    },
  };
  const pools = (properties["agentPoolProfiles"] as Properties[]).map(
    ({ name, ...pool }): Resource => ({
      ...base,
      id: `${cluster.id}/agentPools/${name}`,
      type: poolType,
      name: String(name),
      body: { properties: pool },
      created: world.store.get(`${cluster.id}/agentPools/${name}`)?.created ?? cluster.created,
    }),
  );
  return [group, ...(identity["resourceId"] === identityId ? [kubelet] : []), ...pools];
}

async function credentials({ world, resource }: Action, name: string): Promise<unknown> {
  if (name === "clusterAdmin" && resource.body.properties["disableLocalAccounts"] === true) {
    throw refusal(
      400,
      "BadRequest",
      "Getting static credential is not allowed because this cluster is set to disable local accounts.",
    );
  }
  const file = await world.kubeconfig(resource);
  return { kubeconfigs: [{ name, value: Buffer.from(file).toString("base64") }] };
}
