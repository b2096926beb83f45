import type { Registered } from "./mocks.ts";

/** A pod, as NetworkPolicies see it. */
export interface Pod {
  namespace: string;
  labels?: Record<string, string>;
}

interface Selector {
  matchLabels?: Record<string, string>;
}

interface Rule {
  from?: Peer[];
  to?: Peer[];
  ports?: { protocol: string; port: number }[];
}

interface Peer {
  namespaceSelector?: Selector;
  podSelector?: Selector;
}

interface Policy {
  metadata: { namespace: string };
  spec: { podSelector: Selector; policyTypes: string[]; ingress?: Rule[]; egress?: Rule[] };
}

/** The NetworkPolicies among a program's resources. */
export function policiesOf(resources: readonly Registered[]): Policy[] {
  return resources
    .filter((resource) => resource.type === "kubernetes:networking.k8s.io/v1:NetworkPolicy")
    .map((resource) => resource.inputs);
}

/**
 * Whether the policies let one pod call a TCP port of another: out of the caller and into the called one, each
 * denied as soon as a policy selects the pod for that direction and none allows the call.
 * Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function mayCall(policies: readonly Policy[], from: Pod, to: Pod, port: number): boolean {
  return (
    allows(policies, "Egress", from, (rule) => rule.to, to, port) &&
    allows(policies, "Ingress", to, (rule) => rule.from, from, port)
  );
}

function allows(
  policies: readonly Policy[],
  direction: "Ingress" | "Egress",
  pod: Pod,
  peers: (rule: Rule) => Peer[] | undefined,
  other: Pod,
  port: number,
): boolean {
  const applying = policies.filter(
    ({ metadata, spec }) =>
      metadata.namespace === pod.namespace &&
      spec.policyTypes.includes(direction) &&
      selects(spec.podSelector, pod.labels),
  );
  const rules = applying.flatMap(({ spec }) => (direction === "Egress" ? spec.egress : spec.ingress) ?? []);
  return (
    applying.length === 0 ||
    rules.some(
      (rule) =>
        (rule.ports?.some((each) => each.protocol === "TCP" && each.port === port) ?? true) &&
        (peers(rule)?.some((peer) => isPeer(peer, other, pod.namespace)) ?? true),
    )
  );
}

function isPeer({ namespaceSelector, podSelector }: Peer, pod: Pod, ownNamespace: string): boolean {
  if (namespaceSelector === undefined && podSelector === undefined) return false;
  const inNamespace = namespaceSelector
    ? selects(namespaceSelector, { "kubernetes.io/metadata.name": pod.namespace })
    : pod.namespace === ownNamespace;
  return inNamespace && selects(podSelector ?? {}, pod.labels);
}

function selects({ matchLabels = {} }: Selector, labels: Record<string, string> = {}): boolean {
  return Object.entries(matchLabels).every(([key, value]) => labels[key] === value);
}
