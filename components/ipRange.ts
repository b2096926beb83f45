import ipaddr from "ipaddr.js";

/** A range of IP addresses, as `address/prefix`. */
export interface IpRange {
  readonly text: string;
  readonly version: 4 | 6;
  readonly network: ipaddr.IPv4 | ipaddr.IPv6;
  readonly prefix: number;
}

/**
 * Reads a range, or says what it must be instead. Stricter than the library, which takes octal and shortened
 * addresses: what two programs could read as two ranges is no range to build a rule on.
 */
export function parseIpRange(text: string): IpRange | string {
  const form = 'an IP range, for example "20.0.0.0/8"';
  if (text.includes("%") || !ipaddr.isValidCIDR(text)) return form;
  const [address, prefix] = ipaddr.parseCIDR(text);
  const ipv4 = address.kind() === "ipv4";
  if (ipv4 && text !== `${address}/${prefix}`) return form;
  if (!ipv4 && (address as ipaddr.IPv6).isIPv4MappedAddress()) {
    return "written as an IPv4 range, because it stands for IPv4 addresses";
  }
  const network = (ipv4 ? ipaddr.IPv4 : ipaddr.IPv6).networkAddressFromCIDR(text);
  if (network.toNormalizedString() !== address.toNormalizedString()) {
    return `"${network}/${prefix}", because a range of ${prefix} bits begins there`;
  }
  return { text, version: ipv4 ? 4 : 6, network, prefix };
}

/** What a text must be instead to be a range of IPv4 addresses, or nothing when it is one. */
export function ipv4RangeRule(text: string): string | undefined {
  const range = parseIpRange(text);
  if (typeof range === "string") return range;
  return range.version === 4 ? undefined : 'an IPv4 range, for example "203.0.113.0/24"';
}

/** Whether every address of `inner` is in `outer`. */
export function contains(outer: IpRange, inner: IpRange): boolean {
  return (
    outer.version === inner.version &&
    outer.prefix <= inner.prefix &&
    inner.network.match([outer.network, outer.prefix])
  );
}
