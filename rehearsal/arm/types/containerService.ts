import { agentPoolStates, clusterType, poolType } from "../agentPools.ts";
import { refusal } from "../errors.ts";
import { groupId } from "../path.ts";
import { ids } from "../world.ts";
import { autoScalerRules } from "./autoScaler.ts";
import { credentials } from "./clusterCredentials.ts";
import { checkPrivateMode, completeCluster } from "./clusterDefaults.ts";
import { checkSubnets } from "./clusterNetwork.ts";
import { accompanyCluster, completeProfiles, immutablePool, ownerOf, poolsAfter } from "./clusterPools.ts";
import { completePool, poolsOf } from "./poolRules.ts";
import type { TypeRow } from "./row.ts";

const apiVersions = [
  ...["2023-04-01", "2024-09-01", "2025-01-01", "2025-05-01", "2025-07-01", "2025-08-01", "2025-09-01"],
  ...["2025-10-01", "2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01", "2026-06-01"],
];
const taint = /^[^=:\s]+=[^=:\s]*:(NoSchedule|PreferNoSchedule|NoExecute)$/;

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
      { path: "properties.ingressProfile.gatewayAPI.installation", oneOf: ["Disabled", "Standard"] },
      {
        path: "properties.ingressProfile.webAppRouting.gatewayAPIImplementations.appRoutingIstio.mode",
        oneOf: ["Disabled", "Enabled"],
      },
      ...autoScalerRules,
      { path: "properties.securityProfile.imageCleaner.intervalHours", min: 24, max: 2160 },
      ...poolRules("properties.agentPoolProfiles[]."),
    ],
    immutable: [
      ...["dnsPrefix", "nodeResourceGroup", "fqdnSubdomain"].map((name) => `properties.${name}`),
      ...["podCidr", "serviceCidr", "dnsServiceIP", "networkPlugin"].map(
        (name) => `properties.networkProfile.${name}`,
      ),
      "properties.apiServerAccessProfile.privateDNSZone",
    ],
    complete(write) {
      checkPrivateMode(write);
      completeCluster(write);
      write.body.properties["agentPoolProfiles"] = completeProfiles(write);
      checkSubnets(write.world, { id: write.path.id, body: write.body }, poolsAfter(write));
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
      const rest = poolsOf(world, String(path.parent)).filter(({ name }) => name !== path.names[1]);
      const together = [body.properties, ...rest.map((pool) => pool.body.properties)];
      checkSubnets(world, { id: String(path.parent), body: cluster?.body }, together);
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
