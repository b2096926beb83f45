import type { ScaleConflict, ServerScale } from "./scale.ts";

/** Rules that a server breaks; `guard` is its own, if it has one. */
type Rules = (server: ServerScale, guard: { sse?: boolean } | undefined) => ScaleConflict[];

const KMCP_ONLY = 'left out with the runtime "kmcp"';

const byRuntime: Rules = ({ runtime = "kmcp", transport, image, autoscaling, probes, sessions }) => {
  if (runtime === "deployment") {
    return listed(
      transport === "stdio" && ["runtime", '"kmcp" for a stdio server, whose gateway only KMCP brings'],
      image === undefined && ["image", 'an image, with the runtime "deployment"'],
    );
  }
  return listed(
    autoscaling !== undefined && [
      "autoscaling",
      `${KMCP_ONLY}, which resets the number of replicas each time it reconciles, whoever has set it, an autoscaler ` +
        'of Kubernetes or of KEDA; runtime "deployment" has it',
    ],
    probes !== undefined && [
      "probes",
      `${KMCP_ONLY}, which sets no probes and removes others'; runtime "deployment" has them`,
    ],
    sessions === "client-ip" && [
      "sessions",
      'another with the runtime "kmcp", whose Service sticks to no pod; runtime "deployment" does',
    ],
  );
};

const ofAutoscaling: Rules = ({ autoscaling, replicas, resources }, guard) => {
  if (autoscaling === undefined) return [];
  const { minReplicas = 1, maxReplicas, requestsPerSecond, targetCPUUtilization } = autoscaling;
  const byCpu = targetCPUUtilization !== undefined || requestsPerSecond === undefined;
  return listed(
    replicas !== undefined && ["replicas", "left out where there is autoscaling"],
    minReplicas === 0 && ["autoscaling.minReplicas", `1 at least: ${NOBODY_LISTENS}`],
    minReplicas > maxReplicas && ["autoscaling.maxReplicas", `at least minReplicas, which is ${minReplicas}`],
    requestsPerSecond !== undefined &&
      guard === undefined && [
        "autoscaling.requestsPerSecond",
        "left out without a guard: it is the guard that counts calls",
      ],
    byCpu &&
      resources !== undefined &&
      Number.parseFloat(resources.requests.cpu) === 0 && [
        "resources",
        "such that CPU is requested: the autoscaler's percentage is one of that",
      ],
  );
};

const ofSessions: Rules = ({ sessions = "in-memory", transport, replicas, autoscaling }, guard) => {
  const several = Math.max(replicas ?? 1, autoscaling?.maxReplicas ?? 1) > 1;
  return listed(
    sessions === "in-memory" && several && [autoscaling ? "autoscaling" : "replicas", ONE_POD],
    sessions === "stateless" &&
      transport === "stdio" && [
        "sessions",
        "another for a stdio server: KMCP's gateway opens a session for each client, and starts a process for it",
      ],
    sessions === "portable" &&
      guard === undefined && ["sessions", "another without a guard, which makes sessions portable"],
    sessions === "portable" &&
      guard?.sse === true && [
        "sessions",
        "another where the guard has sse: a session of the SSE transport is its stream, and goes with its pod",
      ],
  );
};

/** All of them. */
export const CONFLICTS: readonly Rules[] = [byRuntime, ofAutoscaling, ofSessions];

/** Why there is always a pod. */
export const NOBODY_LISTENS =
  "the guard is in the pod, so with none nobody listens, and no metric tells that somebody calls";

const ONE_POD =
  'one pod while sessions are "in-memory": server and guard know a session only in the pod where it began. With ' +
  'sessions: "stateless" you say that the server has none; with "portable" that its sessions hold nothing but what ' +
  'the client says when it begins, and any guard takes them up; "client-ip" (runtime "deployment") sends each client ' +
  "address to one pod";

function listed(...found: (readonly [ScaleConflict["key"], string] | false)[]): ScaleConflict[] {
  return found.flatMap((each) => (each === false ? [] : [{ key: each[0], rule: each[1] }]));
}
