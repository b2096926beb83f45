import type { ResourceRow } from "./table.ts";

const group = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}";
const network = `${group}/providers/Microsoft.Network/virtualNetworks/{virtualNetworkName}`;
const endpoint = `${group}/providers/Microsoft.Network/privateEndpoints/{privateEndpointName}`;
const privateZone = `${group}/providers/Microsoft.Network/privateDnsZones/{privateZoneName}`;
const tracked = ["location", "tags"];
/** What ARM has beside `properties` in a member of a list that is a resource by itself elsewhere. */
const reference = ["id", "name", "etag", "type"];

/** The rows of networks, private endpoints and what makes their names known. */
export const networkingRows: Readonly<Record<string, ResourceRow>> = {
  "network:VirtualNetwork": {
    path: network,
    autoName: "random",
    topLevel: [...tracked, "extendedLocation", "id"],
    replaceOn: ["location"],
    flattened: { subnets: reference, virtualNetworkPeerings: reference },
    subResources: ["subnets", "virtualNetworkPeerings"],
  },
  "network:Subnet": {
    path: `${network}/subnets/{subnetName}`,
    autoName: "copy",
    topLevel: ["id", "name", "type"],
    replaceOn: [],
  },
  "network:PrivateEndpoint": {
    path: endpoint,
    autoName: "random",
    topLevel: [...tracked, "extendedLocation", "id"],
    replaceOn: ["location", "subnet"],
    flattened: {
      privateLinkServiceConnections: reference,
      manualPrivateLinkServiceConnections: reference,
      ipConfigurations: reference,
    },
  },
  "network:PrivateDnsZoneGroup": {
    path: `${endpoint}/privateDnsZoneGroups/{privateDnsZoneGroupName}`,
    autoName: "copy",
    topLevel: ["id", "name"],
    replaceOn: [],
    flattened: { privateDnsZoneConfigs: ["name"] },
  },
  "privatedns:VirtualNetworkLink": {
    path: `${privateZone}/virtualNetworkLinks/{virtualNetworkLinkName}`,
    autoName: "copy",
    topLevel: [...tracked, "etag"],
    replaceOn: ["location"],
  },
};
