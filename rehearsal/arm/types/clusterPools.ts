import { agentPoolStates, poolType } from "../agentPools.ts";
import { sizeIn } from "../catalog.ts";
import { propertyChange, refusal } from "../errors.ts";
import { groupId, groupType } from "../path.ts";
import type { Consumer } from "../quota.ts";
import type { Properties, Resource } from "../store.ts";
import { ids } from "../world.ts";
import { kubeletIdentityId, pick } from "./clusterDefaults.ts";
import { identityType } from "./managedIdentity.ts";
import { completePool, type PoolOwner, poolsOf } from "./poolRules.ts";
import type { Write } from "./row.ts";

/** Properties of a pool that can't change. */
export const immutablePool = [
  ...["vmSize", "osType", "osDiskSizeGB", "osDiskType", "availabilityZones", "maxPods", "type"],
  ...["vnetSubnetID", "podSubnetID", "scaleSetPriority", "kubeletDiskType", "gpuInstanceProfile"],
];

/** A cluster as its pools need to know it. */
export function ownerOf(
  cluster: string,
  group: string,
  body: Record<string, unknown> | undefined,
): PoolOwner {
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

/** Checks and completes a cluster's inline pools. Pools of other requests stay as they are. */
export function completeProfiles({ world, path, body, existing }: Write): Properties[] {
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

/** All pools that a cluster has after a write of it: those that the write names as it has them, the others as they are. */
export function poolsAfter({ world, body, existing }: Write): Properties[] {
  const named = body.properties["agentPoolProfiles"] as Properties[];
  const rest = (existing ? poolsOf(world, existing.id) : []).filter(
    ({ name }) => !named.some((pool) => pool["name"] === name),
  );
  return [...named, ...rest.map((pool) => pool.body.properties)];
}

/** The node group, the kubelet identity and the inline pools that come with a cluster. */
export function accompanyCluster({ world, path }: Write, cluster: Resource): Resource[] {
  const { properties } = cluster.body;
  const base = { state: cluster.state, etag: cluster.etag, created: cluster.created };
  const nodeGroup = String(properties["nodeResourceGroup"]);
  const group: Resource = {
    ...base,
    id: groupId(ids.subscription, nodeGroup),
    type: groupType,
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
