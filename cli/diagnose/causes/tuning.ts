import { type Cause, describe, ofCondition, ref } from "../finding.ts";
import { containersOf, failed, waiting } from "../podState.ts";
import { type Role, titleOf } from "../subject.ts";
import { endLog, lastLines, ofEnd } from "./crash.ts";
import { lastError } from "./reconcile.ts";

const TUNING: readonly Role[] = ["tuning"];

/**
 * KAITO 0.11.0 finds a tuning job's GPUs by its VM size alone, which its webhook forbids in mode byo.
 * Sources: CreatePresetTuning in pkg/workspace/tuning/preset_tuning.go, validateCreate in workspace_validation.go.
 */
export const tuningNeedsSize: Cause = {
  id: "tuning-needs-size",
  roles: TUNING,
  explains: ["reconcile-error"],
  judge(_cluster, subject) {
    const last = lastError(subject);
    if (last === undefined || !/Unsupported SKU '[^']*'/.test(last.error)) return undefined;
    return {
      summary:
        "KAITO doesn't know its GPUs: it takes a tuning job's VM size from resource.instanceType, and from nothing else.",
      likelihood: 0.97,
      evidence: [
        { object: titleOf(subject), field: `condition ${last.type}`, value: last.error },
        {
          object: titleOf(subject),
          field: "resource.instanceType",
          value: subject.workspace?.resource?.instanceType ?? "not set, as mode byo demands",
        },
      ],
      next: [
        {
          text: "Let KaitoTuningJob make it: it asks as kaito.sh/v1alpha1, where the VM size may be named for nodes that are there, too",
          command: "pulumi preview --diff",
        },
      ],
    };
  },
};

/** The job has failed. */
export const tuningFailed: Cause = {
  id: "tuning-failed",
  roles: TUNING,
  explains: ["still-starting"],
  judge(cluster, subject) {
    const job = subject.workload?.object;
    const condition = (job?.status?.conditions ?? []).find(
      ({ type, status }) => type === "Failed" && status === "True",
    );
    const [ended] = failed(subject);
    if (
      job === undefined ||
      (condition === undefined && (job.status?.failed ?? 0) === 0 && ended === undefined)
    )
      return undefined;
    return {
      summary: condition
        ? "The tuning job has failed for good."
        : `The tuning job has failed ${job.status?.failed ?? 1} time(s), and is tried again.`,
      likelihood: 0.85,
      evidence: [
        ...(condition ? [ofCondition(ref("job", job), condition)] : []),
        ...(ended ? [ofEnd(ended), ...lastLines(cluster, ended)] : []),
      ],
      next: [
        ...(ended ? [{ text: "See the whole log", command: endLog(ended) }] : []),
        {
          text: "A job that has failed starts again only when it is made anew",
          command: describe("job", job),
        },
      ],
    };
  },
};

/** Nothing is wrong: it trains. */
export const tuningRuns: Cause = {
  id: "tuning-runs",
  roles: TUNING,
  judge(cluster, subject) {
    const running = containersOf(subject).find(
      ({ status }) => status.name === subject.name && status.state?.running,
    );
    if (running === undefined || waiting(subject, /BackOff/).length > 0) return undefined;
    const [line] = cluster
      .logs(running.pod)
      .filter(({ container }) => container === subject.name)
      .flatMap(({ lines }) => lines.slice(-1));
    return {
      summary: `It trains, since ${cluster.since(running.status.state?.running?.startedAt)}; nothing is wrong.`,
      likelihood: 0.6,
      evidence: [
        { object: ref("pod", running.pod), field: `container ${subject.name}`, value: "running" },
        ...(line ? [{ object: ref("pod", running.pod), field: "log", value: line.trim() }] : []),
      ],
      next: [
        {
          text: "Watch it",
          command: `kubectl -n ${subject.namespace} logs -f ${running.pod.metadata.name} -c ${subject.name}`,
        },
      ],
    };
  },
};
