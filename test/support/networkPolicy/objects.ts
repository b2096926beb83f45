/** The parts of the API's objects that decide who may call whom. */

/** Source: LabelSelector in https://github.com/kubernetes/apimachinery, pkg/apis/meta/v1/types.go. */
export interface Selector {
  matchLabels?: Readonly<Record<string, string>>;
  matchExpressions?: readonly { key: string; operator: string; values?: readonly string[] }[];
}

export interface PolicyPeer {
  podSelector?: Selector;
  namespaceSelector?: Selector;
  ipBlock?: { cidr: string; except?: readonly string[] };
}

export interface PolicyPort {
  protocol?: string;
  port?: number | string;
  endPort?: number;
}

export interface PolicyRule {
  from?: readonly PolicyPeer[];
  to?: readonly PolicyPeer[];
  ports?: readonly PolicyPort[];
}

/** Source: NetworkPolicy in https://github.com/kubernetes/api, networking/v1/types.go. */
export interface Policy {
  metadata: { namespace: string; name?: string };
  spec: {
    podSelector?: Selector;
    policyTypes?: readonly string[];
    ingress?: readonly PolicyRule[];
    egress?: readonly PolicyRule[];
  };
}

export type Protocol = "TCP" | "UDP" | "SCTP";

/** A pod, as NetworkPolicies see it. */
export interface Pod {
  namespace: string;
  /** What tells it apart in a table; policies don't see it. */
  name?: string;
  labels?: Readonly<Record<string, string>>;
  /** Labels of its namespace, besides the one with its name, which the API server puts there. */
  namespaceLabels?: Readonly<Record<string, string>>;
  /** Its IP address. Without one no range of addresses has it. */
  address?: string;
  /** Ports with names, which policies can mean by them. */
  ports?: readonly { name?: string; containerPort: number; protocol?: string }[];
  /** Policies neither select it nor mean it by labels: to them it is its node. */
  hostNetwork?: boolean;
}

/** An address that is no pod's. */
export interface Outside {
  address: string;
  /**
   * What is there: the node of the very pod that calls or is called, another node, or what is outside of the cluster,
   * as the API server of AKS is.
   * @default "world"
   */
  kind?: "own-node" | "node" | "world";
}

export type Party = Pod | Outside;

export function isPod(party: Party): party is Pod {
  return "namespace" in party;
}

/** One attempt to talk: the port is that of the called one itself, not that of a Service. */
export interface Call {
  from: Party;
  to: Party;
  port: number;
  /** @default "TCP" */
  protocol?: Protocol;
}
