import type { ContainerStatus, EventObject, PodObject, Termination } from "./objects.ts";
import { type JobName, type StageName, stage, type TuningStage } from "./stages.ts";

/** What the containers of a tuning pod do. Sources: preset_tuning.go, pusher.go, puller.go, manifests.go, v0.11.0. */
const DOING: Readonly<Record<string, { name: StageName; words: string }>> = {
  "model-weights-downloader": { name: "weights", words: "downloading the model's weights" },
  "data-downloader": { name: "data", words: "downloading the training data" },
  puller: { name: "data", words: "pulling the image with the training data" },
  pusher: { name: "pushing", words: "pushing the adapter" },
  pause: { name: "ending", words: "ending" },
};

const TRAINING: { name: StageName; words: string } = { name: "training", words: "training" };

/** Reasons of a kubelet for a container that waits for its image. Source: pkg/kubelet/images/types.go of Kubernetes. */
const IMAGE_PROBLEMS = new Set([
  "ErrImagePull",
  "ImagePullBackOff",
  "ImageInspectError",
  "ErrImageNeverPull",
  "InvalidImageName",
  "RegistryUnavailable",
  "SignatureValidationFailed",
]);

/** Where a pod is that hasn't ended. */
export function podStage(pod: PodObject, events: readonly EventObject[], id: JobName): TuningStage {
  const failed = failedContainer(pod);
  // The pod won't end by itself: the container that would push waits for the training's end, pause for the push.
  if (failed !== undefined) return { ...containerFailure(pod, failed, id), outcome: "failed" };
  const describe = `kubectl describe pod ${pod.metadata.name} -n ${id.namespace}`;
  if (pod.spec?.nodeName === undefined) {
    const scheduled = pod.status?.conditions?.find(({ type }) => type === "PodScheduled");
    return { ...stage("node", "waiting for a GPU node", describe), detail: scheduled?.message };
  }
  const waiting = (status: ContainerStatus): TuningStage => ({
    ...waitingStage(pod, status, events),
    look: describe,
  });
  const statuses = statusesOf(pod);
  const next = statuses.find(({ state, name }) => state?.terminated === undefined && name !== "pause");
  if (next === undefined) {
    return statuses.length > 0
      ? stage("ending", "ending", describe)
      : stage("starting", "being started", describe);
  }
  return next.state?.running === undefined ? waiting(next) : running(pod, next, statuses, id);
}

/** The failure of a pod, by the container that failed first. */
export function failureOf(pod: PodObject, id: JobName): TuningStage {
  const failed = failedContainer(pod);
  if (failed !== undefined) return { ...containerFailure(pod, failed, id), outcome: "running" };
  const { reason, message } = pod.status ?? {};
  return {
    ...stage("pod", "running its pod", `kubectl describe pod ${pod.metadata.name} -n ${id.namespace}`),
    detail: [reason, message].filter(Boolean).join(": ") || "the pod failed without a reason",
  };
}

/** All containers in the order in which they have something to do: init containers, then the main one first. */
function statusesOf({ status }: PodObject): ContainerStatus[] {
  const rank = ({ name }: ContainerStatus) => (name === "pause" ? 2 : name === "pusher" ? 1 : 0);
  const containers = [...(status?.containerStatuses ?? [])].sort((a, b) => rank(a) - rank(b));
  return [...(status?.initContainerStatuses ?? []), ...containers];
}

function failedContainer(pod: PodObject): (ContainerStatus & { ended: Termination }) | undefined {
  return statusesOf(pod)
    .flatMap((status) => (status.state?.terminated ? [{ ...status, ended: status.state.terminated }] : []))
    .find(({ ended, name }) => ended.exitCode !== 0 && name !== "pause");
}

function containerFailure(
  pod: PodObject,
  { name, ended }: { name: string; ended: Termination },
  id: JobName,
): TuningStage {
  const { exitCode, reason, message } = ended;
  const why = reason && reason !== "Error" ? ` (${reason})` : "";
  return {
    ...inContainer(pod, name, id),
    detail: `container ${name} ended with exit code ${exitCode}${why}${message ? `: ${message.trim()}` : ""}`,
  };
}

function running(
  pod: PodObject,
  { name }: ContainerStatus,
  statuses: readonly ContainerStatus[],
  id: JobName,
): TuningStage {
  // While it trains nobody would notice that the result can't be pushed later.
  const stuck = statuses.find(({ state }) => IMAGE_PROBLEMS.has(state?.waiting?.reason ?? ""));
  return {
    ...inContainer(pod, name, id),
    ...(stuck ? { detail: `but container ${stuck.name} can't start: ${imageProblem(stuck)}` } : {}),
  };
}

function inContainer(pod: PodObject, container: string, id: JobName): TuningStage {
  const { name, words } = DOING[container] ?? TRAINING;
  return {
    ...stage(name, words, `kubectl logs ${pod.metadata.name} -c ${container} -n ${id.namespace}`),
    log: { pod: pod.metadata.name, container },
  };
}

function imageProblem({ state }: ContainerStatus): string {
  return [state?.waiting?.reason, state?.waiting?.message].filter(Boolean).join(": ");
}

function waitingStage(pod: PodObject, status: ContainerStatus, events: readonly EventObject[]): TuningStage {
  const { reason = "", message } = status.state?.waiting ?? {};
  const image = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])].find(
    ({ name }) => name === status.name,
  )?.image;
  const pulling = `waiting for the image of container ${status.name}${image ? `, ${image}` : ""}`;
  if (IMAGE_PROBLEMS.has(reason)) return { ...stage("image", pulling, ""), detail: imageProblem(status) };
  // A kubelet says of all that comes before the start only "ContainerCreating" or "PodInitializing".
  const latest = [...events].sort((a, b) => time(a) - time(b)).at(-1);
  if (latest?.reason === "FailedMount" || latest?.reason === "FailedAttachVolume") {
    return { ...stage("volumes", "waiting for its volumes", ""), detail: latest.message };
  }
  if (latest?.reason === "Pulling") return stage("image", pulling, "");
  const known = reason === "" || reason === "ContainerCreating" || reason === "PodInitializing";
  const detail = known
    ? latest?.type === "Warning"
      ? latest.message
      : undefined
    : [reason, message].filter(Boolean).join(": ");
  return { ...stage("starting", `starting container ${status.name}`, ""), detail };
}

function time({ lastTimestamp, eventTime }: EventObject): number {
  return Date.parse(lastTimestamp ?? eventTime ?? "") || 0;
}
