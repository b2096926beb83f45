import type { NetworkEgress } from "../network/egress.ts";
import { placeOf } from "../network/place.ts";
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

/** What about an issuer can't be as it is, and what it must be instead. */
export interface IssuerConflict {
  key: "issuer" | "jwksUri" | "egress";
  rule: string;
}

/**
 * Why the guard couldn't fetch the issuer's keys, or nothing when its way to them is known. Not from within
 * the cluster: keys come over https, a Service's name is one that no public authority signs, and the guard
 * knows no other.
 */
export function issuerConflict({
  issuer,
  jwksUri,
  egress,
}: Pick<McpGuardJwt, "issuer" | "jwksUri" | "egress">): IssuerConflict | undefined {
  const url = jwksUri ?? issuer;
  // What is no https URL is another rule's affair.
  if (!URL.canParse(url) || !url.startsWith("https:")) return undefined;
  const { hostname } = new URL(url);
  const { kind } = placeOf(url);
  if (kind === "cluster") {
    return {
      key: jwksUri === undefined ? "issuer" : "jwksUri",
      rule:
        `a URL outside the cluster, such as its ingress, instead of the Service ${hostname}: public authorities sign no ` +
        "certificate for a Service's name, and the guard trusts no others",
    };
  }
  if (egress !== undefined || kind === "address" || ENTRA_HOSTS.includes(hostname)) return undefined;
  return {
    key: "egress",
    rule:
      `a list of the addresses of ${hostname}, from which the guard fetches the issuer's keys, because a ` +
      'NetworkPolicy knows no names; [{ cidr: "0.0.0.0/0" }] is the internet on port 443, for the server too',
  };
}

/** The addresses from which an issuer's keys are fetched, which the guard's pod must reach. */
export function issuerEgress(jwt: McpGuardJwt | undefined): readonly NetworkEgress[] {
  if (jwt === undefined) return [];
  if (jwt.egress !== undefined) return jwt.egress;
  const place = placeOf(jwt.jwksUri ?? jwt.issuer);
  return place.kind === "address" ? [{ cidr: place.cidr, ports: [place.port] }] : ENTRA_EGRESS;
}
