import { holds, type JobObject, ownedBy, type PodObject, type TuningObjects } from "./objects.ts";
import { failureOf, podStage } from "./podStage.ts";
import { type JobName, stage, type TuningStage } from "./stages.ts";

/**
 * The stage of a job. KAITO's own state can't tell: it is "Running" as soon as there is a pod, stays "Running" when
 * training has failed but the container that would push still waits for its end, and stays "Failed" when one pod
 * failed and the next succeeded. Source: applyTuningWorkspaceStatus in workspace_controller.go, pusher.sh; observed
 * with the real controller, v0.11.0.
 */
export function tuningStage(objects: TuningObjects, id: JobName): TuningStage {
  const { workspace } = objects;
  if (workspace.metadata.deletionTimestamp !== undefined) {
    return { ...stage("unseen", "being deleted", describe("workspace")), outcome: "failed" };
  }
  const conditions = workspace.status?.conditions;
  const [job] = objects.job ? ownedBy(workspace, [objects.job]) : [];
  if (jobSucceeded(job) || (job === undefined && holds(conditions, "WorkspaceSucceeded"))) {
    return { ...stage("done", "done", describe("job")), outcome: "succeeded" };
  }
  if (job === undefined) return withoutJob(objects, id);

  const pods = ownedBy(job, objects.pods).sort(byAge);
  const failed = pods.filter(({ status }) => status?.phase === "Failed");
  const last = failed.at(-1);
  const over = holds(job.status?.conditions, "Failed") ?? holds(job.status?.conditions, "FailureTarget");
  if (over !== undefined) {
    const reason = [over.reason, over.message].filter(Boolean).join(": ");
    const why = last ? failureOf(last, id) : stage("pod", "starting its pod", describe("job"));
    return { ...why, outcome: "failed", detail: [why.detail, reason].filter(Boolean).join("; ") };
  }
  const current = pods.filter((pod) => pod !== last && !failed.includes(pod)).at(-1);
  const repeated = last && failedAlike(failed, id);
  if (repeated) return { ...repeated, outcome: "failed" };
  if (current !== undefined) return podStage(current, objects.events, id);
  if (last !== undefined) {
    const why = failureOf(last, id);
    return { ...why, name: "retrying", words: `waiting for another try, after it failed while ${why.words}` };
  }
  return withoutPod(objects, id);

  function describe(kind: string): string {
    return `kubectl describe ${kind} ${id.name} -n ${id.namespace}`;
  }
}

function jobSucceeded(job: JobObject | undefined): boolean {
  const conditions = job?.status?.conditions;
  return (holds(conditions, "Complete") ?? holds(conditions, "SuccessCriteriaMet")) !== undefined;
}

function byAge(a: PodObject, b: PodObject): number {
  return (a.metadata.creationTimestamp ?? "").localeCompare(b.metadata.creationTimestamp ?? "");
}

/**
 * A failure that came twice in the same place, other than by the node's doing: the third to seventh try, which the
 * Job would still make, would end alike and hold a GPU meanwhile.
 */
function failedAlike(failed: readonly PodObject[], id: JobName): TuningStage | undefined {
  const own = failed
    .filter(({ status }) => holds(status?.conditions, "DisruptionTarget") === undefined)
    .map((pod) => failureOf(pod, id))
    .slice(-2);
  const [first, second] = own;
  return first && second && first.name === second.name && first.detail === second.detail
    ? { ...second, detail: `${second.detail}, twice` }
    : undefined;
}

function withoutJob({ workspace }: TuningObjects, id: JobName): TuningStage {
  const { namespace, name } = id;
  const conditions = workspace.status?.conditions ?? [];
  if (conditions.length === 0) {
    return stage(
      "unseen",
      "waiting for KAITO's controller, which hasn't looked at the Workspace yet",
      "kubectl get pods -A -l app.kubernetes.io/name=workspace",
    );
  }
  // The last one that isn't met is the cause: ResourceReady only repeats it.
  const missing = ["NodeClaimReady", "NodesReady", "ResourceReady"]
    .map((type) => conditions.find((condition) => condition.type === type))
    .find((condition) => condition !== undefined && condition.status !== "True");
  if (missing !== undefined) {
    const look =
      missing.type === "NodeClaimReady"
        ? `kubectl describe nodeclaims -l kaito.sh/workspace=${name}`
        : `kubectl describe workspace ${name} -n ${namespace}`;
    return { ...stage("node", "waiting for a GPU node", look), detail: missing.message };
  }
  const started = conditions.find(({ type }) => type === "JobStarted");
  return {
    ...stage(
      "job",
      "waiting for KAITO to make the Job",
      `kubectl describe workspace ${name} -n ${namespace}`,
    ),
    detail: started?.message,
  };
}

/** Nothing but an event says why a Job's pod was refused: by pod security, a quota, a webhook. */
function withoutPod({ events }: TuningObjects, id: JobName): TuningStage {
  const refused = events.filter(({ reason }) => reason === "FailedCreate").at(-1);
  return {
    ...stage(
      "pod",
      refused ? "waiting for its pod, which is refused" : "waiting for its pod",
      `kubectl describe job ${id.name} -n ${id.namespace}`,
    ),
    detail: refused?.message,
  };
}
