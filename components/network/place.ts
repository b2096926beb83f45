import ipaddr from "ipaddr.js";

/** Where a service is, as its URL says. */
export type Place =
  | { kind: "cluster"; namespace?: string; port: number }
  | { kind: "address"; cidr: string; port: number }
  | { kind: "internet"; port: number };

/**
 * Where the service of a URL is. A name that isn't one of the cluster's Services is taken for the internet's.
 */
export function placeOf(text: string, defaultPort?: number): Place {
  const url = new URL(text);
  // Not url.port, which is empty for a protocol's own port, also where it was written down.
  const written = /^[^/]*\/\/[^/?#]*:(\d+)(?:[/?#]|$)/.exec(text)?.[1];
  const port = Number(written) || defaultPort || (url.protocol === "https:" ? 443 : 80);
  const host = bareHost(url);
  if (ipaddr.isValid(host)) {
    const bits = ipaddr.parse(host).kind() === "ipv4" ? 32 : 128;
    return { kind: "address", cidr: `${host}/${bits}`, port };
  }
  const service = /^[^.]+(?:\.([^.]+)\.svc(?:\.cluster\.local)?)?\.?$/.exec(host);
  return service ? { kind: "cluster", namespace: service[1], port } : { kind: "internet", port };
}

/** The host of a URL, of an IPv6 address without the brackets. */
export function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "");
}
