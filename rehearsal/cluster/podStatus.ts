import { isDeepStrictEqual } from "node:util";
import type { V1ContainerStatus, V1Pod, V1PodCondition, V1PodStatus } from "@kubernetes/client-node";

/** How a container's program ended. */
export interface Ending {
  /** As a shell would tell it: 128 and the signal's number for a signal. */
  exitCode: number;
  startedAt: Date;
  finishedAt: Date;
}

/** What a container's program does now. */
export type ProgramState =
  | { kind: "running"; since: Date; restarts: number; ready: boolean }
  | { kind: "waiting"; backOffMs: number; ending: Ending; restarts: number };

/**
 * A pod's status with what became of the program of one of its containers, in a kubelet's words: a container
 * that waits for its next start is in CrashLoopBackOff, and its pod is not ready.
 *
 * @returns the members that change, for a patch.
 */
export function statusWith(
  pod: V1Pod,
  container: string,
  state: ProgramState,
  now: Date,
): Pick<V1PodStatus, "containerStatuses" | "conditions"> {
  const containerStatuses = (pod.status?.containerStatuses ?? []).map((status) =>
    status.name === container ? containerStatus(pod, status, state) : status,
  );
  const unready = containerStatuses.filter(({ ready }) => !ready).map(({ name }) => name);
  const conditions = (pod.status?.conditions ?? []).map((condition) =>
    condition.type === "Ready" || condition.type === "ContainersReady"
      ? readiness(condition, unready, now)
      : condition,
  );
  return { containerStatuses, conditions };
}

/** Whether a pod's status says of a container what its program does; times and messages aside. */
export function tells(pod: V1Pod, container: string, state: ProgramState): boolean {
  return isDeepStrictEqual(gist(pod.status ?? {}), gist(statusWith(pod, container, state, new Date())));
}

function gist({ containerStatuses, conditions }: Pick<V1PodStatus, "containerStatuses" | "conditions">) {
  return {
    containers: containerStatuses?.map(({ name, ready, restartCount, state }) => ({
      ...{ name, ready, restartCount, waiting: state?.waiting !== undefined },
    })),
    conditions: conditions?.map(({ type, status }) => ({ type, status })),
  };
}

function containerStatus(pod: V1Pod, before: V1ContainerStatus, state: ProgramState): V1ContainerStatus {
  if (state.kind === "running") {
    return {
      ...before,
      ready: state.ready,
      started: true,
      restartCount: state.restarts,
      state: { running: { startedAt: state.since } },
    };
  }
  const { name, namespace, uid } = pod.metadata ?? {};
  return {
    ...before,
    ready: false,
    started: false,
    restartCount: state.restarts,
    state: {
      waiting: {
        reason: "CrashLoopBackOff",
        message: `back-off ${state.backOffMs / 1000}s restarting failed container=${before.name} pod=${name}_${namespace}(${uid})`,
      },
    },
    lastState: {
      terminated: { ...state.ending, reason: state.ending.exitCode === 0 ? "Completed" : "Error" },
    },
  };
}

function readiness(before: V1PodCondition, unready: readonly string[], now: Date): V1PodCondition {
  const status = unready.length === 0 ? "True" : "False";
  return {
    type: before.type,
    status,
    lastTransitionTime:
      before.status === status && before.lastTransitionTime ? before.lastTransitionTime : now,
    ...(unready.length === 0
      ? // A patch that left them out would leave them as they are.
        { reason: "", message: "" }
      : {
          reason: "ContainersNotReady",
          message: `containers with unready status: [${unready.join(" ")}]`,
        }),
  };
}
