import { type Answer, type AskOptions, ask, type Failure } from "./ask.ts";
import type { Endpoint, Side } from "./endpoint.ts";
import type { Prompt } from "./parsePrompt.ts";
import { rougeL } from "./rougeL.ts";

/** What a model made of a prompt. */
export type Reply = Failure | (Answer & { tokensPerSecond: number | null; similarity: number | null });

/** A prompt and what both models made of it. */
export interface Compared extends Prompt {
  replies: Record<Side, Reply>;
}

/**
 * Asks both models all prompts. For one prompt they are asked one after the other, and which one is first alternates,
 * so that neither has the advantage of a server that the other one warmed up.
 *
 * @param concurrency how many prompts are under way at a time
 * @param onAnswered is told how many prompts are done
 */
export async function compare(
  prompts: readonly Prompt[],
  endpoints: Record<Side, Endpoint>,
  { concurrency, ...options }: AskOptions & { concurrency: number },
  signal: AbortSignal,
  onAnswered: (count: number) => void,
): Promise<Compared[]> {
  const compared: Compared[] = [];
  const queue = prompts.entries();
  let count = 0;
  const worker = async () => {
    for (const [index, prompt] of queue) {
      const order: Side[] = index % 2 === 0 ? ["base", "tuned"] : ["tuned", "base"];
      const replies: Partial<Record<Side, Reply>> = {};
      for (const side of order) {
        replies[side] = judged(
          await ask(endpoints[side], prompt.messages, options, signal),
          prompt.reference,
        );
      }
      compared[index] = { ...prompt, replies: replies as Record<Side, Reply> };
      count++;
      onAnswered(count);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return compared;
}

function judged(answer: Answer | Failure, reference: string | undefined): Reply {
  if ("error" in answer) return answer;
  const { tokens, latencyMs, firstTokenMs, text } = answer;
  // The wait for the first token is a figure of its own; here it would make short answers look slow.
  const writingMs = latencyMs - (firstTokenMs ?? latencyMs);
  return {
    ...answer,
    tokensPerSecond: tokens > 1 && writingMs > 0 ? ((tokens - 1) * 1000) / writingMs : null,
    similarity: reference === undefined ? null : rougeL(text, reference),
  };
}
