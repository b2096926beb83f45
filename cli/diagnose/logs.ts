import type { Cluster } from "./cluster.ts";
import { componentSubject } from "./components.ts";
import { devicePlugins, gpuCount, podsOn } from "./gpuNodes.ts";
import { isReady } from "./matching.ts";
import type { Pod } from "./objects.ts";
import { containersOf, lastEnd } from "./podState.ts";
import type { Reader } from "./reader.ts";
import { readinessOf } from "./readiness.ts";
import { redact } from "./redact.ts";
import type { LogTail } from "./snapshot.ts";
import type { Subject } from "./subject.ts";

/** Which log to read, and how much of its end. */
export interface LogRequest {
  namespace: string;
  pod: string;
  container: string;
  previous: boolean;
  lines: number;
}

/** A traceback of vLLM takes a hundred lines, and what caused it stands before its last part. */
const CONTAINER_LINES = 120;
const CONTROLLER_LINES = 400;
const PLUGIN_LINES = 40;
const MOST_LOGS = 60;
const LINE_LENGTH = 500;

/** The logs that can say why subjects aren't ready. */
export function logsWorthReading(cluster: Cluster, subjects: readonly Subject[]): LogRequest[] {
  const troubled = subjects.filter((subject) => readinessOf(cluster, subject).state === "not ready");
  const controllers = new Set(troubled.flatMap(({ controller }) => controller ?? []));
  const requests = [
    ...troubled.filter(({ role }) => role !== "controller").flatMap(ownLogs),
    ...[...controllers].flatMap((id) => controllerLogs(componentSubject(cluster, id))),
    ...troubled.flatMap((subject) => pluginLogs(cluster, subject)),
  ];
  const unique = new Map(
    requests.map((each) => [`${each.namespace}/${each.pod}/${each.container}/${each.previous}`, each]),
  );
  return [...unique.values()].slice(0, MOST_LOGS);
}

function ownLogs(subject: Subject): LogRequest[] {
  return containersOf(subject).flatMap(({ pod, status }) => {
    const { state } = status;
    const ended = lastEnd(status);
    if (ended && (ended.exitCode !== 0 || ended.reason === "OOMKilled")) {
      return [request(pod, status.name, CONTAINER_LINES, state?.terminated === undefined)];
    }
    const telling = state?.running && (!status.ready || subject.role === "tuning");
    return telling ? [request(pod, status.name, CONTAINER_LINES)] : [];
  });
}

function controllerLogs(subject: Subject): LogRequest[] {
  return containersOf(subject).flatMap(({ pod, status }) => [
    ...(status.state?.running || status.state?.terminated
      ? [request(pod, status.name, CONTROLLER_LINES)]
      : []),
    ...(status.state?.waiting && status.lastState?.terminated
      ? [request(pod, status.name, CONTROLLER_LINES, true)]
      : []),
  ]);
}

function pluginLogs(cluster: Cluster, { nodes = [], needsGpu }: Subject): LogRequest[] {
  const [bare] = needsGpu
    ? nodes.filter((node) => isReady(node) && gpuCount(node.status?.capacity) === 0)
    : [];
  if (bare === undefined) return [];
  return (devicePlugins(cluster) ?? [])
    .flatMap((plugin) => podsOn(cluster, plugin, bare))
    .flatMap((pod) =>
      (pod.status?.containerStatuses ?? []).map(({ name }) => request(pod, name, PLUGIN_LINES)),
    );
}

function request({ metadata }: Pod, container: string, lines: number, previous = false): LogRequest {
  return { namespace: metadata.namespace ?? "", pod: metadata.name, container, previous, lines };
}

/** The end of a log, without what looks like a secret. */
export async function readLog(reader: Reader, request: LogRequest): Promise<LogTail> {
  const { namespace, pod, container, previous, lines } = request;
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`;
  const answer = await reader.text(path, {
    query: {
      container,
      tailLines: String(lines),
      limitBytes: "262144",
      ...(previous ? { previous: "true" } : {}),
    },
  });
  const tail = { namespace, pod, container, previous };
  if (!answer.ok) return { ...tail, lines: [], message: answer.message };
  const kept = answer.body.split(/\r?\n/).filter((line) => line !== "");
  return { ...tail, lines: kept.map((line) => redact(line).slice(0, LINE_LENGTH)) };
}
