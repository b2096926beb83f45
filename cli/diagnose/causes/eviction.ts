import { type Cause, describe, ofEvent, ref } from "../finding.ts";
import { podEvents } from "../podState.ts";
import { change, poolSetting } from "../settings.ts";
import { WITH_PODS } from "./roles.ts";

/** The kubelet or the scheduler threw the pod out. Sources: pkg/kubelet/eviction/helpers.go, lifecycle/predicate.go. */
export const evicted: Cause = {
  id: "evicted",
  roles: WITH_PODS,
  explains: ["still-starting", "crash-loop"],
  judge(cluster, subject) {
    const pod = subject.pods.find(({ status }) =>
      /^(Evicted|UnexpectedAdmissionError|NodeShutdown|Terminated|Preempting)$/.test(status?.reason ?? ""),
    );
    const [event] = podEvents(cluster, subject, /^(Evicted|Preempted|UnexpectedAdmissionError)$/);
    if (pod === undefined && event === undefined) return undefined;
    const said = pod?.status?.message ?? event?.message ?? "";
    const disk = /ephemeral-storage/.test(said);
    return {
      summary: disk
        ? "Its pod was thrown off the node because the node's disk was full: model weights are kept there."
        : "Its pod was thrown off the node.",
      likelihood: subject.pods[0] === pod ? 0.9 : 0.5,
      evidence: [
        ...(pod
          ? [{ object: ref("pod", pod), field: `status.reason ${pod.status?.reason ?? ""}`, value: said }]
          : []),
        ...(event ? [ofEvent(cluster, event)] : []),
      ],
      next: [
        disk
          ? change(
              "Give the nodes a larger disk; the pool is made anew",
              `${poolSetting(subject)}.osDiskSizeGiB`,
              512,
            )
          : {
              text: "See the events",
              command: `kubectl -n ${subject.namespace} get events --sort-by=.lastTimestamp`,
            },
        ...(pod ? [{ text: "", command: describe("pod", pod) }] : []),
      ],
    };
  },
};
