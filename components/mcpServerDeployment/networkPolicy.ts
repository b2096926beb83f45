import { ensure, InputPropertyError, matches, wholeNumber } from "../validation.ts";

/** Pods that may call a server. */
export interface McpClient {
  /** Their namespace, by name. @default - the server's own */
  namespace?: string;
  /** Their labels. @default - every pod of the namespace */
  podLabels?: Record<string, string>;
}

/** Addresses that a server may call. */
export interface McpEgress {
  /** An IPv4 range, such as "20.0.0.0/8"; "0.0.0.0/0" is everywhere but private and link-local addresses. */
  cidr: string;
  /** TCP ports, 1 to 65535. @default [443] */
  ports?: number[];
}

/** Where the instance metadata, other pods and the rest of a private network are. */
const NOT_THE_INTERNET = [
  "10.0.0.0/8",
  "100.64.0.0/10",
  "169.254.0.0/16",
  "168.63.129.16/32",
  "172.16.0.0/12",
  "192.168.0.0/16",
];

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
      to: [{ ipBlock: ipBlock(`egress[${i}].cidr`, cidr) }],
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

function ipBlock(path: string, cidr: string) {
  ensure(path, cidr, matches(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/, 'an IPv4 range, for example "20.0.0.0/8"'));
  if (cidr === "169.254.169.254/32") {
    throw new InputPropertyError(
      path,
      "is the instance metadata service, which hands out the node's identity",
    );
  }
  return cidr === "0.0.0.0/0" ? { cidr, except: NOT_THE_INTERNET } : { cidr };
}
