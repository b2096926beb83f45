import type { DecisionLog } from "../dynamic/engineLog.ts";
import { ReadError } from "../kubeApi/readError.ts";
import { type NodeObject, nodesStage, REMEDIES, type Sight } from "./stage.ts";

/** What is waited for. */
export interface NodesWait {
  matchLabels: Record<string, string>;
  minCount: number;
  timeoutMinutes: number;
}

/** What a wait needs from outside; exchanged in tests. */
export interface Surroundings {
  /** The nodes with all these labels. @throws {ReadError} */
  nodes(matchLabels: Record<string, string>, signal: AbortSignal): Promise<NodeObject[]>;
  close(): Promise<void>;
  log: DecisionLog;
  /** Milliseconds that only grow. */
  now(): number;
  /** Resolves after that time, or at once when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

const POLL_MS = 5_000;

/** How often it is said that the same still lasts: a pipeline may end a step that prints nothing. */
const REMINDER_MS = 5 * 60_000;

/**
 * Waits until KAITO can use the nodes, and says on the way what it waits for.
 *
 * @throws {Error} that says what is missing on which nodes, and the next command to type
 */
export async function waitForNodes(
  wait: NodesWait,
  around: Surroundings,
  cancelled: AbortSignal,
): Promise<void> {
  const { now, log } = around;
  const nodes = `GPU nodes with ${selectorOf(wait.matchLabels)}`;
  const began = now();
  const after = () => `after ${timeText(now() - began)}`;
  let told = { words: "", at: began };
  for (;;) {
    const seen = await look(wait, around, cancelled);
    if (seen.stage === "usable") {
      if (told.words !== "") await log.info(`${nodes}: ${seen.words} (${after()})`);
      return;
    }
    if (cancelled.aborted) {
      const words = told.words === "" ? "" : `: ${told.words}`;
      throw new Error(`stopped waiting for ${nodes}${words}; the next pulumi up waits for them again`);
    }
    if (now() - began >= wait.timeoutMinutes * 60_000) throw new Error(timeoutText(nodes, wait, seen));
    if (seen.words !== told.words || now() - told.at >= REMINDER_MS) {
      const still = seen.words === told.words ? "still " : "";
      await log[seen.stage === undefined ? "warn" : "info"](
        `waiting for ${nodes}: ${still}${seen.words} (${after()})`,
      );
      told = { words: seen.words, at: now() };
    }
    await around.sleep(POLL_MS, cancelled);
  }
}

/** A look that may have met an API that doesn't answer, which has no stage. */
type Look = Sight | { stage: undefined; words: string };

async function look(wait: NodesWait, around: Surroundings, cancelled: AbortSignal): Promise<Look> {
  try {
    return nodesStage(await around.nodes(wait.matchLabels, cancelled), wait.minCount);
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    if (error.why === "forbidden") {
      throw new Error(`may not look at nodes: ${error.message}; the kubeconfig's user needs list on nodes`);
    }
    return { stage: undefined, words: `the Kubernetes API doesn't answer: ${error.message}` };
  }
}

function timeoutText(nodes: string, { timeoutMinutes }: NodesWait, { stage, words }: Look): string {
  return [
    `KAITO can't use the ${nodes} after ${timeoutMinutes} min (timeoutMinutes): ${words}`,
    ...(stage === undefined || stage === "usable" ? [] : [REMEDIES[stage]]),
    "See why with: npm run diagnose -- component/gpu-nodes",
    "The next pulumi up waits for them again",
  ].join("\n");
}

function timeText(ms: number): string {
  return ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.floor(ms / 60_000)} min`;
}

/** Labels as kubectl writes them. */
export function selectorOf(labels: Record<string, string>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(",");
}
