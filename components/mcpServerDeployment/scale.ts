import type { ScalingBehavior } from "../autoscaling/behavior.ts";
import type { KedaPrometheus } from "../autoscaling/scaledObject.ts";
import { CONFLICTS } from "./scaleRules.ts";

/** Who runs the pods. */
export type McpRuntime = "kmcp" | "deployment";

/** What becomes of a client's session when there are several pods. @useDeclaredType */
export type McpSessions = (typeof SESSION_MODES)[number];

export const SESSION_MODES = ["in-memory", "stateless", "portable", "client-ip"] as const;

/**
 * How many pods there are: by how much CPU they use of what they request, by how many calls they answer, or, with
 * both, by the one that asks for more pods.
 */
export interface McpAutoscaling extends ScalingBehavior {
  /**
   * At least, 1 to 100. Never 0: the guard is in the pod, so without one nobody listens, and no metric tells that
   * somebody calls. @default 1
   */
  minReplicas?: number;
  /** At most, 1 to 100. */
  maxReplicas: number;
  /**
   * CPU that the pods use on average, of what server and guard request, in percent, 1 to 100.
   * @default - 70; none where there is requestsPerSecond
   */
  targetCPUUtilization?: number;
  /**
   * Calls of tools a second that a pod is to have on average, 0.1 to 10000: the guard's `mcp_guard_calls_total`. Without
   * `keda` it is the metric `mcp_guard_calls_per_second` of pods, which an adapter in the cluster must serve at
   * custom.metrics.k8s.io; AKS brings none.
   * @default - none
   */
  requestsPerSecond?: number;
  /** Leaves it to KEDA, which must be in the cluster (AKS has it as an add-on). @default - Kubernetes' own autoscaler */
  keda?: KedaPrometheus;
}

/** What its guard has to know of a server's sessions. */
export function guardSessions(sessions: McpSessions | undefined): "stateless" | "portable" | undefined {
  return sessions === "stateless" || sessions === "portable" ? sessions : undefined;
}

/** What decides how a server runs and how often. */
export interface ServerScale {
  transport: string;
  image?: unknown;
  runtime?: McpRuntime;
  replicas?: number;
  autoscaling?: Omit<McpAutoscaling, "keda">;
  sessions?: McpSessions;
  probes?: object;
  resources?: { requests: { cpu: string } };
}

/** An argument that can't be as it is, and what it must be instead. */
export interface ScaleConflict {
  key: keyof ServerScale | `autoscaling.${keyof McpAutoscaling}`;
  rule: string;
}

/** What would work badly, or not at all. */
export function scaleConflicts(server: ServerScale, guard: { sse?: boolean } | undefined): ScaleConflict[] {
  return CONFLICTS.flatMap((conflictsOf) => conflictsOf(server, guard));
}
