import type { Cluster } from "../cluster.ts";
import { type Cause, describe, type Evidence, ref } from "../finding.ts";
import type { Terminated } from "../objects.ts";
import { type ContainerOfPod, failed, logCommand } from "../podState.ts";

const LAST_LINES = 6;
const ERROR = /error|exception|fatal|panic|traceback|denied|failed/i;

/** What an exit code says by itself. Source: exit codes of shells and 128 + the signal's number. */
const CODES: Readonly<Record<number, string>> = {
  126: "its program can't be executed",
  127: "its program wasn't found in the image",
  137: "it was killed",
  139: "its program broke (segmentation fault)",
  143: "it was told to end",
};

/** A container ends again and again, for a reason that only its log knows. */
export const crashLoop: Cause = {
  id: "crash-loop",
  roles: ["inference", "rag", "mcp", "controller"],
  explains: ["still-starting", "probe-failing"],
  judge(cluster, subject) {
    const [first] = failed(subject);
    if (first === undefined) return undefined;
    const { pod, status, end } = first;
    const words = CODES[end.exitCode];
    const tail = lastLines(cluster, first);
    return {
      summary: `Container ${status.name} ends with exit code ${end.exitCode}${words ? `: ${words}` : ""}.`,
      likelihood: 0.85,
      evidence: [ofEnd(first), ...tail],
      next: [
        {
          text: "See the whole log",
          command: endLog(first),
        },
        { text: "", command: describe("pod", pod) },
      ],
    };
  },
};

export function ofEnd({ pod, status, end }: ContainerOfPod & { end: Terminated }): Evidence {
  const held = status.state?.waiting?.reason;
  return {
    object: ref("pod", pod),
    field: `container ${status.name}${held ? `, ${held}` : ""}`,
    value: [`exit code ${end.exitCode}`, end.reason, end.message?.trim()].filter(Boolean).join(", "),
    count: status.restartCount,
  };
}

/** The end of a container's log; from the last error on where there is one. */
export function lastLines(cluster: Cluster, { pod, status }: ContainerOfPod): Evidence[] {
  const log = cluster.logs(pod).find(({ container, lines }) => container === status.name && lines.length > 0);
  if (log === undefined) {
    const silent = cluster.logs(pod).find(({ container }) => container === status.name);
    return silent?.message
      ? [{ object: ref("pod", pod), field: `log of ${status.name}`, value: `not read: ${silent.message}` }]
      : [];
  }
  const lines = log.lines.filter((line) => line.trim() !== "");
  const errors = lines.filter((line) => ERROR.test(line)).slice(-LAST_LINES);
  return (errors.length > 0 ? errors : lines.slice(-LAST_LINES)).map((line) => ({
    object: ref("pod", pod),
    field: `log of ${status.name}`,
    value: line.trim(),
  }));
}

/** The command that shows the log of how a container ended. */
export function endLog({ pod, status }: ContainerOfPod): string {
  return logCommand({
    namespace: pod.metadata.namespace ?? "",
    pod: pod.metadata.name,
    container: status.name,
    previous: status.state?.terminated === undefined,
  });
}
