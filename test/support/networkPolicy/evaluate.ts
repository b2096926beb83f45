import {
  type Call,
  isPod,
  type Outside,
  type Party,
  type Pod,
  type Policy,
  type PolicyPeer,
  type PolicyPort,
  type PolicyRule,
  type Protocol,
} from "./objects.ts";
import { inBlock, selects } from "./selects.ts";

/**
 * By which reading policies are judged. "kubernetes": the documented one, in which a range of addresses has pods and
 * nodes in it. "cilium": as Cilium does it, for which pods and nodes are known by what they are and never by their
 * addresses, and with which a pod's own node is let in always and called only where a policy says so.
 * Sources: https://kubernetes.io/docs/concepts/services-networking/network-policies/; the FAQ on `ipBlock` in
 * articles/aks/azure-cni-powered-by-cilium.md of https://github.com/MicrosoftDocs/azure-aks-docs.
 */
export type Reading = "kubernetes" | "cilium";

export const READINGS: readonly Reading[] = ["kubernetes", "cilium"];

export type Direction = "Ingress" | "Egress";

/** Whether the policies let a call through: out of the caller, and into what is called. */
export function allows(policies: readonly Policy[], call: Call, reading: Reading = "kubernetes"): boolean {
  const { from, to, port, protocol = "TCP" } = call;
  return between(policies, from, to, reading)({ port, protocol });
}

/** Whose policies are asked: the caller's, those of what is called, or both, as a call does. */
export type Side = "out" | "in" | "both";

/**
 * What tells for each port of one party whether another may call it.
 *
 * @param applying finds the policies of a pod; `policiesFor` is right, and slow for many calls
 */
export function between(
  policies: readonly Policy[],
  from: Party,
  to: Party,
  reading: Reading,
  side: Side = "both",
  applying: typeof policiesFor = policiesFor,
): (target: { port: number; protocol: Protocol }) => boolean {
  if (isPod(from) && from === to) return () => true;
  const rules: ("open" | PolicyRule[])[] = [
    side !== "in" && isPod(from)
      ? rulesFor(applying(policies, "Egress", from), "Egress", from, to, reading)
      : "open",
    side !== "out" && isPod(to)
      ? rulesFor(applying(policies, "Ingress", to), "Ingress", to, from, reading)
      : "open",
  ];
  return ({ port, protocol }) =>
    rules.every((own) => own === "open" || own.some(({ ports }) => opens(ports, { port, protocol, to })));
}

/** The direction's policies of a pod; none means that it is open. */
export function policiesFor(policies: readonly Policy[], direction: Direction, pod: Pod): Policy[] {
  if (pod.hostNetwork) return [];
  return policies.filter(
    ({ metadata, spec }) =>
      metadata.namespace === pod.namespace &&
      typesOf(spec).includes(direction) &&
      selects(spec.podSelector ?? {}, pod.labels),
  );
}

/** Source: SetDefaults_NetworkPolicy in pkg/apis/networking/v1/defaults.go of Kubernetes. */
function typesOf({ policyTypes = [], egress = [] }: Policy["spec"]): readonly string[] {
  if (policyTypes.length > 0) return policyTypes;
  return egress.length > 0 ? ["Ingress", "Egress"] : ["Ingress"];
}

interface Target {
  port: number;
  protocol: Protocol;
  /** Who is called: names of ports are its. */
  to: Party;
}

/** The rules that are about the other party, whatever their ports. */
function rulesFor(
  applying: readonly Policy[],
  direction: Direction,
  subject: Pod,
  other: Party,
  reading: Reading,
): "open" | PolicyRule[] {
  if (applying.length === 0) return "open";
  const seen = asSeen(other);
  // A kubelet's probes come from there. Out of a pod Cilium asks the policies.
  if (!isPod(seen) && seen.kind === "own-node" && (direction === "Ingress" || reading === "kubernetes")) {
    return "open";
  }
  return applying
    .flatMap(({ spec }) => (direction === "Ingress" ? spec.ingress : spec.egress) ?? [])
    .filter((rule) =>
      covers(direction === "Ingress" ? rule.from : rule.to, seen, subject.namespace, reading),
    );
}

/** To policies a pod of the host's network is its node. */
function asSeen(party: Party): Party {
  return isPod(party) && party.hostNetwork ? { address: party.address ?? "0.0.0.0", kind: "node" } : party;
}

function opens(ports: readonly PolicyPort[] = [], { port, protocol, to }: Target): boolean {
  if (ports.length === 0) return true;
  return ports.some((each) => {
    if ((each.protocol ?? "TCP") !== protocol) return false;
    if (each.port === undefined) return true;
    if (typeof each.port === "number") return each.port <= port && port <= (each.endPort ?? each.port);
    const named = isPod(to) ? (to.ports ?? []) : [];
    return named.some(
      (own) => own.name === each.port && own.containerPort === port && (own.protocol ?? "TCP") === protocol,
    );
  });
}

function covers(
  peers: PolicyRule["from"] = [],
  party: Party,
  ownNamespace: string,
  reading: Reading,
): boolean {
  return peers.length === 0 || peers.some((peer) => isPeer(peer, party, ownNamespace, reading));
}

function isPeer(peer: PolicyPeer, party: Party, ownNamespace: string, reading: Reading): boolean {
  const { ipBlock, namespaceSelector, podSelector } = peer;
  if (ipBlock !== undefined) {
    return party.address !== undefined && hasAddresses(party, reading) && inBlock(ipBlock, party.address);
  }
  if (!isPod(party) || (namespaceSelector === undefined && podSelector === undefined)) return false;
  const inNamespace =
    namespaceSelector === undefined
      ? party.namespace === ownNamespace
      : selects(namespaceSelector, {
          ...party.namespaceLabels,
          "kubernetes.io/metadata.name": party.namespace,
        });
  return inNamespace && selects(podSelector ?? {}, party.labels);
}

/** Whether ranges of addresses mean it. */
function hasAddresses(party: Party, reading: Reading): boolean {
  return reading === "kubernetes" || (!isPod(party) && ((party as Outside).kind ?? "world") === "world");
}
