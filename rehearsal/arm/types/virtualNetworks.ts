import { poolType } from "../agentPools.ts";
import { refusal } from "../errors.ts";
import { holds, isRange, overlap } from "../ranges.ts";
import type { Properties, Resource } from "../store.ts";
import type { World } from "../world.ts";
import { pick } from "./clusterDefaults.ts";
import { type TypeRow, type Write, withDefaults } from "./row.ts";

/** ARM type of virtual networks. */
export const networkType = "Microsoft.Network/virtualNetworks";
/** ARM type of subnets. */
export const subnetType = `${networkType}/subnets`;
/** ARM type of private endpoints. */
export const endpointType = "Microsoft.Network/privateEndpoints";

/** The versions that clients of this project ask Microsoft.Network for. */
export const networkVersions = ["2023-11-01", "2024-05-01", "2024-07-01", "2024-10-01"] as const;

/** A subnet's ranges; new versions of the API have a list of them. */
export function rangesOf(subnet: Properties): string[] {
  const one = subnet["addressPrefix"];
  return typeof one === "string" ? [one] : ((subnet["addressPrefixes"] as string[] | undefined) ?? []);
}

/** Virtual networks and their subnets. */
export const virtualNetworkTypes: TypeRow[] = [
  {
    type: networkType,
    scope: "group",
    apiVersions: networkVersions,
    name: /^[a-zA-Z0-9]([-._a-zA-Z0-9]{0,62}[_a-zA-Z0-9])?$/,
    async: true,
    located: true,
    serial: true,
    rules: [{ path: "properties.addressSpace.addressPrefixes", required: true }],
    complete({ world, path, body, existing }) {
      const spaces = addressSpaces(body.properties);
      const wrong = spaces.find((range) => !isRange(range));
      if (wrong !== undefined || spaces.length === 0) {
        throw refusal(
          400,
          "InvalidAddressPrefixFormat",
          `Address prefix ${wrong} of resource ${path.id} is not formatted correctly. It should follow CIDR notation, for example 10.0.0.0/24.`,
        );
      }
      // A body without subnets leaves them as they are. Source: "Update behavior of VNet PUT" of
      // https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-subnet
      const named = (body.properties["subnets"] as Properties[] | undefined) ?? [];
      const strange = named.find((subnet) => !world.store.get(`${path.id}/subnets/${subnet["name"]}`));
      if (strange) {
        throw refusal(
          400,
          "InvalidParameter",
          "Subnets are resources of their own here, not a part of the network.",
        );
      }
      for (const subnet of existing ? world.store.ofType(subnetType, existing.id) : []) {
        checkInside(path.names[0] ?? "", spaces, subnet.name, rangesOf(subnet.body.properties));
      }
      body.properties = withDefaults(body.properties, {
        enableDdosProtection: false,
        privateEndpointVNetPolicies: "Disabled",
        resourceGuid: world.uuid(`network ${path.id}`),
      });
      delete body.properties["subnets"];
    },
    view: (world, { id, body }) => ({
      ...body,
      properties: {
        ...body.properties,
        subnets: world.store.ofType(subnetType, id).map((subnet) => ({
          id: subnet.id,
          name: subnet.name,
          type: subnetType,
          properties: { ...subnet.body.properties, provisioningState: subnet.state },
        })),
        virtualNetworkPeerings: [],
      },
    }),
    checkDelete(world, network) {
      for (const subnet of world.store.ofType(subnetType, network.id)) {
        refuseInUse(world, subnet);
      }
    },
  },
  {
    type: subnetType,
    scope: "group",
    apiVersions: networkVersions,
    name: /^[a-zA-Z0-9]([-._a-zA-Z0-9]{0,78}[_a-zA-Z0-9])?$/,
    async: true,
    serial: true,
    complete: completeSubnet,
    checkDelete: refuseInUse,
  },
];

function addressSpaces(network: Properties): string[] {
  return (pick(network, "addressSpace", "addressPrefixes") as string[] | undefined) ?? [];
}

function completeSubnet({ world, path, body, existing }: Write): void {
  const [network = "", name = ""] = path.names;
  const ranges = rangesOf(body.properties);
  if (ranges.length === 0 || !ranges.every(isRange)) {
    throw refusal(
      400,
      "InvalidAddressPrefixFormat",
      `Address prefix ${ranges.join(",")} of resource ${path.id} is not formatted correctly. It should follow CIDR notation, for example 10.0.0.0/24.`,
    );
  }
  const parent = world.store.get(path.parent);
  checkInside(network, addressSpaces(parent?.body.properties ?? {}), name, ranges);
  const others = world.store.ofType(subnetType, path.parent).filter((other) => other.id !== existing?.id);
  const clash = others.some((other) =>
    rangesOf(other.body.properties).some((taken) => ranges.some((range) => overlap(taken, range))),
  );
  if (clash) {
    throw refusal(
      400,
      "NetcfgSubnetRangesOverlap",
      `Subnet '${name}' is not valid because its IP address range overlaps with that of an existing subnet in virtual network '${network}'.`,
    );
  }
  if (existing && rangesOf(existing.body.properties).join() !== ranges.join()) {
    refuseInUse(world, existing, "InUsePrefixCannotBeDeleted");
  }
  body.properties = withDefaults(body.properties, {
    delegations: [],
    privateEndpointNetworkPolicies: "Disabled",
    privateLinkServiceNetworkPolicies: "Enabled",
  });
}

function checkInside(network: string, spaces: string[], name: string, ranges: string[]): void {
  if (!ranges.every((range) => spaces.some((space) => holds(space, range)))) {
    throw refusal(
      400,
      "NetcfgSubnetRangeOutsideVnet",
      `Subnet '${name}' is not valid because its IP address range is outside the IP address range of virtual network '${network}'.`,
    );
  }
}

/** What a subnet is used by: nodes, private endpoints, servers that have it for themselves. */
function usersOf(world: World, subnet: Resource): Resource[] {
  const id = subnet.id.toLowerCase();
  return world.store.all().filter(({ type, body: { properties } }) => {
    const used =
      type === poolType
        ? properties["vnetSubnetID"]
        : type === endpointType
          ? pick(properties, "subnet", "id")
          : pick(properties, "network", "delegatedSubnetResourceId");
    return typeof used === "string" && used.toLowerCase() === id;
  });
}

function refuseInUse(world: World, subnet: Resource, code = "InUseSubnetCannotBeDeleted"): void {
  const [user] = usersOf(world, subnet);
  if (user) {
    throw refusal(
      400,
      code,
      `Subnet ${subnet.name} is in use by ${user.id} and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.`,
    );
  }
}
