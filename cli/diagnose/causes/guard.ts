import { type Cause, describe, ref } from "../finding.ts";
import { GUARD } from "../mcpGuards.ts";
import { containersOf, failed, logCommand, ofLog } from "../podState.ts";
import { settingOf } from "../settings.ts";
import { endLog, ofEnd } from "./crash.ts";

/** The guard beside an MCP server ends at its start, and says in a line why. Source: servers/guard/main.ts. */
export const guardConfig: Cause = {
  id: "guard-config",
  roles: ["mcp"],
  explains: ["crash-loop", "probe-failing", "still-starting", "old-pods"],
  judge(cluster, subject) {
    const ended = failed(subject).find(({ status }) => status.name === GUARD);
    if (ended === undefined) return undefined;
    const said = cluster
      .logs(ended.pod)
      .filter(({ container }) => container === GUARD)
      .flatMap(({ lines, ...log }) => lines.map((line) => ({ ...log, line })))
      .findLast(({ line }) => line.startsWith(`${GUARD}: `));
    if (said === undefined) return undefined;
    return {
      summary: `The guard doesn't start: ${said.line.slice(GUARD.length + 2)}.`,
      likelihood: 0.95,
      evidence: [ofEnd(ended), ofLog(said)],
      next: [
        { text: `Correct the setting ${settingOf(subject)}, or mcpaas:mcpGuard`, command: "pulumi up" },
        { text: "See the whole log", command: endLog(ended) },
      ],
    };
  },
};

/** The guard runs, and finds that the server behind it doesn't answer. Source: servers/guard/health.ts. */
export const guardNotReady: Cause = {
  id: "guard-not-ready",
  roles: ["mcp"],
  explains: ["probe-failing", "still-starting", "old-pods"],
  judge(cluster, subject) {
    const all = containersOf(subject);
    const guard = all.find(
      ({ status }) => status.name === GUARD && status.state?.running !== undefined && !status.ready,
    );
    const servers = all.filter(
      ({ pod, init, status }) => pod === guard?.pod && !init && status.name !== GUARD,
    );
    // A server that doesn't run has reasons of its own.
    if (guard === undefined || servers.some(({ status }) => status.state?.running === undefined))
      return undefined;
    const reason = cluster.guardReason(guard.pod) ?? loggedReason(cluster.logs(guard.pod));
    if (reason === undefined) return undefined;
    const namespace = guard.pod.metadata.namespace ?? "";
    return {
      summary: `The guard isn't ready: ${reason.replace(/\.$/, "")}.`,
      likelihood: 0.9,
      evidence: [
        {
          object: ref("pod", guard.pod),
          field: `container ${GUARD}`,
          value: `runs for ${cluster.since(guard.status.state?.running?.startedAt)} and is not ready`,
        },
      ],
      next: [
        ...servers.map(({ pod, status }) => ({
          text: "See what the server says",
          command: logCommand({ namespace, pod: pod.metadata.name, container: status.name, previous: false }),
        })),
        {
          text: `Behind the guard it must listen on the port in PORT, at the path of ${settingOf(subject)}.path`,
          command: describe("pod", guard.pod),
        },
      ],
    };
  },
};

/** The last reason in the guard's log, for those who may not ask the guard itself. */
function loggedReason(logs: readonly { container: string; lines: string[] }[]): string | undefined {
  const lines = logs.filter(({ container }) => container === GUARD).flatMap((log) => log.lines);
  for (const line of lines.toReversed()) {
    const [, reason] = /"reason":("(?:[^"\\]|\\.)*").*"the MCP server doesn't answer"/.exec(line) ?? [];
    if (reason !== undefined) return JSON.parse(reason) as string;
  }
  return undefined;
}
