import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { ChatApi } from "./api.ts";
import type { Live } from "./live.ts";
import { callsOf, type StoredMessage, type ToolCall } from "./message.ts";

/** A question, with what the page sends beside it. */
export interface Question {
  text: string;
  model: string;
  /** Ids of the tools that the model may call. */
  tools: readonly string[];
  /** @default - nothing is said before the question */
  systemPrompt?: string;
  /** Leave the chat in the account's list. @default - it is deleted, however the answer ends */
  keep?: boolean;
}

/** What somebody who watches is shown. */
export interface Shown {
  text(text: string): void;
  /** What is being done, for example "calling web-search_search". */
  doing(what: string): void;
}

/** An answer, or why there is none: as it is stored. */
export interface Answered {
  chat: string;
  /** Why the chat, which was not to be kept, could not be deleted. */
  left?: string;
  message: StoredMessage;
  calls: ToolCall[];
}

/** How often the stored message is looked at, whatever is heard of it. */
const pollMs = 1000;

/**
 * Asks as the page does: in a new chat, of which the app makes a message that it fills while the model answers and
 * tools are called. The events are for those who watch, and for how long the tools took; the stored message counts.
 *
 * @throws {Error} when the signal is aborted, or the app can't be asked any more; it is told to stop then
 */
export async function ask(
  api: ChatApi,
  live: Live | undefined,
  question: Question,
  shown: Shown,
  signal: AbortSignal,
): Promise<Answered> {
  const [asked, answer] = [randomUUID(), randomUUID()];
  const clock = new Clock();
  let look = Promise.withResolvers<void>();
  live?.watch(answer, {
    onText: shown.text,
    onCall: (id, tool) => {
      clock.begin(id);
      shown.doing(`calling ${tool}`);
    },
    onResult: (id) => {
      clock.end(id);
      shown.doing("reading the result");
    },
    onStep: () => look.resolve(),
  });
  shown.doing(`asking ${question.model}`);
  const { chat, tasks } = await api.begin(bodyOf(question, asked, answer, live?.id ?? randomUUID()));
  const remove = async () => (question.keep ? undefined : await api.remove(chat));
  const filled = async (): Promise<StoredMessage> => {
    for (;;) {
      signal.throwIfAborted();
      const message = await api.message(chat, answer);
      if (message?.done) return message;
      await Promise.race([look.promise, wait(pollMs, undefined, { signal })]);
      look = Promise.withResolvers();
    }
  };
  const message = await filled().catch(async (error): Promise<never> => {
    await Promise.allSettled(tasks.map((task) => api.stop(task)));
    await remove().catch(() => {});
    throw error;
  });
  const calls = callsOf(message).map((call) => ({ ...call, ...clock.of(call.id) }));
  const left = await remove().catch((error: Error) => error.message);
  return { chat, message, calls, ...(left !== undefined && { left }) };
}

/** How long each tool took, as far as it was heard. */
class Clock {
  readonly #begun = new Map<string, number>();
  readonly #took = new Map<string, number>();

  /** The call has begun; it is told again when its state changes. */
  begin(id: string): void {
    if (!this.#begun.has(id)) this.#begun.set(id, performance.now());
  }

  end(id: string): void {
    const begun = this.#begun.get(id);
    if (begun !== undefined && !this.#took.has(id)) this.#took.set(id, performance.now() - begun);
  }

  of(id: string): { seconds?: number } {
    const ms = this.#took.get(id);
    return ms === undefined ? {} : { seconds: Math.round(ms) / 1000 };
  }
}

/** Source: what the page of 0.12.4 posts, and chat_completion in main.py. */
function bodyOf({ text, model, tools, systemPrompt }: Question, id: string, answer: string, session: string) {
  const message = {
    id,
    parentId: null,
    childrenIds: [answer],
    role: "user",
    content: text,
    timestamp: Math.floor(Date.now() / 1000),
    models: [model],
  };
  return {
    stream: true,
    model,
    messages: [
      ...(systemPrompt === undefined ? [] : [{ role: "system", content: systemPrompt }]),
      { role: "user", content: text },
    ],
    // A new chat, which is made with the answer.
    parent_id: null,
    user_message: message,
    message_ids: [{ model_id: model, message_id: answer }],
    session_id: session,
    tool_ids: tools,
    // No title, no tags: each would be another question to the model.
    background_tasks: {},
  };
}
