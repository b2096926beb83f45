import ipaddr from "ipaddr.js";
import { egressRule } from "../network/egress.ts";
import type { Check } from "../validation.ts";

/** Where a service is, as its URL says. */
export type Place =
  | { kind: "cluster"; namespace?: string; port: number }
  | { kind: "address"; cidr: string; port: number }
  | { kind: "internet"; port: number };

/** A URL that a pod can call. What holds a password is not repeated in the message. */
export const serviceUrl: Check<string> = (text) => {
  const example = 'for example "http://phi.models.svc.cluster.local/v1/chat/completions"';
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.hostname === "") {
    return `${JSON.stringify(text)} is not allowed; it must be a URL that begins with http:// or https://, ${example}`;
  }
  if (url.username !== "" || url.password !== "") {
    return "holds a user or a password, which everybody could read in the RAGEngine; use accessSecret";
  }
  const host = bare(url);
  if (host === "localhost" || (ipaddr.isValid(host) && ipaddr.parse(host).range() === "loopback")) {
    return `${JSON.stringify(text)} is not allowed; ${host} would be the RAG engine's own pod`;
  }
  const place = placeOf(text, 80);
  const rule = place.kind === "address" ? egressRule(place.cidr) : undefined;
  return rule && `${JSON.stringify(text)} is not allowed; its address must be ${rule}`;
};

/**
 * Where the service of a URL is. A name that isn't one of the cluster's Services is taken for the internet's.
 */
export function placeOf(text: string, defaultPort?: number): Place {
  const url = new URL(text);
  // Not url.port, which is empty for a protocol's own port, also where it was written down.
  const written = /^[^/]*\/\/[^/?#]*:(\d+)(?:[/?#]|$)/.exec(text)?.[1];
  const port = Number(written) || defaultPort || (url.protocol === "https:" ? 443 : 80);
  const host = bare(url);
  if (ipaddr.isValid(host)) {
    const bits = ipaddr.parse(host).kind() === "ipv4" ? 32 : 128;
    return { kind: "address", cidr: `${host}/${bits}`, port };
  }
  const service = /^[^.]+(?:\.([^.]+)\.svc(?:\.cluster\.local)?)?\.?$/.exec(host);
  return service ? { kind: "cluster", namespace: service[1], port } : { kind: "internet", port };
}

function bare(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "");
}
