import { exitCodes, UserError } from "../userError.ts";
import { Cluster } from "./cluster.ts";
import { controllerIds, controllers } from "./controllers.ts";
import { type KindKey, kindKeys } from "./kinds.ts";
import { listAll } from "./list.ts";
import { logsWorthReading, readLog } from "./logs.ts";
import { askEndpoint, endpointsWorthAsking } from "./mcpEndpoints.ts";
import { askGuard, guardsWorthAsking } from "./mcpGuards.ts";
import type { Reader } from "./reader.ts";
import { readSecret, secretsNamedBy } from "./secrets.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Subject } from "./subject.ts";
import { subjectsOf } from "./subjects.ts";

/** Requests under way at once: enough to be quick, and few for an API server. */
const AT_ONCE = 8;

export interface CollectOptions {
  /** The kubeconfig's context, to be shown. */
  context?: string;
  /** A namespace that may be read, for those who may not read all. */
  namespace: string;
  /** What will be judged: logs and Secrets of nothing else are looked at. @default - everything */
  concerns?: (subject: Subject) => boolean;
}

/**
 * Reads everything that causes look at, once. It asks for lists, single objects and ends of logs; MCP servers that
 * are ready what they have, and guards that aren't why; and nothing else.
 *
 * @throws {UserError} with exit code 2 when the cluster can't be reached, or doesn't take the credentials
 */
export async function takeSnapshot(reader: Reader, options: CollectOptions): Promise<Snapshot> {
  await greet(reader);
  const fallback = [...new Set([options.namespace, ...controllerIds.map((id) => controllers[id].namespace)])];
  const lists = await inTurns(
    kindKeys,
    async (kind) => [kind, await listAll(reader, kind, fallback)] as const,
  );
  const snapshot: Snapshot = {
    version: 1,
    takenAt: (reader.serverTime ?? new Date()).toISOString(),
    server: reader.server,
    context: options.context,
    lists: Object.fromEntries(lists) as Record<KindKey, unknown> as Snapshot["lists"],
    secrets: {},
    autoscalerStatus: await autoscalerStatus(reader),
    logs: [],
  };
  const cluster = new Cluster(snapshot);
  const subjects = subjectsOf(cluster).filter(options.concerns ?? (() => true));
  const secrets = await inTurns(secretsNamedBy(subjects), async (key) => {
    const [namespace = "", name = ""] = key.split("/");
    return [key, await readSecret(reader, namespace, name)] as const;
  });
  snapshot.secrets = Object.fromEntries(secrets);
  snapshot.logs = await inTurns(logsWorthReading(cluster, subjects), (request) => readLog(reader, request));
  const answers = await inTurns(endpointsWorthAsking(cluster, subjects), async (endpoint) => {
    return [endpoint.key, await askEndpoint(reader, endpoint)] as const;
  });
  snapshot.mcpAnswers = Object.fromEntries(answers);
  const reasons = await inTurns(guardsWorthAsking(cluster, subjects), async (guard) => {
    const reason = await askGuard(reader, guard);
    return reason === undefined ? [] : [[`${guard.namespace}/${guard.pod}`, reason] as const];
  });
  snapshot.guardReasons = Object.fromEntries(reasons.flat());
  return snapshot;
}

/** The first request tells whether there is any point in the others. */
async function greet(reader: Reader): Promise<void> {
  const answer = await reader.get("/apis");
  if (answer.ok || answer.refusal === "forbidden") return;
  const { refusal, message } = answer;
  const why =
    refusal === "unauthorized"
      ? `doesn't take the credentials of the kubeconfig: ${message}; get it anew (az aks get-credentials, or pulumi stack output kubeconfig)`
      : `can't be reached: ${message}`;
  throw new UserError(`${reader.server} ${why}`, exitCodes.usage);
}

async function autoscalerStatus(reader: Reader): Promise<string | null | undefined> {
  const answer = await reader.get("/api/v1/namespaces/kube-system/configmaps/cluster-autoscaler-status");
  if (!answer.ok) return answer.refusal === "absent" ? null : undefined;
  return (answer.body as { data?: { status?: string } }).data?.status ?? null;
}

/** Does something with each item, a few at once, and gives the results in the items' order. */
async function inTurns<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = items.entries();
  const worker = async () => {
    for (const [index, item] of left) results[index] = await act(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}
