import { tuningStage } from "../../components/kaitoTuningJob/stage.ts";
import { webhookUnavailable } from "./causes/webhook.ts";
import type { Cluster } from "./cluster.ts";
import { controllers } from "./controllers.ts";
import { counted } from "./finding.ts";
import { gpuCount } from "./gpuNodes.ts";
import { isReady } from "./matching.ts";
import { conditionOf, objectOf, type Subject } from "./subject.ts";

export type State = "ready" | "not ready" | "unknown";

/** Whether a subject is ready, and a line about it. */
export interface Readiness {
  state: State;
  line: string;
}

const yes = (line: string): Readiness => ({ state: "ready", line });
const no = (line: string): Readiness => ({ state: "not ready", line: shortened(line) });

/** A scheduler's message takes five lines, and is evidence below. */
const LONGEST_LINE = 180;

function shortened(line: string): string {
  return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE).replace(/\s+\S*$/, "")} …` : line;
}

/** Judged by the object's own condition, and by what its workload says where that knows it earlier. */
export function readinessOf(cluster: Cluster, subject: Subject): Readiness {
  const object = objectOf(subject);
  if (subject.role === "controller") return controllerReadiness(cluster, subject);
  if (subject.role === "gpu-nodes") return gpuReadiness(subject);
  if (object === undefined) return no("is not in the cluster");
  const { deletionTimestamp } = object.metadata;
  if (deletionTimestamp) return no(`is being deleted, since ${cluster.since(deletionTimestamp)}`);
  switch (subject.role) {
    case "tuning":
      return tuningReadiness(cluster, subject);
    case "set":
      return subject.set?.spec?.replicas === 0
        ? yes("is scaled to 0")
        : byCondition(
            cluster,
            subject,
            "InferenceSetReady",
            `${counted(subject.set?.status?.readyReplicas ?? 0, "replica")} ready`,
          );
    case "rag":
      return podsMissing(subject) ?? byCondition(cluster, subject, "RAGEngineSucceeded", podsLine(subject));
    case "mcp":
      return oldVersion(subject) ?? mcpReadiness(cluster, subject);
    default:
      return (
        podsMissing(subject) ??
        byCondition(
          cluster,
          subject,
          "WorkspaceSucceeded",
          subject.workspace?.inference?.preset
            ? `serves ${subject.workspace.inference.preset.name}`
            : podsLine(subject),
        )
      );
  }
}

/** A Deployment of this project's own is as ready as its pods; an MCPServer when KMCP says so. */
function mcpReadiness(cluster: Cluster, subject: Subject): Readiness {
  const words = `${podsLine(subject)}${answerLine(cluster, subject)}`;
  const doubt = () =>
    cluster.mcpAnswer(subject)?.state === "wrong"
      ? no("its pods are ready, and its endpoint doesn't answer as an MCP server")
      : undefined;
  return subject.deployment
    ? (podsMissing(subject) ?? doubt() ?? yes(words))
    : byCondition(cluster, subject, "Ready", words, doubt);
}

function byCondition(
  cluster: Cluster,
  subject: Subject,
  type: string,
  words: string,
  doubt: () => Readiness | undefined = () => undefined,
): Readiness {
  const condition = conditionOf(subject, type);
  const generation = objectOf(subject)?.metadata.generation ?? 0;
  if (condition === undefined) return no("has no status yet");
  if (condition.status === "True") {
    return (condition.observedGeneration ?? generation) >= generation
      ? (doubt() ?? yes(words))
      : no("was ready before its last change, which nobody has looked at");
  }
  const age = condition.lastTransitionTime ? ` for ${cluster.since(condition.lastTransitionTime)}` : "";
  return no(`not ready${age}: ${withoutError(condition.message) || condition.reason || type}`);
}

/** The error behind a message of KAITO's is a cause, and told there. */
function withoutError(message = ""): string {
  return message.replace(/ \(last reconcile error: [\s\S]*$/, "");
}

/** By the job itself: KAITO calls it failed for good when one try has failed, and running when none goes on. */
function tuningReadiness(
  cluster: Cluster,
  { workspace, workload, pods, name, namespace }: Subject,
): Readiness {
  if (workspace === undefined) return no("is not in the cluster");
  const job = workload?.object;
  const events = [
    ...(job ? cluster.events("Job", job) : []),
    ...pods.flatMap((pod) => cluster.events("Pod", pod)),
  ];
  const { outcome, words, detail } = tuningStage(
    { workspace, job, pods: [...pods], events },
    { name, namespace },
  );
  if (outcome === "succeeded") return yes("has finished");
  const told = detail ? `: ${withoutError(detail)}` : "";
  return no(outcome === "failed" ? `failed while ${words}${told}` : `is ${words}${told}`);
}

/** KAITO's conditions follow its workload; a RAG engine's only after up to ten minutes. */
function podsMissing({ workload }: Subject): Readiness | undefined {
  if (!workload) return undefined;
  const wanted = workload.object.spec?.replicas ?? 1;
  const ready = workload.object.status?.readyReplicas ?? 0;
  return ready < wanted ? no(`${ready} of ${counted(wanted, "pod")} ready`) : undefined;
}

/**
 * KMCP calls pods ready whichever version they have, and goes on doing so when the last of them has gone.
 * Source: checkReadyCondition in mcpserver_controller.go, 0.3.0; the second was seen.
 */
function oldVersion({ workload }: Subject): Readiness | undefined {
  if (!workload) return undefined;
  const { metadata, spec, status } = workload.object;
  const wanted = spec?.replicas ?? 1;
  if (wanted > 0 && (status?.availableReplicas ?? 0) === 0) return no(`0 of ${counted(wanted, "pod")} ready`);
  const updated = status?.updatedReplicas ?? 0;
  if ((status?.observedGeneration ?? 0) >= (metadata.generation ?? 0) && updated >= wanted) return undefined;
  return no(`${updated} of ${counted(wanted, "pod")} updated; those from before the last change answer`);
}

function podsLine({ workload }: Subject): string {
  const { readyReplicas = 0 } = workload?.object.status ?? {};
  return workload ? `${counted(readyReplicas, "pod")} ready` : "ready";
}

/** What its endpoint said, where it could be asked. */
function answerLine(cluster: Cluster, subject: Subject): string {
  const { state, tools } = cluster.mcpAnswer(subject) ?? {};
  if (state === "closed") return ", answers those who may call";
  return state === "answers" && tools !== undefined ? `, answers with ${counted(tools, "tool")}` : "";
}

function controllerReadiness(cluster: Cluster, subject: Subject): Readiness {
  const { controller, workload } = subject;
  if (controller === undefined || workload === undefined) return { state: "unknown", line: "can't be seen" };
  const [first] = controllers[controller].kinds;
  if (first && cluster.isAbsent(first)) return no("its CRDs are missing");
  if (workload === null) return no("is not in the cluster");
  const { metadata, spec, status } = workload.object;
  const ready = status?.readyReplicas ?? 0;
  const where = `${metadata.namespace}/${metadata.name}`;
  if (ready === 0) return no(`0 of ${counted(spec?.replicas ?? 1, "pod")} of ${where} ready`);
  if (webhookUnavailable.judge(cluster, subject)) return no("its webhook doesn't answer");
  const image = spec?.template?.spec?.containers[0]?.image ?? "";
  return yes(`${where} runs${/:[^/]+$/.test(image) ? `, ${image.slice(image.lastIndexOf(":") + 1)}` : ""}`);
}

function gpuReadiness({ nodes = [] }: Subject): Readiness {
  const good = nodes.filter((node) => isReady(node) && gpuCount(node.status?.allocatable) > 0);
  const gpus = good.reduce((sum, { status }) => sum + gpuCount(status?.allocatable), 0);
  const words = `${good.length} of ${counted(nodes.length, "node")} ready, ${counted(gpus, "GPU")}`;
  if (nodes.length === 0) return yes("no node has GPUs");
  return good.length === nodes.length ? yes(words) : no(words);
}
