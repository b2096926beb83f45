import { refusal } from "../errors.ts";
import { pick } from "./clusterDefaults.ts";
import { type TypeRow, type Write, withDefaults } from "./row.ts";

const zoneName = /^(?:[a-zA-Z0-9_]([-_a-zA-Z0-9]{0,61}[a-zA-Z0-9_])?\.)+[a-zA-Z0-9-]{2,63}$/;
const recordName =
  /^(?:@|\*|(?:\*\.)?[a-zA-Z0-9_]([-_a-zA-Z0-9]{0,61}[a-zA-Z0-9_])?(?:\.[-_a-zA-Z0-9]{1,63})*)$/;

/** A kind of zone: public and private ones differ in names of properties, and in little else. */
interface ZoneKind {
  type: string;
  apiVersions: readonly string[];
  async: boolean;
  /** The time to live, and by record type what a set of that type has to have. */
  ttl: string;
  records: Readonly<Record<string, { path: string; required: string; pattern: RegExp }>>;
}

const ipv4 = /^(?:\d{1,3}\.){3}\d{1,3}$/;
const ipv6 = /^[0-9a-fA-F:.]*:[0-9a-fA-F:.]*$/;
const hostName = /^[^\s]+$/;

/** ARM type of private zones. */
export const privateZoneType = "Microsoft.Network/privateDnsZones";

// Sources: the examples of https://learn.microsoft.com/azure/templates/microsoft.network/dnszones/a and privatednszones/a
const kinds: readonly ZoneKind[] = [
  {
    type: "Microsoft.Network/dnsZones",
    apiVersions: ["2018-05-01", "2023-07-01-preview"],
    async: false,
    ttl: "TTL",
    records: {
      A: { path: "ARecords[].ipv4Address", required: "ARecords", pattern: ipv4 },
      AAAA: { path: "AAAARecords[].ipv6Address", required: "AAAARecords", pattern: ipv6 },
      CNAME: { path: "CNAMERecord.cname", required: "CNAMERecord", pattern: hostName },
    },
  },
  {
    type: privateZoneType,
    apiVersions: ["2018-09-01", "2020-06-01", "2024-06-01"],
    async: true,
    ttl: "ttl",
    records: {
      A: { path: "aRecords[].ipv4Address", required: "aRecords", pattern: ipv4 },
      AAAA: { path: "aaaaRecords[].ipv6Address", required: "aaaaRecords", pattern: ipv6 },
      CNAME: { path: "cnameRecord.cname", required: "cnameRecord", pattern: hostName },
    },
  },
];

const linkType = `${privateZoneType}/virtualNetworkLinks`;

/** What makes the names of a private zone known in a virtual network. */
const link: TypeRow = {
  type: linkType,
  scope: "group",
  apiVersions: ["2018-09-01", "2020-06-01", "2024-06-01"],
  name: /^[a-zA-Z0-9]([-._a-zA-Z0-9]{0,78}[_a-zA-Z0-9])?$/,
  async: true,
  rules: [
    { path: "location", required: true, oneOf: ["global"] },
    { path: "properties.virtualNetwork.id", required: true },
    { path: "properties.resolutionPolicy", oneOf: ["Default", "NxDomainRedirect"] },
  ],
  immutable: ["properties.virtualNetwork.id"],
  complete({ world, path, body, existing }) {
    const network = String(pick(body.properties, "virtualNetwork", "id"));
    if (!world.store.get(network)) {
      throw refusal(404, "NotFound", `The virtual network '${network}' does not exist.`);
    }
    const twin = world.store
      .ofType(linkType, path.parent)
      .find(
        (other) =>
          other.id !== existing?.id &&
          String(pick(other.body.properties, "virtualNetwork", "id")).toLowerCase() === network.toLowerCase(),
      );
    if (twin) {
      throw refusal(
        409,
        "Conflict",
        `A virtual network cannot be linked to multiple zones with overlapping namespaces. You tried to link virtual network with '${path.names[0]}' zone.`,
      );
    }
    body.properties = {
      ...withDefaults(body.properties, { registrationEnabled: false, resolutionPolicy: "Default" }),
      virtualNetworkLinkState: "Completed",
    };
  },
};

/** DNS zones, public and private, with their sets of address records and links to networks. */
export const dnsTypes: TypeRow[] = [link, ...kinds.flatMap(zoneRows)];

function zoneRows({ type, apiVersions, async, ttl, records }: ZoneKind): TypeRow[] {
  return [
    {
      type,
      scope: "group",
      apiVersions,
      name: zoneName,
      async,
      stateful: async,
      etag: "top",
      rules: [{ path: "location", required: true, oneOf: ["global"] }],
      complete({ body }) {
        body.properties = { ...withDefaults(body.properties, { maxNumberOfRecordSets: 10_000 }) };
      },
      checkDelete(world, zone) {
        const [nested] = world.store.ofType(linkType, zone.id);
        if (nested) {
          throw refusal(
            409,
            "CannotDeleteResource",
            `Cannot delete resource while nested resources exist. Some existing nested resource IDs include: 'Microsoft.Network/privateDnsZones/${zone.name}/virtualNetworkLinks/${nested.name}'. Please delete all nested resources before deleting this resource.`,
          );
        }
      },
    },
    ...Object.entries(records).map(
      ([recordType, { path, required, pattern }]): TypeRow => ({
        type: `${type}/${recordType}`,
        scope: "group",
        apiVersions,
        name: recordName,
        stateful: false,
        etag: "top",
        rules: [
          { path: `properties.${ttl}`, required: true, min: 1, max: 2_147_483_647 },
          { path: `properties.${required}`, required: true },
          { path: `properties.${path}`, pattern },
        ],
        complete(write) {
          refuseClash(write, type, recordType);
          const [zone = "", name = ""] = write.path.names;
          write.body.properties["fqdn"] = name === "@" ? `${zone}.` : `${name}.${zone}.`;
        },
      }),
    ),
  ];
}

/** A name that is another name for something has no other records. Source: RFC 1034, section 3.6.2. */
function refuseClash({ world, path }: Write, type: string, recordType: string): void {
  const [zone = "", name = ""] = path.names;
  const others = recordType === "CNAME" ? ["A", "AAAA"] : ["CNAME"];
  const clash =
    (recordType === "CNAME" && name === "@") ||
    others.some((other) => world.store.get(`${path.scope}/providers/${type}/${zone}/${other}/${name}`));
  if (clash) {
    throw refusal(
      400,
      "BadRequest",
      `The record could not be created because a CNAME record with the same name already exists in this zone: ${name}.${zone}.`,
    );
  }
}
