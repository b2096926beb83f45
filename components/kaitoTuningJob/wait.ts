import type { DecisionLog } from "../dynamic/engineLog.ts";
import { ReadError } from "../kubeApi/readError.ts";
import type { JobWatch } from "./jobWatch.ts";
import type { TuningObjects } from "./objects.ts";
import { tuningStage } from "./stage.ts";
import type { JobName, TuningStage } from "./stages.ts";

/** What a wait needs from outside; exchanged in tests. */
export interface Surroundings {
  watch: JobWatch;
  log: DecisionLog;
  /** Milliseconds that only grow. */
  now(): number;
  /** Resolves after that time, or at once when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export interface TuningWait extends JobName {
  /** The Workspace that is waited for; another one of the same name is not. */
  uid: string;
  maxDurationMinutes: number;
}

const POLL_MS = 5_000;

/** How often it is said that the same stage still lasts: a pipeline may end a step that prints nothing. */
const REMINDER_MS = 10 * 60_000;

/** How long the API may be out of reach, as it is while AKS upgrades a control plane. */
const OUTAGE_MS = 10 * 60_000;

/** Lines of a failed container's log: a Python traceback with the message above what `accelerate` adds. */
const FAILURE_LINES = 25;

/**
 * Waits until a job has ended well.
 *
 * @returns the digest of the adapter's image, when the pod that pushed it still told it
 * @throws {Error} that says where the job was, and the command that shows more
 */
export async function waitForAdapter(
  wait: TuningWait,
  around: Surroundings,
  cancelled: AbortSignal,
): Promise<{ digest?: string }> {
  const { watch, log, now, sleep } = around;
  const began = now();
  const job = `${wait.namespace}/${wait.name}`;
  const minutes = (since = began) => `${Math.floor((now() - since) / 60_000)} min`;
  let stage: TuningStage | undefined;
  let told = { key: "", at: began };
  let silentSince: number | undefined;
  for (;;) {
    const objects = await watch.read(cancelled).catch((error) => unreachable(error, wait));
    if (objects instanceof ReadError) {
      if (silentSince === undefined && !cancelled.aborted) {
        await log.warn(`tuning job ${job}: the Kubernetes API doesn't answer: ${objects.message}`);
      }
      silentSince ??= now();
      if (now() - silentSince >= OUTAGE_MS) throw new Error(outageText(job, minutes(silentSince), objects));
    } else {
      silentSince = undefined;
      refuseOther(objects, wait);
      stage = tuningStage(objects, wait);
      if (stage.outcome === "succeeded") {
        await log.info(`tuning job ${job}: done after ${minutes()}`);
        return await digestOf(objects, watch);
      }
      if (stage.outcome === "failed") throw new Error(await failureText(job, wait, stage, minutes(), watch));
      const key = [stage.name, stage.log?.pod, stage.detail].join("\n");
      const news = key !== told.key;
      if (news || now() - told.at >= REMINDER_MS) {
        const more = news ? sentence(stage) : `still ${sentence(stage)}${await lastLine(stage, watch)}`;
        await log.info(`tuning job ${job}: ${more} (after ${minutes()})`);
        told = { key, at: now() };
      }
    }
    if (cancelled.aborted) throw new Error(cancelText(job, stage));
    if (now() - began >= wait.maxDurationMinutes * 60_000) {
      throw new Error(await timeoutText(job, wait, stage, watch));
    }
    await sleep(POLL_MS, cancelled);
  }
}

/** An error that may pass; the others are thrown in words. */
function unreachable(error: unknown, { namespace, name }: TuningWait): ReadError {
  const job = `${namespace}/${name}`;
  if (!(error instanceof ReadError)) throw error;
  if (error.why === "absent") {
    throw new Error(
      `the Workspace of tuning job ${job} is gone: somebody deleted it; run pulumi refresh, then pulumi up`,
    );
  }
  if (error.why === "forbidden") {
    throw new Error(
      `may not look at tuning job ${job}: ${error.message}; the kubeconfig's user needs get on workspaces and ` +
        `jobs, list on pods and events, and get on pods/log in the namespace ${namespace}`,
    );
  }
  return error;
}

function refuseOther({ workspace }: TuningObjects, { namespace, name, uid }: TuningWait): void {
  if (workspace.metadata.uid === uid) return;
  throw new Error(
    `the Workspace of tuning job ${namespace}/${name} was replaced by another one while this one was waited for; ` +
      "run pulumi refresh, then pulumi up",
  );
}

function outageText(job: string, time: string, error: ReadError): string {
  return (
    `the Kubernetes API has not answered for ${time} while tuning job ${job} was waited for: ${error.message}; ` +
    "the job goes on without, and the next pulumi up waits for it again"
  );
}

async function failureText(
  job: string,
  { namespace, name }: TuningWait,
  stage: TuningStage,
  after: string,
  watch: JobWatch,
): Promise<string> {
  const lines = stage.log ? await watch.lastLines(stage.log, FAILURE_LINES) : [];
  return [
    `tuning job ${job} failed while ${stage.words}, after ${after}${stage.detail ? `: ${stage.detail}` : ""}`,
    ...(lines.length > 0 ? ["Its last lines:", ...lines.map((line) => `  ${line}`)] : []),
    `See more with: ${stage.look}`,
    "A change of the job's arguments replaces it and tries again. To try the same again: " +
      `kubectl delete job ${name} -n ${namespace}, then pulumi up. Until then its pod may hold the GPU`,
  ].join("\n");
}

async function timeoutText(
  job: string,
  { maxDurationMinutes, namespace, name }: TuningWait,
  stage: TuningStage | undefined,
  watch: JobWatch,
): Promise<string> {
  const where = stage
    ? `it is ${sentence(stage)}${await lastLine(stage, watch)}`
    : "the Kubernetes API never answered, so it isn't known where it is";
  return [
    `tuning job ${job} has no adapter after ${maxDurationMinutes} min (maxDurationMinutes): ${where}`,
    ...(stage ? [`See more with: ${stage.look}`] : []),
    "It goes on in the cluster, and the next pulumi up waits for it again, maxDurationMinutes from then. " +
      `To stop it: kubectl delete workspace ${name} -n ${namespace}`,
  ].join("\n");
}

function cancelText(job: string, stage: TuningStage | undefined): string {
  return (
    `stopped waiting for tuning job ${job}${stage ? `, which is ${sentence(stage)}` : ""}; ` +
    "it goes on in the cluster, and the next pulumi up waits for it again"
  );
}

function sentence({ words, detail }: TuningStage): string {
  return detail ? `${words}: ${detail}` : words;
}

async function lastLine({ log }: TuningStage, watch: JobWatch): Promise<string> {
  const line = log ? (await watch.lastLines(log, 1)).at(-1) : undefined;
  return line ? `; its last line: ${line.trim()}` : "";
}

/** oras tells the digest that the image has in the registry. Source: pusher.sh. */
async function digestOf({ job, pods }: TuningObjects, watch: JobWatch): Promise<{ digest?: string }> {
  const pushed = pods.find(
    ({ metadata, status, spec }) =>
      status?.phase === "Succeeded" &&
      metadata.ownerReferences?.some(({ uid }) => uid === job?.metadata.uid) &&
      spec?.containers?.some(({ name }) => name === "pusher"),
  );
  if (pushed === undefined) return {};
  const lines = await watch.lastLines({ pod: pushed.metadata.name, container: "pusher" }, 50);
  const digest = lines.map((line) => /^Digest: (sha256:[0-9a-f]{64})$/.exec(line)?.[1]).findLast(Boolean);
  return digest ? { digest } : {};
}
