import type { IngressHsts, IngressRoute } from "./args.ts";
import { HTTP_LISTENER, listenerName } from "./names.ts";

/** A year: what browsers' preload lists ask for at least. Source: https://hstspreload.org */
const YEAR_SECONDS = 31_536_000;

/** Accepted by the Gateway, and its Service found. */
export const ROUTE_READY = JSON.stringify(
  ["Accepted", "ResolvedRefs"].map(
    (type) => `jsonpath={.status.parents[0].conditions[?(@.type=="${type}")].status}=True`,
  ),
);

/** The Gateway that a route belongs to. */
export interface ParentGateway {
  name: string;
  namespace: string;
}

/** Sends every request of plain HTTP to HTTPS, but for ACME's: the solver's path is longer, so it comes first. */
export function redirectSpec(gateway: ParentGateway, hosts: readonly string[]) {
  return {
    parentRefs: [parent(gateway, HTTP_LISTENER)],
    hostnames: [...hosts],
    rules: [
      {
        matches: [prefix("/")],
        filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } }],
      },
    ],
  };
}

/** A host's route to its Service. @param limited whether the longest time of an answer stands in the route */
export function routeSpec(
  gateway: ParentGateway,
  { host, service, paths = ["/"], timeoutSeconds = 0 }: IngressRoute,
  hsts: IngressHsts | false,
  limited: boolean,
) {
  return {
    parentRefs: [parent(gateway, listenerName(host))],
    hostnames: [host],
    rules: [
      {
        matches: paths.map(prefix),
        ...(hsts !== false && { filters: [hstsFilter(hsts)] }),
        backendRefs: [{ group: "", kind: "Service", name: service.name, port: service.port, weight: 1 }],
        // Also where it is no limit: what a class does without is its own affair.
        ...(limited && { timeouts: { request: `${timeoutSeconds}s` } }),
      },
    ],
  };
}

/** The same limit for Application Gateway for Containers, which ends an answer after 60 s otherwise. */
export function routePolicySpec({ host, timeoutSeconds = 0 }: IngressRoute) {
  return {
    targetRef: { group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: host },
    default: { timeouts: { routeTimeout: `${timeoutSeconds}s` } },
  };
}

/** The value of the header. */
export function hstsValue({ maxAgeSeconds = YEAR_SECONDS, includeSubDomains = false }: IngressHsts): string {
  return `max-age=${maxAgeSeconds}${includeSubDomains ? "; includeSubDomains" : ""}`;
}

function hstsFilter(hsts: IngressHsts) {
  const header = { name: "Strict-Transport-Security", value: hstsValue(hsts) };
  return { type: "ResponseHeaderModifier", responseHeaderModifier: { set: [header] } };
}

// With the defaults that the API server would fill in: what is sent is then what is there.
function parent({ name, namespace }: ParentGateway, sectionName: string) {
  return { group: "gateway.networking.k8s.io", kind: "Gateway", namespace, name, sectionName };
}

function prefix(value: string) {
  return { path: { type: "PathPrefix", value } };
}
