import { shortHash } from "../names.ts";
import { ensure, mustBe, wholeNumber } from "../validation.ts";
import { egressRule, ipBlock, type McpEgress } from "./egress.ts";

/** Pods that may call a server. */
export interface McpClient {
  /**
   * Their namespace, by name. If it denies outgoing traffic, as a RestrictedNamespace does, a policy there must
   * let them out to the server: this project's own reaches only the server's namespace.
   * @default - the server's own
   */
  namespace?: string;
  /** Their labels. @default - every pod of the namespace */
  podLabels?: Record<string, string>;
}

/**
 * The policy of one server's pods: its clients reach its port and nothing else, and it reaches the addresses that
 * were declared. DNS is the namespace's affair.
 */
export function mcpNetworkPolicySpec(
  podLabels: Record<string, string>,
  port: number,
  clients: McpClient[],
  egress: McpEgress[],
) {
  return {
    podSelector: { matchLabels: podLabels },
    policyTypes: ["Ingress", "Egress"],
    ingress:
      clients.length === 0 ? [] : [{ from: clients.map(clientPeer), ports: [{ protocol: "TCP", port }] }],
    egress: egress.map(({ cidr, ports }, i) => ({
      to: [{ ipBlock: ipBlock(ensure(`egress[${i}].cidr`, cidr, mustBe(egressRule))) }],
      ports: (ports ?? [443]).map((port, j) => ({
        protocol: "TCP",
        port: ensure(`egress[${i}].ports[${j}]`, port, wholeNumber(1, 65535)),
      })),
    })),
  };
}

/**
 * The policies of the clients in the server's own namespace, by a name for each. What lets them in at the server
 * doesn't let them out: a RestrictedNamespace denies outgoing traffic but DNS.
 *
 * @param namespace the server's, when it is known before anything is made
 */
export function mcpClientPolicySpecs(
  serverLabels: Record<string, string>,
  port: number,
  clients: McpClient[],
  namespace?: string,
) {
  const own = clients.filter((client) => client.namespace === undefined || client.namespace === namespace);
  return Object.fromEntries(
    own.map(({ podLabels = {} }) => [
      selectorName(podLabels),
      {
        podSelector: matching(podLabels),
        policyTypes: ["Egress"],
        egress: [{ to: [{ podSelector: matching(serverLabels) }], ports: [{ protocol: "TCP", port }] }],
      },
    ]),
  );
}

/** The same for the same labels, in whatever order they and the clients are listed. */
function selectorName(labels: Record<string, string>): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.length === 0 ? "all" : shortHash(8, ...sorted.flat());
}

function matching(labels: Record<string, string>) {
  return Object.keys(labels).length > 0 ? { matchLabels: labels } : {};
}

function clientPeer(client: McpClient) {
  return {
    ...(client.namespace === undefined
      ? {}
      : { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": client.namespace } } }),
    ...(client.podLabels === undefined && client.namespace !== undefined
      ? {}
      : { podSelector: matching(client.podLabels ?? {}) }),
  };
}
