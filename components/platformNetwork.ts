import { Subnet } from "@pulumi/azure-native/network/subnet.js";
import { VirtualNetwork } from "@pulumi/azure-native/network/virtualNetwork.js";
import * as pulumi from "@pulumi/pulumi";
import { DEFAULT_RANGES, type NetworkRanges, rangeConflict } from "./platformNetwork/ranges.ts";
import { InputPropertyError } from "./validation.ts";

export type { NetworkRanges } from "./platformNetwork/ranges.ts";

/** Arguments of PlatformNetwork. */
export interface PlatformNetworkArgs extends Partial<NetworkRanges> {
  /** The resource group that holds the network. */
  resourceGroupName: pulumi.Input<string>;
  /** The Azure region, that of the cluster. */
  location: pulumi.Input<string>;
  /** The network's name, 2 to 64 letters, digits and '-._'. @default - `vnet-` and the component's name */
  networkName?: string;
  /**
   * Address space of the network. Ranges of networks that are to be connected with it must be others.
   * @default "10.224.0.0/16"
   */
  addressSpace?: string;
  /** Range of the nodes' subnet, inside `addressSpace`. It can't be changed while nodes are in it. @default "10.224.0.0/20" */
  nodesSubnet?: string;
  /** Range of the subnet of private endpoints, inside `addressSpace`. @default "10.224.16.0/24" */
  endpointsSubnet?: string;
  /** Tags of the network. @default - none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * The virtual network of a cluster that has one of its own: a subnet for its nodes, and one for the private endpoints
 * by which they reach Azure's services.
 *
 * Whether a cluster is in a network of its own is decided when it is made, and needed by whatever is to be private later:
 * make it from the first day. AKS's own network is in a group that belongs to AKS, where nobody else should put things.
 *
 * Makes a VirtualNetwork and two Subnets, which cost nothing.
 */
export class PlatformNetwork extends pulumi.ComponentResource {
  /** ARM id of the network. */
  declare readonly id: pulumi.Output<string>;
  /** ARM id of the nodes' subnet. */
  declare readonly nodesSubnetId: pulumi.Output<string>;
  /** ARM id of the private endpoints' subnet. */
  declare readonly endpointsSubnetId: pulumi.Output<string>;
  /** Range of the private endpoints' subnet, for whoever must let calls out to it. */
  declare readonly endpointsRange: string;

  constructor(name: string, args: PlatformNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mcpaas:index:PlatformNetwork", name, {}, opts);
    const { resourceGroupName, location, tags, networkName = `vnet-${name}` } = args;
    const ranges: NetworkRanges = {
      addressSpace: args.addressSpace ?? DEFAULT_RANGES.addressSpace,
      nodesSubnet: args.nodesSubnet ?? DEFAULT_RANGES.nodesSubnet,
      endpointsSubnet: args.endpointsSubnet ?? DEFAULT_RANGES.endpointsSubnet,
    };
    const conflict = rangeConflict(ranges);
    if (conflict) {
      throw new InputPropertyError(
        conflict.key,
        `${ranges[conflict.key]} is not allowed; it must be ${conflict.rule}`,
      );
    }
    const network = new VirtualNetwork(
      name,
      {
        resourceGroupName,
        location,
        virtualNetworkName: networkName,
        addressSpace: { addressPrefixes: [ranges.addressSpace] },
        tags,
      },
      { parent: this },
    );
    const place = { resourceGroupName, virtualNetworkName: network.name };
    const nodes = new Subnet(
      `${name}-nodes`,
      { ...place, subnetName: "nodes", addressPrefix: ranges.nodesSubnet },
      { parent: this },
    );
    // One after the other: Azure refuses to write to a network in two places at once.
    const endpoints = new Subnet(
      `${name}-endpoints`,
      { ...place, subnetName: "endpoints", addressPrefix: ranges.endpointsSubnet },
      { parent: this, dependsOn: [nodes] },
    );
    this.id = network.id;
    this.nodesSubnetId = nodes.id;
    this.endpointsSubnetId = endpoints.id;
    this.endpointsRange = ranges.endpointsSubnet;
    this.registerOutputs({
      id: this.id,
      nodesSubnetId: this.nodesSubnetId,
      endpointsSubnetId: this.endpointsSubnetId,
      endpointsRange: this.endpointsRange,
    });
  }
}
