import { createSecureContext } from "node:tls";
import type { V1Pod, V1Secret } from "@kubernetes/client-node";
import { attach, brokenRef, parentOf } from "./attachment.ts";
import { find, mayRefer, ourGateways, podsOf, type Snapshot, workloadName } from "./cluster.ts";
import {
  type Condition,
  controllerName,
  type Gateway,
  type GatewayStatus,
  gatewayGroup,
  type HttpRoute,
  type Listener,
  type RouteParentStatus,
} from "./types.ts";

/** What a Gateway has to tell. */
export function gatewayStatus(snapshot: Snapshot, gateway: Gateway): GatewayStatus {
  const { generation } = gateway.metadata;
  const addresses = addressesOf(snapshot, gateway);
  const pending = unusable(snapshot, gateway, addresses);
  const before = gateway.status;
  return {
    addresses,
    conditions: conditions(generation, before?.conditions, {
      Accepted: ok("Accepted", "the Gateway is taken care of"),
      Programmed: pending
        ? no("AddressNotAssigned", pending)
        : ok("Programmed", `requests are taken by the Service ${workloadName(gateway)}`),
    }),
    listeners: gateway.spec.listeners.map((listener) => {
      const problem = listenerProblem(snapshot, gateway, listener);
      const known = before?.listeners?.find(({ name }) => name === listener.name)?.conditions;
      return {
        name: listener.name,
        attachedRoutes: attachedRoutes(snapshot, gateway, listener),
        supportedKinds: [{ group: gatewayGroup, kind: "HTTPRoute" }],
        conditions: conditions(generation, known, {
          Accepted: ok("Accepted", "no errors"),
          Conflicted: { status: "False", reason: "NoConflicts", message: "no errors" },
          Programmed: problem
            ? no("Invalid", "the TLS settings are not usable")
            : ok("Programmed", "no errors"),
          ResolvedRefs: problem ? no("InvalidCertificateRef", problem) : ok("ResolvedRefs", "no errors"),
        }),
      };
    }),
  };
}

/** What a route has to tell: of each parent that is ours, and unchanged what others have written. */
export function routeParents(snapshot: Snapshot, route: HttpRoute): RouteParentStatus[] {
  const before = route.status?.parents ?? [];
  const broken = brokenRef(snapshot, route);
  const ours = (route.spec.parentRefs ?? []).flatMap((parentRef) => {
    const gateway = parentOf(ourGateways(snapshot), route, parentRef);
    if (!gateway) {
      return [];
    }
    const { refused } = attach(snapshot, gateway, route, parentRef);
    const known = before.find(
      (one) => isSame(one.parentRef, parentRef) && one.controllerName === controllerName,
    );
    return [
      {
        parentRef,
        controllerName,
        conditions: conditions(route.metadata.generation, known?.conditions, {
          Accepted: refused ? no(refused.reason, refused.message) : ok("Accepted", "the route is valid"),
          ResolvedRefs: broken ? no(broken.reason, broken.message) : ok("ResolvedRefs", "all Services exist"),
        }),
      },
    ];
  });
  return [...before.filter((one) => one.controllerName !== controllerName), ...ours];
}

/** The certificate and key of a listener, PEM; or why there is none. */
export function certificateOf(
  snapshot: Snapshot,
  gateway: Gateway,
  { tls }: Listener,
): { cert: string; key: string } | { problem: string } {
  const [ref] = tls?.certificateRefs ?? [];
  if (!ref || (ref.kind ?? "Secret") !== "Secret" || (ref.group ?? "") !== "") {
    return { problem: "a listener with TLS needs one Secret as its certificate" };
  }
  const { namespace } = gateway.metadata;
  const to = { kind: "Secret", name: ref.name, namespace: ref.namespace ?? namespace };
  if (!mayRefer(snapshot, { kind: "Gateway", namespace }, to)) {
    return { problem: `no ReferenceGrant allows the Gateway to use Secret ${to.namespace}/${to.name}` };
  }
  const secret = find(snapshot.secrets, to.namespace, to.name);
  if (!secret) {
    return { problem: `there is no Secret ${to.namespace}/${to.name}` };
  }
  const pair = { cert: decode(secret, "tls.crt"), key: decode(secret, "tls.key") };
  try {
    // What is empty would be taken for left out.
    createSecureContext({ cert: pair.cert || "-", key: pair.key || "-" });
    return pair;
  } catch (error) {
    const why = error instanceof Error ? error.message : error;
    return { problem: `Secret ${to.namespace}/${to.name} has no usable certificate and key: ${why}` };
  }
}

/** Why a listener takes no requests; undefined when it does. */
export function listenerProblem(
  snapshot: Snapshot,
  gateway: Gateway,
  listener: Listener,
): string | undefined {
  if (listener.protocol !== "HTTPS") {
    return undefined;
  }
  const found = certificateOf(snapshot, gateway, listener);
  return "problem" in found ? found.problem : undefined;
}

function addressesOf({ services }: Snapshot, gateway: Gateway): { type: string; value: string }[] {
  const service = find(services, gateway.metadata.namespace, workloadName(gateway));
  return (service?.status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) =>
    ip ? [{ type: "IPAddress", value: ip }] : hostname ? [{ type: "Hostname", value: hostname }] : [],
  );
}

function unusable(snapshot: Snapshot, gateway: Gateway, addresses: readonly unknown[]): string | undefined {
  if (addresses.length === 0) {
    return `the Service ${workloadName(gateway)} has no address yet`;
  }
  return podsOf(snapshot, gateway).some(isReady) ? undefined : "no pod of the Gateway is ready";
}

function isReady(pod: V1Pod): boolean {
  return pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
}

function attachedRoutes(snapshot: Snapshot, gateway: Gateway, listener: Listener): number {
  return snapshot.routes.filter((route) =>
    (route.spec.parentRefs ?? []).some(
      (ref) =>
        parentOf([gateway], route, ref) &&
        attach(snapshot, gateway, route, ref).listeners.some((one) => one.listener === listener),
    ),
  ).length;
}

type Said = Pick<Condition, "status" | "reason" | "message">;
const ok = (reason: string, message: string): Said => ({ status: "True", reason, message });
const no = (reason: string, message: string): Said => ({ status: "False", reason, message });

/** The time of a condition is that of its last change. */
function conditions(
  observedGeneration: number | undefined,
  before: readonly Condition[] = [],
  said: Readonly<Record<string, Said>>,
): Condition[] {
  return Object.entries(said).map(([type, one]) => {
    const known = before.find((condition) => condition.type === type && condition.status === one.status);
    const lastTransitionTime = known?.lastTransitionTime ?? new Date().toISOString().replace(/\.\d+/, "");
    return { type, ...one, observedGeneration, lastTransitionTime };
  });
}

function isSame(one: RouteParentStatus["parentRef"], other: RouteParentStatus["parentRef"]): boolean {
  return (["group", "kind", "namespace", "name", "sectionName", "port"] as const).every(
    (key) => one[key] === other[key],
  );
}

function decode(secret: V1Secret, key: string): string {
  return Buffer.from(secret.data?.[key] ?? "", "base64").toString();
}
