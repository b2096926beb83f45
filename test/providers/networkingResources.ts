import type { Properties } from "../../rehearsal/providers/plugin/values.ts";
import type { Made } from "./resources.ts";

type Make = (type: string, name: string, inputs: Properties) => Promise<Made>;

/** Networks, private endpoints and their names. */
export const networkingTypes = [
  ["network:VirtualNetwork", /\/virtualNetworks\/net[0-9a-f]{8}$/],
  ["network:Subnet", /\/virtualNetworks\/net[0-9a-f]{8}\/subnets\/endpoints$/],
  ["network:PrivateEndpoint", /\/privateEndpoints\/registry[0-9a-f]{8}$/],
  ["network:PrivateDnsZoneGroup", /\/privateDnsZoneGroups\/default$/],
  ["privatedns:VirtualNetworkLink", /\/virtualNetworkLinks\/net$/],
] as const;

/**
 * Makes one resource of each covered type of networking.
 *
 * @param aside makes what belongs to another type's tests
 */
export async function makeNetworking(
  make: Make,
  aside: (type: string, name: string, inputs: Properties) => Promise<{ id: string }>,
  inGroup: { resourceGroupName: string },
): Promise<void> {
  const text = (resource: Made, output: string) => String(resource.outputs[output]);
  const network = await make("network:VirtualNetwork", "net", {
    ...inGroup,
    addressSpace: { addressPrefixes: ["10.224.0.0/12"] },
  });
  const subnet = await make("network:Subnet", "endpoints", {
    ...{ ...inGroup, virtualNetworkName: text(network, "name") },
    addressPrefix: "10.225.0.0/24",
  });
  const registry = await aside("containerregistry:Registry", "closed", {
    ...{ ...inGroup, registryName: "closedfortest", sku: { name: "Premium" } },
    networkRuleSet: {
      defaultAction: "Deny",
      ipRules: [{ action: "Allow", iPAddressOrRange: "203.0.113.0/24" }],
    },
  });
  const endpoint = await make("network:PrivateEndpoint", "registry", {
    ...inGroup,
    subnet: { id: subnet.id },
    privateLinkServiceConnections: [
      { name: "registry", privateLinkServiceId: registry.id, groupIds: ["registry"] },
    ],
  });
  const zone = await aside("privatedns:PrivateZone", "registries", {
    ...{ ...inGroup, privateZoneName: "privatelink.azurecr.io", location: "global" },
  });
  await make("privatedns:VirtualNetworkLink", "net", {
    ...{ ...inGroup, privateZoneName: "privatelink.azurecr.io", location: "global" },
    ...{ virtualNetwork: { id: network.id }, registrationEnabled: false },
  });
  await make("network:PrivateDnsZoneGroup", "default", {
    ...{ ...inGroup, privateEndpointName: text(endpoint, "name") },
    privateDnsZoneConfigs: [{ name: "registry", privateDnsZoneId: zone.id }],
  });
}
