import { refusal } from "../errors.ts";
import { overlap } from "../ranges.ts";
import { builtinRoles } from "../roles.ts";
import type { Properties } from "../store.ts";
import type { World } from "../world.ts";
import { pick } from "./clusterDefaults.ts";
import { rangesOf, subnetType } from "./virtualNetworks.ts";

/** Roles that hold `Microsoft.Network/virtualNetworks/subnets/join/action`. */
const joining = new Set(
  builtinRoles
    .filter(({ name }) => ["Owner", "Contributor", "Network Contributor"].includes(name))
    .map(({ id }) => id),
);

/**
 * Checks the subnets of a cluster's pools: that all of them or none has one, that they are there and in one network,
 * that Services' range is apart from them, and that the cluster may put nodes into them.
 *
 * @param pools the inline ones, or the one that is added, and those that exist
 */
export function checkSubnets(
  world: World,
  cluster: { id: string; body: Record<string, unknown> | undefined },
  pools: readonly Properties[],
): void {
  const asked = pools.map((pool) => pool["vnetSubnetID"] as string | undefined);
  const ids = asked.filter((id) => id !== undefined);
  if (ids.length === 0) {
    return;
  }
  const target = "agentPoolProfile.vnetSubnetID";
  if (ids.length < asked.length) {
    throw refusal(400, "InvalidParameter", "All or none of the agentpools should set subnet.", target);
  }
  const networkOf = (id: string) => id.toLowerCase().split("/subnets/")[0];
  if (ids.some((id) => networkOf(id) !== networkOf(ids[0] ?? ""))) {
    throw refusal(
      400,
      "InvalidParameter",
      "All agent pools of a cluster must be in subnets of one virtual network.",
      target,
    );
  }
  for (const id of ids) {
    const subnet = world.store.get(id);
    if (subnet?.type !== subnetType) {
      throw refusal(400, "SubnetNotFound", `The subnet '${id}' of an agent pool was not found.`, target);
    }
    checkServices(cluster.body, rangesOf(subnet.body.properties));
    checkMayJoin(world, cluster, id);
  }
}

function checkServices(cluster: Record<string, unknown> | undefined, ranges: readonly string[]): void {
  const services = String(pick(cluster, "properties", "networkProfile", "serviceCidr") ?? "10.0.0.0/16");
  const clash = ranges.find((range) => overlap(range, services));
  if (clash) {
    throw refusal(
      400,
      "ServiceCidrOverlapExistingSubnetsCidr",
      `The specified service CIDR ${services} is conflicted with an existing subnet CIDR ${clash}. Please see https://aka.ms/aks/servicecidroverlap for how to fix the error.`,
      "networkProfile.serviceCIDR",
    );
  }
}

/** An identity of the cluster's own is new with it, and AKS gives it the role; one that it was given has to have it. */
function checkMayJoin(
  world: World,
  { id, body }: { id: string; body: Record<string, unknown> | undefined },
  subnet: string,
): void {
  const identities = pick(body, "identity", "userAssignedIdentities");
  for (const { principalId } of Object.values(
    (identities ?? {}) as Record<string, { principalId: string }>,
  )) {
    const may = world.store
      .ofType("Microsoft.Authorization/roleAssignments")
      .some(({ body: { properties } }) => {
        const scope = `${properties["scope"]}/`.toLowerCase();
        return (
          properties["principalId"] === principalId &&
          joining.has(String(properties["roleDefinitionId"]).toLowerCase().split("/").at(-1) ?? "") &&
          `${subnet}/`.toLowerCase().startsWith(scope)
        );
      });
    if (!may) {
      throw refusal(
        403,
        "LinkedAuthorizationFailed",
        `The client '${principalId}' with object id '${principalId}' has permission to perform action 'Microsoft.ContainerService/managedClusters/write' on scope '${id}'; however, it does not have permission to perform action(s) 'Microsoft.Network/virtualNetworks/subnets/join/action' on the linked scope(s) '${subnet}' (respectively) or the linked scope(s) are invalid.`,
      );
    }
  }
}
