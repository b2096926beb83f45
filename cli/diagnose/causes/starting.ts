import type { Cluster } from "../cluster.ts";
import { type Cause, describe, type Evidence, ofEvent, ref } from "../finding.ts";
import { isOver, isPodReady } from "../matching.ts";
import type { Pod } from "../objects.ts";
import { conditionOf } from "../subject.ts";
import { budget } from "./probe.ts";
import { WITH_PODS } from "./roles.ts";

/** Nothing is wrong yet: images are tens of gigabytes, and weights are loaded for minutes. */
export const stillStarting: Cause = {
  id: "still-starting",
  lastResort: true,
  roles: WITH_PODS,
  judge(cluster, subject) {
    const pod = subject.pods.find((each) => !isPodReady(each) && !isOver(each) && each.spec?.nodeName);
    if (pod === undefined || conditionOf(subject, "JobStarted")?.status === "True") return undefined;
    const age = cluster.age(pod.status?.startTime ?? pod.metadata.creationTimestamp) ?? 0;
    const [event] = cluster.events("Pod", pod);
    const patience = budget(subject);
    return {
      summary: `Its pod is still starting, since ${cluster.since(pod.status?.startTime ?? pod.metadata.creationTimestamp)}${age < patience ? "; that may be all" : ""}.`,
      likelihood: age < patience ? 0.5 : 0.3,
      evidence: [...stages(cluster, pod), ...(event ? [ofEvent(cluster, event)] : [])],
      next: [
        { text: "Watch it", command: `kubectl -n ${subject.namespace} get pod ${pod.metadata.name} -w` },
        { text: "", command: describe("pod", pod) },
      ],
    };
  },
};

function stages(cluster: Cluster, pod: Pod): Evidence[] {
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {};
  return [...initContainerStatuses, ...containerStatuses].flatMap(({ name, ready, state }) => {
    const value = state?.waiting
      ? [state.waiting.reason, state.waiting.message].filter(Boolean).join(": ")
      : state?.running && !ready
        ? `runs for ${cluster.since(state.running.startedAt)}`
        : undefined;
    return value === undefined ? [] : [{ object: ref("pod", pod), field: `container ${name}`, value }];
  });
}
