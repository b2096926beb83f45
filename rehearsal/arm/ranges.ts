import ipaddr from "ipaddr.js";

/** Whether a text is a range of addresses, as `address/prefix`. */
export function isRange(text: unknown): text is string {
  return typeof text === "string" && ipaddr.isValidCIDR(text);
}

/** Whether every address of `inner` is in `outer`. */
export function holds(outer: string, inner: string): boolean {
  const [address, prefix] = ipaddr.parseCIDR(outer);
  const [start, length] = ipaddr.parseCIDR(inner);
  return address.kind() === start.kind() && prefix <= length && start.match(ipaddr.parseCIDR(outer));
}

/** Whether two ranges have an address in common: of two ranges one then holds the other. */
export function overlap(one: string, other: string): boolean {
  return holds(one, other) || holds(other, one);
}

/** The address that many after a range's first one. */
export function addressAt(range: string, offset: number): string {
  const bytes = ipaddr.IPv4.networkAddressFromCIDR(range).toByteArray();
  const value = bytes.reduce((sum, byte) => sum * 256 + byte, 0) + offset;
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}
