import { type ContainerStatus, type PodObject, SPEC_ANNOTATION } from "./objects.ts";

/** What keeps a new pod from being available. */
export interface PodTrouble {
  pod: string;
  /** The container, if it is one. */
  container?: string;
  /** In words that follow the pod's or the container's name. */
  words: string;
  /** Which of the container's logs tells more. */
  log?: "current" | "previous";
  /** Nothing but events tells more. */
  events: boolean;
}

/** States that pass by themselves, of which there is nothing to say. */
const STARTING = ["ContainerCreating", "PodInitializing"];

/** What is wrong with the new pods, in their order and the containers'. */
export function podTroubles(pods: readonly PodObject[], spec: string): PodTrouble[] {
  return pods
    .filter(({ metadata }) => metadata.annotations?.[SPEC_ANNOTATION] === spec && !metadata.deletionTimestamp)
    .flatMap(troublesOf);
}

function troublesOf({ metadata: { name: pod }, status = {} }: PodObject): PodTrouble[] {
  const scheduled = status.conditions?.find(({ type }) => type === "PodScheduled");
  if (scheduled?.status === "False") {
    return [{ pod, words: `finds no node: ${scheduled.message ?? scheduled.reason}`, events: false }];
  }
  const all = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  const found = all.flatMap((container) => {
    const trouble = containerTrouble(container);
    return trouble ? [{ pod, container: container.name, ...trouble }] : [];
  });
  // While an init container hangs, or a volume can't be mounted, all others say no more than that they wait.
  const real = found.filter(({ events }) => !events);
  return real.length > 0 ? real : found.slice(0, 1);
}

function containerTrouble(status: ContainerStatus): Omit<PodTrouble, "pod"> | undefined {
  const { ready, state = {}, lastState = {} } = status;
  const ended = state.terminated ?? lastState.terminated;
  const how = ended && ended.exitCode !== 0 ? [endingOf(ended)] : [];
  if (state.waiting) {
    const { reason = "waiting", message } = state.waiting;
    if (STARTING.includes(reason)) return { words: `is not started yet (${reason})`, events: true };
    // Of a container that starts again and again the message says nothing but when it will.
    const why = message && reason !== "CrashLoopBackOff" ? `: ${message}` : "";
    const words = [`doesn't run (${reason})${why}`, ...how].join("; ");
    return ended ? { words, log: "previous", events: false } : { words, events: false };
  }
  if (state.terminated) {
    return how.length > 0 ? { words: how.join(), log: "current", events: false } : undefined;
  }
  if (ready || !state.running) return undefined;
  return {
    words: ["runs, and isn't ready", ...how].join("; "),
    log: how.length ? "previous" : "current",
    events: false,
  };
}

function endingOf({
  exitCode,
  reason,
  message,
}: {
  exitCode: number;
  reason?: string;
  message?: string;
}): string {
  const why = reason && reason !== "Error" ? ` (${reason})` : "";
  return `ended with exit code ${exitCode}${why}${message ? `: ${message.trim()}` : ""}`;
}
