import { PrivateDnsZoneGroup } from "@pulumi/azure-native/network/privateDnsZoneGroup.js";
import { PrivateEndpoint } from "@pulumi/azure-native/network/privateEndpoint.js";
import { PrivateZone } from "@pulumi/azure-native/privatedns/privateZone.js";
import { VirtualNetworkLink } from "@pulumi/azure-native/privatedns/virtualNetworkLink.js";
import * as pulumi from "@pulumi/pulumi";

/**
 * The services that a private endpoint can be for here: how each calls what is connected, and the zone whose records
 * lead the service's public name to the private address.
 * Source: https://learn.microsoft.com/azure/private-link/private-endpoint-dns, "Commercial".
 */
export const PRIVATE_SERVICES = {
  registry: { groupId: "registry", zone: "privatelink.azurecr.io" },
  postgresql: { groupId: "postgresqlServer", zone: "privatelink.postgres.database.azure.com" },
  blob: { groupId: "blob", zone: "privatelink.blob.core.windows.net" },
} as const;

/** Where private endpoints are made, and who finds them by name. */
export interface PrivatePlace {
  /** ARM id of the subnet that holds the endpoint. */
  subnetId: pulumi.Input<string>;
  /** ARM id of the network in which the service's name leads to the endpoint. */
  networkId: pulumi.Input<string>;
  /**
   * Make the private DNS zone and link it with the network. Off where the organisation has these zones in one place and
   * a policy there writes the records; a network can be linked with one zone of a name only.
   * @default true
   */
  zone?: boolean;
}

export interface PrivateLinkArgs extends PrivatePlace {
  /** The resource group that holds what is made. */
  resourceGroupName: pulumi.Input<string>;
  /** The region of the network. */
  location: pulumi.Input<string>;
  /** What is connected. */
  service: keyof typeof PRIVATE_SERVICES;
  /** ARM id of the registry, server or account. */
  targetId: pulumi.Input<string>;
  /** Name of the endpoint. @default - `pe-` and the component's name */
  endpointName?: string;
  /** Tags of the endpoint and the zone. @default - none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * A private endpoint: an address inside the network for a service of Azure, and the DNS zone by which the service's name
 * means that address there. It can be added to a service and taken away at any time.
 *
 * Makes a PrivateEndpoint, and unless told otherwise a PrivateZone with its link to the network and the endpoint's
 * records. Costs about 7 USD a month and 0.01 USD a GB, and half a dollar a month for the zone.
 */
export class PrivateLink extends pulumi.ComponentResource {
  /** ARM id of the endpoint, known when the service's name leads to it, too. */
  declare readonly id: pulumi.Output<string>;

  constructor(name: string, args: PrivateLinkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mcpaas:index:PrivateLink", name, {}, opts);
    const { resourceGroupName, location, tags, subnetId, networkId, targetId } = args;
    const { groupId, zone: zoneName } = PRIVATE_SERVICES[args.service];
    const child = { parent: this };
    const endpoint = new PrivateEndpoint(
      name,
      {
        resourceGroupName,
        location,
        privateEndpointName: args.endpointName ?? `pe-${name}`,
        subnet: { id: subnetId },
        privateLinkServiceConnections: [
          { name: groupId, privateLinkServiceId: targetId, groupIds: [groupId] },
        ],
        tags,
      },
      child,
    );
    this.id = endpoint.id;
    if (args.zone ?? true) {
      const zone = new PrivateZone(
        `${name}-zone`,
        { resourceGroupName, privateZoneName: zoneName, location: "global", tags },
        child,
      );
      const link = new VirtualNetworkLink(
        `${name}-zone-link`,
        {
          resourceGroupName,
          privateZoneName: zone.name,
          virtualNetworkLinkName: "platform",
          location: "global",
          virtualNetwork: { id: networkId },
          // Records are the endpoint's own; the network's machines have none here.
          registrationEnabled: false,
          tags,
        },
        child,
      );
      const records = new PrivateDnsZoneGroup(
        `${name}-records`,
        {
          resourceGroupName,
          privateEndpointName: endpoint.name,
          privateDnsZoneGroupName: "default",
          privateDnsZoneConfigs: [{ name: args.service, privateDnsZoneId: zone.id }],
        },
        { ...child, dependsOn: [link] },
      );
      this.id = pulumi.all([endpoint.id, records.id]).apply(([id]) => id);
    }
    this.registerOutputs({ id: this.id });
  }
}
