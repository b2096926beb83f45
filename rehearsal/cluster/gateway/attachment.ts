import { find, mayRefer, type Snapshot } from "./cluster.ts";
import { type Gateway, gatewayGroup, type HttpRoute, type Listener, type ParentRef } from "./types.ts";

/** What became of a route's wish to belong to a Gateway. */
export interface Attachment {
  /** The listeners that it belongs to, with the host names that both have. */
  listeners: { listener: Listener; hostnames: readonly string[] }[];
  /** Why it belongs to none: a reason of the Gateway API's, and words for people. */
  refused?: { reason: string; message: string };
}

/** The Gateway that a route names as a parent; undefined when there is none, or it is none of ours. */
export function parentOf(
  gateways: readonly Gateway[],
  route: HttpRoute,
  ref: ParentRef,
): Gateway | undefined {
  const isGateway = (ref.group ?? gatewayGroup) === gatewayGroup && (ref.kind ?? "Gateway") === "Gateway";
  return isGateway ? find(gateways, ref.namespace ?? route.metadata.namespace, ref.name) : undefined;
}

/** Finds the listeners of a Gateway that a route belongs to. */
export function attach(snapshot: Snapshot, gateway: Gateway, route: HttpRoute, ref: ParentRef): Attachment {
  const named = gateway.spec.listeners.filter(
    ({ name, port }) => (ref.sectionName ?? name) === name && (ref.port ?? port) === port,
  );
  if (named.length === 0) {
    return refuse("NoMatchingParent", `the Gateway has no listener ${ref.sectionName ?? ref.port}`);
  }
  const allowed = named.filter((listener) => allows(snapshot, gateway, listener, route));
  if (allowed.length === 0) {
    const { namespace } = route.metadata;
    return refuse("NotAllowedByListeners", `no listener takes HTTPRoutes from namespace ${namespace}`);
  }
  const listeners = allowed
    .map((listener) => ({ listener, hostnames: commonHostnames(listener.hostname, route.spec.hostnames) }))
    .filter(({ hostnames }) => hostnames.length > 0);
  return listeners.length === 0
    ? refuse("NoMatchingListenerHostname", "no listener has one of the route's host names")
    : { listeners };
}

/** Why a route's backends can't be reached; undefined when they can. */
export function brokenRef(
  snapshot: Snapshot,
  { metadata: { namespace }, spec }: HttpRoute,
): { reason: string; message: string } | undefined {
  for (const ref of (spec.rules ?? []).flatMap(({ backendRefs = [] }) => backendRefs)) {
    const { group = "", kind = "Service", name } = ref;
    const to = { kind, name, namespace: ref.namespace ?? namespace };
    if (group !== "" || kind !== "Service") {
      return { reason: "InvalidKind", message: `a backend of kind ${kind} can't be routed to` };
    }
    if (!mayRefer(snapshot, { kind: "HTTPRoute", namespace }, to)) {
      const where = `${to.namespace}/${name}`;
      return { reason: "RefNotPermitted", message: `no ReferenceGrant allows the route to use ${where}` };
    }
    if (!find(snapshot.services, to.namespace, name)) {
      return { reason: "BackendNotFound", message: `there is no Service ${to.namespace}/${name}` };
    }
  }
  return undefined;
}

/** The host names that a listener and a route share; `*` where neither has any. */
export function commonHostnames(ofListener: string | undefined, ofRoute: readonly string[] = []): string[] {
  if (ofRoute.length === 0) {
    return [ofListener ?? "*"];
  }
  if (ofListener === undefined) {
    return [...ofRoute];
  }
  return ofRoute.flatMap((name) =>
    hostMatches(ofListener, name) ? [name] : hostMatches(name, ofListener) ? [ofListener] : [],
  );
}

/** Whether a name, or a narrower pattern, is one of a pattern's: `*.` stands for one label or more. */
export function hostMatches(pattern: string, host: string): boolean {
  return pattern === "*" || pattern === host || (pattern.startsWith("*.") && host.endsWith(pattern.slice(1)));
}

function allows(snapshot: Snapshot, gateway: Gateway, listener: Listener, route: HttpRoute): boolean {
  const { namespaces: { from = "Same", selector } = {}, kinds = [{ kind: "HTTPRoute" }] } =
    listener.allowedRoutes ?? {};
  if (!kinds.some(({ kind }) => kind === "HTTPRoute")) {
    return false;
  }
  const namespace = route.metadata.namespace;
  if (from === "Selector") {
    const labels = find(snapshot.namespaces, undefined, namespace)?.metadata?.labels ?? {};
    return Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  }
  return from === "All" || (from === "Same" && namespace === gateway.metadata.namespace);
}

function refuse(reason: string, message: string): Attachment {
  return { listeners: [], refused: { reason, message } };
}
