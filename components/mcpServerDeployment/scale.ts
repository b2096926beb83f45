/** Who runs the pods. */
export type McpRuntime = "kmcp" | "deployment";

/** What becomes of a client's session when there are several pods. */
export type McpSessions = "in-memory" | "stateless" | "client-ip";

/** How many pods there are, by how much CPU they use of what they request. */
export interface McpAutoscaling {
  /** At least, 1 to 100. @default 1 */
  minReplicas?: number;
  /** At most, 1 to 100. */
  maxReplicas: number;
  /** CPU that the pods use on average, of what they request, in percent, 1 to 100. @default 70 */
  targetCPUUtilization?: number;
}

/** What decides how a server runs and how often. */
export interface ServerScale {
  transport: string;
  image?: unknown;
  runtime?: McpRuntime;
  replicas?: number;
  autoscaling?: McpAutoscaling;
  sessions?: McpSessions;
  probes?: object;
}

/** An argument that can't be as it is, and what it must be instead. */
export interface ScaleConflict {
  key: keyof ServerScale | "autoscaling.maxReplicas";
  rule: string;
}

const KMCP_ONLY = 'left out with the runtime "kmcp"';

/** What would work badly, or not at all. */
export function scaleConflicts(server: ServerScale): ScaleConflict[] {
  const { runtime = "kmcp", replicas, autoscaling, sessions = "in-memory" } = server;
  const conflicts: ScaleConflict[] = [];
  const refuse = (key: ScaleConflict["key"], rule: string) => conflicts.push({ key, rule });
  if (runtime === "kmcp") {
    if (autoscaling !== undefined) {
      refuse(
        "autoscaling",
        `${KMCP_ONLY}, which resets the number of replicas each time it reconciles; runtime "deployment" has it`,
      );
    }
    if (server.probes !== undefined) {
      refuse(
        "probes",
        `${KMCP_ONLY}, which sets no probes and removes others'; runtime "deployment" has them`,
      );
    }
    if (sessions === "client-ip") {
      refuse(
        "sessions",
        `another with the runtime "kmcp", whose Service sticks to no pod; runtime "deployment" does`,
      );
    }
  } else {
    if (server.transport === "stdio") {
      refuse("runtime", '"kmcp" for a stdio server, whose gateway only KMCP brings');
    }
    if (server.image === undefined) refuse("image", 'an image, with the runtime "deployment"');
  }
  if (autoscaling !== undefined) {
    if (replicas !== undefined) refuse("replicas", "left out where there is autoscaling");
    if ((autoscaling.minReplicas ?? 1) > autoscaling.maxReplicas) {
      refuse("autoscaling.maxReplicas", `at least minReplicas, which is ${autoscaling.minReplicas}`);
    }
  }
  if (sessions === "in-memory" && Math.max(replicas ?? 1, autoscaling?.maxReplicas ?? 1) > 1) {
    refuse(autoscaling ? "autoscaling" : "replicas", SESSIONS);
  }
  return conflicts;
}

const SESSIONS =
  'one pod while sessions are "in-memory": server and guard know a session only in the pod where it began. With ' +
  'sessions: "stateless" you say that the server has none; "client-ip" (runtime "deployment") sends each client ' +
  "address to one pod";
