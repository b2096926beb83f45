import { ArmError, refusal } from "../errors.ts";
import { addressAt } from "../ranges.ts";
import type { Properties, Resource } from "../store.ts";
import type { World } from "../world.ts";
import { pick } from "./clusterDefaults.ts";
import { privateZoneType } from "./dns.ts";
import { privateLinkOf } from "./privateLinks.ts";
import type { TypeRow, Write } from "./row.ts";
import { endpointType, networkVersions, rangesOf } from "./virtualNetworks.ts";

const interfaceType = "Microsoft.Network/networkInterfaces";
const zoneGroupType = `${endpointType}/privateDnsZoneGroups`;
const name = /^[a-zA-Z0-9]([-._a-zA-Z0-9]{0,78}[_a-zA-Z0-9])?$/;

/** One name of a resource behind a private endpoint, and its address in the network. */
interface Address {
  fqdn: string;
  ipAddresses: string[];
}

/** Private endpoints, the interfaces that they bring along, and what ties them to private DNS zones. */
export const privateEndpointTypes: TypeRow[] = [
  {
    type: endpointType,
    scope: "group",
    apiVersions: networkVersions,
    name,
    async: true,
    located: true,
    rules: [{ path: "properties.subnet.id", required: true }],
    immutable: ["properties.subnet.id"],
    complete: completeEndpoint,
    accompany: (write, endpoint) => [networkInterface(write, endpoint)],
    takesAlong: ({ body }) =>
      ((body.properties["networkInterfaces"] as { id: string }[]) ?? []).map(({ id }) => id),
  },
  {
    type: interfaceType,
    scope: "group",
    apiVersions: networkVersions,
    name,
    located: true,
    complete() {
      throw refusal(400, "InvalidParameter", "Interfaces come with private endpoints here.");
    },
    checkDelete(_world, one) {
      throw refusal(
        400,
        "NicInUse",
        `Network Interface ${one.id} is used by existing resource ${pick(one.body.properties, "privateEndpoint", "id")}. In order to delete the network interface, it must be dissociated from the resource.`,
      );
    },
  },
  {
    type: zoneGroupType,
    scope: "group",
    apiVersions: networkVersions,
    name,
    async: true,
    complete({ world, body }) {
      for (const config of zoneConfigs(body.properties)) {
        if (!world.store.get(config.zone)) {
          throw new ArmError(
            400,
            "InvalidResourceReference",
            `Resource ${config.zone} referenced by a private DNS zone group was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
          );
        }
      }
    },
    accompany: ({ world, path }, group) => records(world, String(path.parent), group),
    takesAlong: ({ body }) => (body["__records"] as string[] | undefined) ?? [],
    view: (_world, { body }) => ({
      ...Object.fromEntries(Object.entries(body).filter(([key]) => key !== "__records")),
      properties: body.properties,
    }),
  },
];

/** The one connection of an endpoint, asked for or approved by hand. */
function connectionOf(properties: Properties): Properties | undefined {
  const lists = ["privateLinkServiceConnections", "manualPrivateLinkServiceConnections"];
  return lists.flatMap((list) => (properties[list] as Properties[] | undefined) ?? [])[0];
}

function completeEndpoint({ world, path, body, existing }: Write): void {
  const { properties } = body;
  const subnet = world.store.get(String(pick(properties, "subnet", "id")));
  if (!subnet) {
    throw new ArmError(
      400,
      "InvalidResourceReference",
      `Resource ${pick(properties, "subnet", "id")} referenced by resource ${path.id} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
    );
  }
  const connection = connectionOf(properties);
  const id = String(pick(connection, "properties", "privateLinkServiceId"));
  const was = existing?.body.properties;
  const before = was && connectionOf(was);
  if (
    before &&
    String(pick(before, "properties", "privateLinkServiceId")).toLowerCase() !== id.toLowerCase()
  ) {
    throw refusal(
      400,
      "CannotChangePrivateLinkConnectionOnPrivateEndpoint",
      `Cannot change private link service connection on private endpoint ${path.id}.`,
    );
  }
  const target = world.store.get(id);
  const groups = (pick(connection, "properties", "groupIds") as string[] | undefined) ?? [];
  const link = target && privateLinkOf(target);
  const group = link?.groups.find((one) => groups.includes(one.id));
  if (!target || !link || !group) {
    throw refusal(
      400,
      link ? "PrivateLinkServiceIdInvalidGroupId" : "PrivateLinkServiceNotFound",
      link
        ? `Group ids ${groups.join(",")} are none of ${link.groups.map((one) => one.id).join(", ")} of ${id}.`
        : `Private link service ${id} was not found, or has no private link.`,
    );
  }
  link.check?.(target);
  const used = world.store.ofType(endpointType, path.scope).filter((one) => one.id !== existing?.id);
  // Azure keeps the first four addresses of a subnet to itself.
  const first = 4 + used.length * 4;
  const [range = ""] = rangesOf(subnet.body.properties);
  const addresses: Address[] = group.hosts.map((fqdn, index) => ({
    fqdn,
    ipAddresses: [addressAt(range, first + index)],
  }));
  const nic =
    properties["customNetworkInterfaceName"] ?? `${path.names[0]}.nic.${world.uuid(`nic ${path.id}`)}`;
  body.properties = {
    ...properties,
    customDnsConfigs: was?.["customDnsConfigs"] ?? addresses,
    networkInterfaces: was?.["networkInterfaces"] ?? [
      { id: `${path.scope}/providers/${interfaceType}/${nic}` },
    ],
    privateLinkServiceConnections: [
      {
        ...connection,
        properties: {
          ...(connection?.["properties"] as Properties),
          provisioningState: "Succeeded",
          privateLinkServiceConnectionState: {
            status: "Approved",
            description: "Auto-Approved",
            actionsRequired: "None",
          },
        },
      },
    ],
  };
}

function networkInterface({ world, path, body }: Write, endpoint: Resource): Resource {
  const [{ id }] = body.properties["networkInterfaces"] as [{ id: string }];
  return {
    id,
    type: interfaceType,
    name: id.split("/").at(-1) ?? "",
    body: {
      location: body["location"],
      properties: {
        privateEndpoint: { id: path.id },
        ipConfigurations: (body.properties["customDnsConfigs"] as Address[]).map(
          ({ ipAddresses }, index) => ({
            name: `privateEndpointIpConfig.${index}`,
            properties: { privateIPAddress: ipAddresses[0], subnet: body.properties["subnet"] },
          }),
        ),
      },
    },
    state: endpoint.state,
    etag: world.uuid(`etag ${id}`),
    created: endpoint.created,
  };
}

function zoneConfigs(group: Properties): { name: string; zone: string }[] {
  return ((group["privateDnsZoneConfigs"] as Properties[] | undefined) ?? []).map((config) => ({
    name: String(config["name"]),
    zone: String(pick(config, "properties", "privateDnsZoneId")),
  }));
}

/** The address records that Azure keeps in the zones of a group, in the zone's own words: `registry.privatelink…`. */
function records(world: World, endpoint: string, group: Resource): Resource[] {
  const addresses = (world.store.get(endpoint)?.body.properties["customDnsConfigs"] as Address[]) ?? [];
  const made = zoneConfigs(group.body.properties).flatMap(({ zone }) => {
    const zoneName = zone.split("/").at(-1) ?? "";
    const domain = zoneName.replace(/^privatelink\./, "");
    return addresses
      .filter(({ fqdn }) => fqdn.endsWith(`.${domain}`))
      .map(({ fqdn, ipAddresses }): Resource => {
        const record = fqdn.slice(0, -domain.length - 1);
        return {
          id: `${zone}/A/${record}`,
          type: `${privateZoneType}/A`,
          name: record,
          body: {
            properties: {
              ttl: 10,
              fqdn: `${record}.${zoneName}.`,
              aRecords: ipAddresses.map((ipv4Address) => ({ ipv4Address })),
              isAutoRegistered: false,
            },
          },
          state: "Succeeded",
          etag: group.etag,
          created: group.created,
        };
      });
  });
  group.body["__records"] = made.map(({ id }) => id);
  return made;
}
