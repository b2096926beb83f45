import { type Condition, type DeploymentObject, type RolloutObjects, SPEC_ANNOTATION } from "./objects.ts";

/** Which pods are waited for. */
export interface NewPods {
  /** What their annotation says. */
  spec: string;
  replicas: number;
}

/** How far the new pods are. */
export interface RolloutStage {
  outcome: "under way" | "done" | "failed";
  /** In words, to follow "MCP server mcp/echo: ". */
  words: string;
}

/**
 * Decides how far a roll-out is: KMCP writes the MCPServer into the Deployment, and from then on it is what
 * `kubectl rollout status` says. Source: DeploymentStatusViewer in kubectl's
 * pkg/polymorphichelpers/rollout_status.go.
 */
export function rolloutStage({ server, deployment }: RolloutObjects, wanted: NewPods): RolloutStage {
  const refusal = refusedBy(server.status?.conditions, server.metadata.generation);
  // What KMCP finds wrong with a spec stays wrong; what it failed to do it tries again.
  if (refusal?.type === "Accepted") return failed(`KMCP doesn't accept it: ${told(refusal)}`);
  if (deployment === undefined || !isWritten(deployment, wanted)) {
    const still = deployment === undefined ? "made" : "changed";
    return underWay(refusal ? `KMCP fails: ${told(refusal)}` : `KMCP hasn't ${still} its Deployment yet`);
  }
  const stage = deploymentStage(deployment);
  if (stage.outcome === "done" && refusal) return underWay(`KMCP fails: ${told(refusal)}`);
  return stage;
}

function isWritten({ spec }: DeploymentObject, wanted: NewPods): boolean {
  return (
    spec.template.metadata?.annotations?.[SPEC_ANNOTATION] === wanted.spec &&
    (spec.replicas ?? 1) === wanted.replicas
  );
}

function deploymentStage({ metadata, spec, status = {} }: DeploymentObject): RolloutStage {
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0)) {
    return underWay("Kubernetes hasn't seen its Deployment's change yet");
  }
  const replicas = spec.replicas ?? 1;
  const { updatedReplicas: updated = 0, availableReplicas: available = 0, replicas: all = 0 } = status;
  const progressing = conditionOf(status.conditions, "Progressing");
  const counted = `${Math.min(available, updated)} of ${replicas} new pods available`;
  if (progressing?.reason === "ProgressDeadlineExceeded") {
    return failed(`its new pods don't come up (${told(progressing)})`);
  }
  // A quota or the pod security standard, of which no pod can tell.
  const hindered = conditionOf(status.conditions, "ReplicaFailure");
  if (updated < replicas) {
    const why = hindered?.status === "True" ? ` (${told(hindered)})` : "";
    return underWay(`${updated} of ${replicas} new pods made${why}`);
  }
  if (all > updated) return underWay(`${all - updated} old pods still there`);
  if (available < updated) return underWay(counted);
  return { outcome: "done", words: counted };
}

/** What KMCP says is wrong, about this spec and not about one before. */
function refusedBy(conditions: Condition[] = [], generation = 0): Condition | undefined {
  return ["Accepted", "Programmed"]
    .map((type) => conditionOf(conditions, type))
    .find((found) => found?.status === "False" && (found.observedGeneration ?? 0) >= generation);
}

function conditionOf(conditions: Condition[] = [], type: string): Condition | undefined {
  return conditions.find((condition) => condition.type === type);
}

function told({ reason, message }: Condition): string {
  return [reason, message].filter(Boolean).join(": ");
}

function underWay(words: string): RolloutStage {
  return { outcome: "under way", words };
}

function failed(words: string): RolloutStage {
  return { outcome: "failed", words };
}
