import { RecordSet } from "@pulumi/azure-native/dns/recordSet.js";
import { PrivateRecordSet } from "@pulumi/azure-native/privatedns/privateRecordSet.js";
import type * as pulumi from "@pulumi/pulumi";
import { InputPropertyError } from "../validation.ts";
import type { IngressDns } from "./args.ts";
import { relativeName } from "./names.ts";

/** An address of a Gateway's status. */
export interface GatewayAddress {
  /** "IPAddress" (also when left out) or "Hostname". */
  type?: string;
  value: string;
}

/** A record for an address: one kind of the three. */
export interface AddressRecord {
  recordType: "A" | "AAAA" | "CNAME";
  aRecords?: { ipv4Address: string }[];
  aaaaRecords?: { ipv6Address: string }[];
  cnameRecord?: { cname: string };
}

/** What a record for the address is. */
export function recordOf({ type, value }: GatewayAddress): AddressRecord {
  if (type === "Hostname") return { recordType: "CNAME", cnameRecord: { cname: value } };
  return value.includes(":")
    ? { recordType: "AAAA", aaaaRecords: [{ ipv6Address: value }] }
    : { recordType: "A", aRecords: [{ ipv4Address: value }] };
}

/** Refuses a record that DNS doesn't know: the zone's own name has no CNAME. Source: RFC 1034, section 3.6.2. */
function recordFor(host: string, zone: string, address: GatewayAddress) {
  const record = recordOf(address);
  if (record.recordType === "CNAME" && host === zone) {
    throw new InputPropertyError(
      "dns.zone",
      `the Gateway's address is the host ${address.value}, and the zone's own name ${host} can't have a CNAME ` +
        "record; choose a host below the zone, or make an alias record by hand and leave out dns",
    );
  }
  return record;
}

/** A record for each host, which leads to the Gateway. */
export function dnsRecords(
  parent: pulumi.Resource,
  name: string,
  hosts: readonly string[],
  dns: IngressDns,
  address: pulumi.Output<GatewayAddress>,
): pulumi.Resource[] {
  const { zone, resourceGroupName, ttlSeconds: ttl = 300 } = dns;
  return hosts.map((host) => {
    const record = address.apply((known) => recordFor(host, zone, known));
    const common = {
      resourceGroupName,
      relativeRecordSetName: relativeName(host, zone) ?? "",
      recordType: record.recordType,
      ttl,
    };
    // An Output of a list can't be a list that isn't there, to the types; the engine leaves it out.
    const records = {
      aRecords: record.apply(({ aRecords }) => aRecords as { ipv4Address: string }[]),
      aaaaRecords: record.apply(({ aaaaRecords }) => aaaaRecords as { ipv6Address: string }[]),
      cnameRecord: record.apply(({ cnameRecord }) => cnameRecord as { cname: string }),
    };
    const resource = `${name}-dns-${host}`;
    return dns.private
      ? new PrivateRecordSet(resource, { ...common, ...records, privateZoneName: zone }, { parent })
      : new RecordSet(resource, { ...common, ...records, zoneName: zone }, { parent });
  });
}
