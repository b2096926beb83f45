import { shortHash } from "../names.ts";
import { ensure, mustBe, wholeNumber } from "../validation.ts";
import { callerProblem } from "./callers.ts";
import { egressRule, ipBlock, type NetworkEgress } from "./egress.ts";

/** Pods that call or are called. */
interface NetworkPods {
  /**
   * Their namespace, by name. If it denies outgoing traffic, as a RestrictedNamespace does, a policy there
   * must let them out to the server: this project's own reaches only the server's namespace.
   * @default - the server's own
   */
  namespace?: string;
  /** Their labels. @default - every pod of the namespace */
  podLabels?: Record<string, string>;
}

/** Pods that may call others, or addresses that are no pods. */
export interface NetworkClient extends NetworkPods {
  /**
   * Instead of pods: a range of addresses outside of the cluster, such as the subnet of a load balancer that
   * calls pods directly, "10.225.0.0/24". Under Cilium it matches neither pods nor nodes, whatever its addresses are;
   * everywhere ("0.0.0.0/0") is refused.
   * @default - pods
   */
  cidr?: string;
}

/** Pods that others may call. If policies close them, as this project's do, those must let the caller in. */
export interface NetworkTarget extends NetworkPods {
  /** TCP port of the pods, 1 to 65535; their Service's port may be another. */
  port: number;
}

/** Pods, and all that may reach them and that they may reach; DNS is the namespace's affair. */
export interface ClosedPods {
  podLabels: Record<string, string>;
  /** TCP port that clients call, as the pods have it; their Service's may be another. */
  port: number;
  /** [] is nobody. */
  clients: NetworkClient[];
  egress: readonly NetworkEgress[];
  /** Pods that they call. @default - none */
  targets?: NetworkTarget[];
  /** They call each other, on every port. @default false */
  amongThemselves?: boolean;
}

interface Peer {
  ipBlock?: { cidr: string; except?: string[] };
  namespaceSelector?: { matchLabels: Record<string, string> };
  podSelector?: { matchLabels?: Record<string, string> };
}

export interface Rule {
  from?: Peer[];
  to?: Peer[];
  ports?: { protocol: string; port: number }[];
}

/** The policy of the pods: clients reach one port and nothing else, they reach what was declared. */
export function podPolicySpec(pods: ClosedPods) {
  const { podLabels, port, clients, egress, targets = [], amongThemselves = false } = pods;
  const themselves = { podSelector: matching(podLabels) };
  const ingress: Rule[] = [
    ...(clients.length === 0 ? [] : [{ from: clients.map(caller), ports: [tcp(port)] }]),
    ...(amongThemselves ? [{ from: [themselves] }] : []),
  ];
  const out: Rule[] = [
    ...egress.map(({ cidr, ports }, i) => ({
      to: [{ ipBlock: ipBlock(ensure(`egress[${i}].cidr`, cidr, mustBe(egressRule))) }],
      ports: (ports ?? [443]).map((each, j) => tcp(checkedPort(`egress[${i}].ports[${j}]`, each))),
    })),
    ...targets.map((target, i) => ({
      to: [peer(target)],
      ports: [tcp(checkedPort(`targets[${i}].port`, target.port))],
    })),
    ...(amongThemselves ? [{ to: [themselves] }] : []),
  ];
  return {
    podSelector: { matchLabels: podLabels },
    policyTypes: ["Ingress", "Egress"],
    ingress,
    egress: out,
  };
}

/**
 * The policies of the clients in the pods' own namespace, by a name for each. What lets them in at the server
 * doesn't let them out: a RestrictedNamespace denies outgoing traffic but DNS.
 *
 * @param namespace the pods', when it is known before anything is made
 */
export function clientPolicySpecs({ podLabels, port, clients }: ClosedPods, namespace?: string) {
  const own = clients.filter(
    (client) =>
      client.cidr === undefined && (client.namespace === undefined || client.namespace === namespace),
  );
  return Object.fromEntries(
    own.map((client) => [
      selectorName(client.podLabels ?? {}),
      {
        podSelector: matching(client.podLabels ?? {}),
        policyTypes: ["Egress"],
        egress: [{ to: [{ podSelector: matching(podLabels) }], ports: [tcp(port)] }],
      },
    ]),
  );
}

/** The same for the same labels, in whatever order they and the clients are listed. */
function selectorName(labels: Record<string, string>): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.length === 0 ? "all" : shortHash(8, ...sorted.flat());
}

function checkedPort(path: string, port: number): number {
  return ensure(path, port, wholeNumber(1, 65535));
}

function tcp(port: number) {
  return { protocol: "TCP", port };
}

function matching(labels: Record<string, string>) {
  return Object.keys(labels).length > 0 ? { matchLabels: labels } : {};
}

function caller(client: NetworkClient, index: number): Peer {
  if (client.cidr === undefined) return peer(client);
  ensure(`clients[${index}]`, client, callerProblem);
  return { ipBlock: { cidr: client.cidr } };
}

function peer({ namespace, podLabels }: NetworkPods): Peer {
  return {
    ...(namespace === undefined
      ? {}
      : { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } }),
    ...(podLabels === undefined && namespace !== undefined ? {} : { podSelector: matching(podLabels ?? {}) }),
  };
}
