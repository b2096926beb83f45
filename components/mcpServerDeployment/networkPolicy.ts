import { ensure, mustBe, wholeNumber } from "../validation.ts";
import { egressRule, ipBlock, type McpEgress } from "./egress.ts";

/** Pods that may call a server. */
export interface McpClient {
  /** Their namespace, by name. @default - the server's own */
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

function clientPeer(client: McpClient) {
  return {
    ...(client.namespace === undefined
      ? {}
      : { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": client.namespace } } }),
    ...(client.podLabels === undefined && client.namespace !== undefined
      ? {}
      : { podSelector: client.podLabels ? { matchLabels: client.podLabels } : {} }),
  };
}
