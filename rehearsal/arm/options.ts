import type { ClusterAddOns } from "./addOns.ts";
import type { AgentPoolState } from "./agentPools.ts";
import type { IngressProfile } from "./ingressProfile.ts";
import type { Scenario } from "./scenarios.ts";

/** One finished request, for a log: no header, no body, no token. */
export interface RequestRecord {
  method: string;
  path: string;
  status: number;
  ms: number;
}

/** How to start Azure Resource Manager on this machine. */
export interface ArmOptions {
  /** The server's certificate (for 127.0.0.1) and its key, both PEM. */
  tls: { cert: string; key: string };
  /** @default 0, a free port */
  port?: number;
  /** @default the scenario `healthy` */
  scenario?: Scenario;
  /** Decides ids and the scenario's chances. @default 1 */
  seed?: number;
  /** The file that an AKS credential call returns. @default a file of the right shape that leads nowhere */
  kubeconfig?: () => Promise<string>;
  /** Told of all node pools when their set, size or settings change; an operation ends only after it. */
  onAgentPools?: (pools: AgentPoolState[]) => Promise<void>;
  /** The same for what a cluster offers for requests from outside; undefined when there is no cluster any more. */
  onIngressProfile?: (profile: IngressProfile | undefined) => Promise<void>;
  /** The same for what the cluster has that AKS and Azure Monitor bring along. */
  onClusterAddOns?: (addOns: ClusterAddOns | undefined) => Promise<void>;
  /**
   * Milliseconds: `operationMs`, how long an operation takes at least (150 by default); `holdMs`, how
   * long a status request waits for its end before it says InProgress (1000 by default).
   */
  delays?: { operationMs?: number; holdMs?: number };
  /** Told of every request. */
  onRequest?: (record: RequestRecord) => void;
}
