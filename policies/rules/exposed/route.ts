import { dig, Unknown } from "../../lib/unknown.ts";

/** Whether objects of this kind lead requests from a Gateway to Services. */
export function isRoute(kind: string): boolean {
  return /^gateway\.networking\.k8s\.io\/(HTTPRoute|GRPCRoute|TLSRoute)$/.test(kind);
}

/** Whether a route leads anywhere: one that only redirects doesn't. What isn't known is told, and counts. */
export function leadsToService(props: unknown, tell: (hidden: Unknown) => void): boolean {
  const rules = dig(props, "spec", "rules");
  if (rules instanceof Unknown) {
    tell(rules);
    return true;
  }
  return (Array.isArray(rules) ? rules : []).some((rule) => {
    const backends = dig(rule, "backendRefs");
    return (
      rule instanceof Unknown ||
      backends instanceof Unknown ||
      (Array.isArray(backends) && backends.length > 0)
    );
  });
}
