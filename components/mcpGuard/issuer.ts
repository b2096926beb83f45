import type { NetworkEgress } from "../network/egress.ts";
import { placeOf } from "../network/place.ts";
import type { NetworkTarget } from "../network/specs.ts";
import type { McpGuardJwt } from "./args.ts";

/** Hosts that hand out Entra ID's keys. */
const ENTRA_HOSTS = ["login.microsoftonline.com", "login.microsoft.com", "login.windows.net"];

/**
 * The addresses of those hosts over IPv4.
 * Source: https://learn.microsoft.com/microsoft-365/enterprise/urls-and-ip-address-ranges, id 56.
 */
export const ENTRA_EGRESS: readonly NetworkEgress[] = [
  { cidr: "20.20.32.0/19" },
  { cidr: "20.190.128.0/18" },
  { cidr: "20.231.128.0/19" },
  { cidr: "40.126.0.0/18" },
];

/** Why addresses must be given, or nothing when the guard's way to the issuer is known. */
export function issuerRule({ issuer, jwksUri, egress }: Pick<McpGuardJwt, "issuer" | "jwksUri" | "egress">) {
  const url = jwksUri ?? issuer;
  // What is no https URL is another rule's affair.
  if (egress !== undefined || !URL.canParse(url) || !url.startsWith("https:")) return undefined;
  if (placeOf(url).kind !== "internet") return undefined;
  const { hostname } = new URL(url);
  if (ENTRA_HOSTS.includes(hostname)) return undefined;
  return (
    `a list of the addresses of ${hostname}, from which the guard fetches the issuer's keys, because a ` +
    'NetworkPolicy knows no names; [{ cidr: "0.0.0.0/0" }] is the internet on port 443, for the server too'
  );
}

/** Where the issuer's keys are fetched: addresses, or pods of the cluster. */
export function issuerPlaces(jwt: McpGuardJwt | undefined): {
  egress: readonly NetworkEgress[];
  targets: NetworkTarget[];
} {
  const nowhere = { egress: [], targets: [] };
  if (jwt === undefined) return nowhere;
  if (jwt.egress !== undefined) return { ...nowhere, egress: jwt.egress };
  const place = placeOf(jwt.jwksUri ?? jwt.issuer);
  if (place.kind === "internet") return { ...nowhere, egress: ENTRA_EGRESS };
  if (place.kind === "address") return { ...nowhere, egress: [{ cidr: place.cidr, ports: [place.port] }] };
  return { ...nowhere, targets: [{ namespace: place.namespace, port: place.port }] };
}
