import type { DecisionLog } from "../../dynamic/engineLog.ts";
import { ReadError } from "../../kubeApi/readError.ts";
import type { RolloutObjects } from "./objects.ts";
import { type NewPods, type RolloutStage, rolloutStage } from "./stage.ts";
import { type PodTrouble, podTroubles } from "./troubles.ts";

/** What is waited for. */
export interface RolloutWait extends NewPods {
  namespace: string;
  name: string;
  timeoutMinutes: number;
}

/** A look at one server. */
export interface RolloutWatch {
  /** @throws {ReadError} */
  read(signal: AbortSignal): Promise<RolloutObjects>;
  /** The last line that tells more of a trouble: of a log, or an event. Nothing when there is none. */
  more(trouble: PodTrouble): Promise<string | undefined>;
  close(): Promise<void>;
}

/** What a wait needs from outside; exchanged in tests. */
export interface Surroundings {
  watch: RolloutWatch;
  log: DecisionLog;
  /** Milliseconds that only grow. */
  now(): number;
  /** Resolves after that time, or at once when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

const POLL_MS = 2_000;

/** How often it is said that the same still lasts: a pipeline may end a step that prints nothing. */
const REMINDER_MS = 5 * 60_000;

/** How many troubles are told: those of a hundred pods are mostly the same. */
const TOLD = 4;

/** How much of a log's line or a message is shown. */
const LINE = 500;

/**
 * Waits until the new pods of a server run, and says on the way what keeps them.
 *
 * @throws {Error} that says what is wrong with which container, and the next command to type
 */
export async function waitForRollout(
  wait: RolloutWait,
  around: Surroundings,
  cancelled: AbortSignal,
): Promise<void> {
  const { now, log, watch, sleep } = around;
  const server = `MCP server ${wait.namespace}/${wait.name}`;
  const began = now();
  const after = () => `after ${Math.round((now() - began) / 1000)} s`;
  let told = { words: "", at: began };
  for (;;) {
    const seen = await look(wait, watch, cancelled);
    if (seen.outcome === "done") {
      if (told.words !== "") await log.info(`${server}: ${seen.words} (${after()})`);
      return;
    }
    if (seen.outcome === "failed")
      throw new Error(await failureText(`${server}: ${seen.words}`, wait, seen, watch));
    if (cancelled.aborted) {
      const words = told.words === "" ? "" : `: ${told.words}`;
      throw new Error(`stopped waiting for ${server}${words}; the next pulumi up waits for it again`);
    }
    if (now() - began >= wait.timeoutMinutes * 60_000) {
      const time = `not rolled out after ${wait.timeoutMinutes} min (readyTimeoutMinutes)`;
      throw new Error(await failureText(`${server}: ${time}: ${seen.words}`, wait, seen, watch));
    }
    const words = [seen.words, ...seen.troubles.slice(0, TOLD).map(sentence)].join("; ");
    const still = words === told.words;
    if (!still || now() - told.at >= REMINDER_MS) {
      // What merely starts has nothing to say that is worth it.
      const ended = seen.troubles.find((trouble) => trouble.log === "previous");
      const line = ended && (await lineOf(ended, watch));
      const more = line ? ` (its last line: ${line})` : "";
      await log[seen.silent ? "warn" : "info"](
        `${server}: ${still ? "still " : ""}${words}${more} (${after()})`,
      );
      told = { words, at: now() };
    }
    await sleep(POLL_MS, cancelled);
  }
}

interface Look extends RolloutStage {
  troubles: PodTrouble[];
  /** The API didn't answer. */
  silent?: boolean;
}

async function look(wait: RolloutWait, watch: RolloutWatch, cancelled: AbortSignal): Promise<Look> {
  try {
    const objects = await watch.read(cancelled);
    return { ...rolloutStage(objects, wait), troubles: podTroubles(objects.pods, wait.spec) };
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    const { namespace, name } = wait;
    if (error.why === "absent") {
      throw new Error(
        `the MCPServer ${namespace}/${name} is gone: somebody deleted it; run pulumi refresh, then pulumi up`,
      );
    }
    if (error.why === "forbidden") {
      throw new Error(
        `may not look at MCP server ${namespace}/${name}: ${error.message}; the kubeconfig's user needs get on ` +
          `mcpservers and deployments and list on pods in the namespace ${namespace}`,
      );
    }
    const words = `the Kubernetes API doesn't answer: ${error.message}`;
    return { outcome: "under way", words, troubles: [], silent: true };
  }
}

async function failureText(
  first: string,
  { namespace, name }: RolloutWait,
  { troubles }: Look,
  watch: RolloutWatch,
): Promise<string> {
  const lines = await Promise.all(
    troubles.slice(0, TOLD).map(async (trouble) => {
      const line = await lineOf(trouble, watch);
      return `  ${sentence(trouble)}${line ? `: ${line}` : ""}`;
    }),
  );
  if (troubles.length > TOLD) lines.push(`  and ${troubles.length - TOLD} more`);
  return [
    first,
    ...lines,
    `See more with: kubectl -n ${namespace} describe pods -l app.kubernetes.io/name=${name}`,
    "Pods from before go on if there are any, and nothing that they need is deleted before a pulumi up succeeds. " +
      "Correct what is wrong or take it back, then run pulumi up, which waits again",
  ].join("\n");
}

function sentence({ pod, container, words }: PodTrouble): string {
  return `pod ${pod}${container === undefined ? "" : `, ${container}`} ${shortened(words)}`;
}

async function lineOf(trouble: PodTrouble, watch: RolloutWatch): Promise<string | undefined> {
  const line = await watch.more(trouble);
  return line && shortened(line);
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > LINE ? `${line.slice(0, LINE - 1)}…` : line;
}
