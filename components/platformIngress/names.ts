import type { Form } from "../forms.ts";
import { shortHash } from "../names.ts";

/** A host's name. */
export const HOST_NAME: Form = {
  pattern: /^(?=.{4,253}$)[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)+$/,
  words: "a host name in small letters with a dot, without scheme, port and wildcard",
  example: "chat.example.com",
};

/** A label of Azure's DNS. Source: domainNameLabel of Microsoft.Network/publicIPAddresses. */
export const DNS_NAME_LABEL: Form = {
  pattern: /^[a-z][a-z0-9-]{1,61}[a-z0-9]$/,
  words: "3 to 63 of a-z, 0-9 and '-', beginning with a letter and not ending with '-'",
  example: "mcpaas-dev",
};

/** What cert-manager's HTTP-01 needs to stay plain HTTP is the listener with this name. */
export const HTTP_LISTENER = "http";

/**
 * The listener of a host. Istio takes it for the Service's port too, which may have 63 letters and no dot.
 * Source: extractServicePorts in pilot/pkg/config/kube/gateway of istio/istio.
 */
export function listenerName(host: string): string {
  const [first = ""] = host.split(".");
  return `https-${first.slice(0, 40)}-${shortHash(8, host)}`;
}

/** The Secret with the certificate that cert-manager gets for a host. */
export function certificateName(host: string): string {
  return host;
}

/** A host's name in a zone, "@" for the zone itself; nothing when it isn't in the zone. */
export function relativeName(host: string, zone: string): string | undefined {
  if (host === zone) return "@";
  return host.endsWith(`.${zone}`) ? host.slice(0, -zone.length - 1) : undefined;
}
