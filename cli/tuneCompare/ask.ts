import OpenAI from "openai";
import { clock } from "./clock.ts";
import { type Endpoint, reasonOf } from "./endpoint.ts";
import type { Message } from "./parsePrompt.ts";

export interface AskOptions {
  maxTokens: number;
  temperature: number;
  /** Seconds until an answer must be complete, counted anew for each try. */
  timeout: number;
}

/** An answer and how long it took. */
export interface Answer {
  text: string;
  /** Why it ended: "stop", or "length" when it has as many tokens as are allowed. */
  finishReason: string;
  /** From the request to the end of the answer. Tries that failed before aren't in it. */
  latencyMs: number;
  /** From the request to the first token; null when there is none. */
  firstTokenMs: number | null;
  tokens: number;
  /** Whether the endpoint counted the tokens, or the pieces of the answer were counted instead. */
  tokensFrom: "usage" | "pieces";
  /** How often it was asked; each time but the last it failed in a way that passes. */
  tries: number;
}

/** Why there is no answer. */
export interface Failure {
  error: string;
  /** HTTP status, when there was one. */
  status?: number;
  tries: number;
}

/**
 * Asks a model once, and lets the SDK try again what may pass: no connection, 408, 409, 429, 5xx.
 *
 * @throws when the signal is aborted, and at nothing else
 */
export async function ask(
  endpoint: Endpoint,
  messages: Message[],
  options: AskOptions,
  signal: AbortSignal,
): Promise<Answer | Failure> {
  const attempt = new Attempt(options.timeout);
  try {
    return await attempt.answer(endpoint, messages, options, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (endpoint.asksUsage && refusesUsage(error)) {
      endpoint.asksUsage = false;
      return ask(endpoint, messages, options, signal);
    }
    const status = error instanceof OpenAI.APIError ? error.status : undefined;
    const why = attempt.isLate ? `no complete answer within ${options.timeout} s` : reasonOf(error);
    return {
      error: endpoint.redacted(why),
      ...(status === undefined ? {} : { status }),
      tries: attempt.tries,
    };
  } finally {
    attempt.end();
  }
}

class Attempt {
  tries = 0;
  readonly #late = new AbortController();
  readonly #timeoutMs: number;
  #timer: NodeJS.Timeout | undefined;
  #start = 0;

  constructor(timeout: number) {
    this.#timeoutMs = timeout * 1000;
  }

  get isLate(): boolean {
    return this.#late.signal.aborted;
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  async answer(
    { client, model, asksUsage, redacted }: Endpoint,
    messages: Message[],
    { maxTokens, temperature }: AskOptions,
    signal: AbortSignal,
  ): Promise<Answer> {
    const stream = await client
      // The SDK calls it for each try, so that a figure never holds the time of a try that failed. Its own timeout
      // ends with the head of the response, and would try again what is slow already.
      .withOptions({ fetch: (url, init) => this.#fetch(url, init), timeout: 2 ** 31 - 1 })
      .chat.completions.create(
        {
          model,
          messages,
          max_tokens: maxTokens,
          temperature,
          stream: true,
          ...(asksUsage ? { stream_options: { include_usage: true } } : {}),
        },
        { signal: AbortSignal.any([signal, this.#late.signal]) },
      );
    const got = await this.#read(stream);
    // The SDK ends an aborted stream as if it were complete.
    signal.throwIfAborted();
    this.#late.signal.throwIfAborted();
    if (got.finishReason === undefined) {
      throw new Error(
        got.chunks === 0 ? "no stream of chunks came" : "the stream ended before the answer was complete",
      );
    }
    return {
      text: redacted(got.text),
      finishReason: got.finishReason,
      latencyMs: clock.now() - this.#start,
      firstTokenMs: got.first === undefined ? null : got.first - this.#start,
      tokens: got.usage ?? got.pieces,
      tokensFrom: got.usage === undefined ? "pieces" : "usage",
      tries: this.tries,
    };
  }

  #fetch(url: Parameters<typeof fetch>[0], init?: RequestInit): Promise<Response> {
    this.tries++;
    this.end();
    this.#timer = setTimeout(() => this.#late.abort(), this.#timeoutMs);
    this.#start = clock.now();
    return fetch(url, init);
  }

  async #read(stream: AsyncIterable<OpenAI.ChatCompletionChunk>) {
    const got = {
      text: "",
      chunks: 0,
      pieces: 0,
      first: undefined as number | undefined,
      usage: undefined as number | undefined,
      finishReason: undefined as string | undefined,
    };
    for await (const { choices, usage } of stream) {
      got.chunks++;
      const choice = choices?.[0];
      // What a model thinks before it answers costs time and tokens too; servers have two names for it.
      const delta = (choice?.delta ?? {}) as Record<string, unknown>;
      if (delta["content"] || delta["reasoning_content"] || delta["reasoning"]) {
        got.first ??= clock.now();
        got.pieces++;
      }
      if (typeof delta["content"] === "string") got.text += delta["content"];
      got.finishReason = choice?.finish_reason ?? got.finishReason;
      got.usage = usage?.completion_tokens ?? got.usage;
    }
    return got;
  }
}

function refusesUsage(error: unknown): boolean {
  return (
    error instanceof OpenAI.APIError &&
    [400, 422].includes(error.status ?? 0) &&
    /stream_options/.test(error.message)
  );
}
