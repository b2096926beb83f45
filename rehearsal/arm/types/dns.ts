import { refusal } from "../errors.ts";
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
    type: "Microsoft.Network/privateDnsZones",
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

/** DNS zones, public and private, and their sets of address records. */
export const dnsTypes: TypeRow[] = kinds.flatMap(({ type, apiVersions, async, ttl, records }) => [
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
]);

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
