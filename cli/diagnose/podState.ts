import type { Cluster } from "./cluster.ts";
import { isOver } from "./matching.ts";
import type { Condition, ContainerStatus, KubeEvent, Pod, Terminated } from "./objects.ts";
import type { Subject } from "./subject.ts";

/** A container of a pod, with how it is. */
export interface ContainerOfPod {
  pod: Pod;
  status: ContainerStatus;
  init: boolean;
}

/** The containers of a subject's pods, newest pod first and init containers before the others. */
export function containersOf({ pods }: Pick<Subject, "pods">): ContainerOfPod[] {
  return pods.flatMap((pod) => [
    ...(pod.status?.initContainerStatuses ?? []).map((status) => ({ pod, status, init: true })),
    ...(pod.status?.containerStatuses ?? []).map((status) => ({ pod, status, init: false })),
  ]);
}

/** Those that wait for one of these reasons. */
export function waiting(subject: Pick<Subject, "pods">, reasons: RegExp): ContainerOfPod[] {
  return containersOf(subject).filter(({ status }) => reasons.test(status.state?.waiting?.reason ?? ""));
}

/** How a container ended last, unless it runs well since. */
export function lastEnd({ state, lastState, ready }: ContainerStatus): Terminated | undefined {
  if (state?.terminated) return state.terminated;
  return ready ? undefined : lastState?.terminated;
}

/** Containers that ended with an error, or are about to be started again after one. */
export function failed(subject: Pick<Subject, "pods">): (ContainerOfPod & { end: Terminated })[] {
  return containersOf(subject).flatMap((container) => {
    const end = lastEnd(container.status);
    return end && (end.exitCode !== 0 || end.reason === "OOMKilled") ? [{ ...container, end }] : [];
  });
}

/** Pods that no node was found for, with what the scheduler says. */
export function unscheduled({ pods }: Pick<Subject, "pods">): { pod: Pod; condition: Condition }[] {
  return pods.flatMap((pod) => {
    if (isOver(pod)) return [];
    const condition = (pod.status?.conditions ?? []).find(
      ({ type, status, reason }) =>
        type === "PodScheduled" && status === "False" && reason === "Unschedulable",
    );
    return condition ? [{ pod, condition }] : [];
  });
}

/** The events about a subject's pods that have one of these reasons and texts. */
export function podEvents(
  cluster: Cluster,
  { pods }: Pick<Subject, "pods">,
  reason: RegExp,
  message = /(?:)/,
): KubeEvent[] {
  return pods.flatMap((pod) =>
    cluster
      .events("Pod", pod)
      .filter((event) => reason.test(event.reason ?? "") && message.test(event.message ?? "")),
  );
}

/** A line of a log, with where it stands. */
export interface LogLine {
  namespace: string;
  pod: string;
  container: string;
  previous: boolean;
  line: string;
}

/** The last line of the logs of a subject's pods that a pattern matches. */
export function logLine(
  cluster: Cluster,
  { pods }: Pick<Subject, "pods">,
  pattern: RegExp,
  container?: string,
): LogLine | undefined {
  for (const pod of pods) {
    for (const { lines, ...log } of cluster.logs(pod)) {
      if (container !== undefined && log.container !== container) continue;
      const line = lines.findLast((each) => pattern.test(each));
      if (line !== undefined) return { ...log, line: line.trim() };
    }
  }
  return undefined;
}

export function ofLog({ namespace, pod, container, previous, line }: LogLine) {
  return {
    object: `pod ${namespace}/${pod}`,
    field: `log of ${container}${previous ? " before its last start" : ""}`,
    value: line,
  };
}

export function logCommand({ namespace, pod, container, previous }: Omit<LogLine, "line">): string {
  return `kubectl -n ${namespace} logs ${pod} -c ${container}${previous ? " --previous" : ""}`;
}
