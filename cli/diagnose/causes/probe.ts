import { type Cause, describe, ofEvent, ref } from "../finding.ts";
import { containersOf, logCommand, podEvents } from "../podState.ts";
import type { Subject } from "../subject.ts";
import { WITH_PODS } from "./roles.ts";

/** How long KAITO lets a model start. Source: defaultReadinessTimeout in vllm_model.go of KAITO 0.11.0. */
const STARTUP_SECONDS = 1800;

/** A container runs, and a probe of it fails. */
export const probeFailing: Cause = {
  id: "probe-failing",
  roles: WITH_PODS,
  explains: ["still-starting"],
  judge(cluster, subject) {
    const running = containersOf(subject).find(({ status }) => status.state?.running && !status.ready);
    const killed = podEvents(cluster, subject, /^Killing$/, /failed (startup|liveness) probe/);
    const [failing] = podEvents(cluster, subject, /^Unhealthy$/);
    if (running === undefined && killed.length === 0) return undefined;
    if (failing === undefined && killed.length === 0) return undefined;
    const [pod] = running ? [running.pod] : subject.pods;
    const startup = /^Startup/i.test(failing?.message ?? "");
    const age = cluster.age(running?.status.state?.running?.startedAt) ?? 0;
    // While a model loads its startup probe fails all the time, and that is as it should be.
    const loading = startup && killed.length === 0 && age < budget(subject);
    return {
      summary: loading
        ? "It is loading: its startup probe doesn't succeed yet."
        : killed.length > 0
          ? "It is started again and again because it doesn't answer its probe in time."
          : "It runs and doesn't answer its probe.",
      likelihood: loading ? 0.5 : 0.8,
      evidence: [
        ...(failing ? [ofEvent(cluster, failing)] : []),
        ...killed.slice(0, 1).map((event) => ofEvent(cluster, event)),
        ...(running
          ? [
              {
                object: ref("pod", running.pod),
                field: `container ${running.status.name}`,
                value: `runs for ${cluster.since(running.status.state?.running?.startedAt)} and is not ready`,
                count: running.status.restartCount,
              },
            ]
          : []),
      ],
      next: [
        ...(running
          ? [
              {
                text: "See what it does",
                command: logCommand({
                  namespace: running.pod.metadata.namespace ?? "",
                  pod: running.pod.metadata.name,
                  container: running.status.name,
                  previous: false,
                }),
              },
            ]
          : []),
        ...(pod ? [{ text: "", command: describe("pod", pod) }] : []),
      ],
    };
  },
};

/** How long a subject's startup probe may fail before the kubelet gives up, in seconds. */
export function budget({ pods, role }: Subject): number {
  const probes = pods.flatMap(
    ({ spec }) => spec?.containers.flatMap(({ startupProbe }) => startupProbe ?? []) ?? [],
  );
  const longest = Math.max(
    0,
    ...probes.map(
      ({ failureThreshold = 3, periodSeconds = 10, initialDelaySeconds = 0 }) =>
        initialDelaySeconds + failureThreshold * periodSeconds,
    ),
  );
  return longest > 0 ? longest : role === "mcp" ? 60 : STARTUP_SECONDS;
}
