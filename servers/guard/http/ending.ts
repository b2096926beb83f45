import type { Logger } from "pino";
import { Cancelled, DeadlinePassed, refusalOf } from "../calls/failures.ts";
import type { Id } from "../mcp/message.ts";
import type { Parts } from "../parts.ts";
import { codes } from "../refusal.ts";
import type { Sink } from "./sink.ts";

/** What ends the passing on of an answer early: its client goes away, its time is over, the guard shuts down. */
export class Ending {
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  #stop: (() => void) | undefined;

  constructor(sink: Sink) {
    this.signal = this.#controller.signal;
    sink.onGone(() => this.now(new Cancelled("The client disconnected")));
  }

  /** Ends it when a call's time is over; `onDeadline` is told the reason. */
  atDeadline({ after, config }: Parts, onDeadline?: (reason: string) => void): void {
    const seconds = config.limits.callSeconds;
    this.#stop = after(seconds, () => {
      const reason = new DeadlinePassed(seconds);
      onDeadline?.(reason.message);
      this.now(reason);
    });
  }

  now(reason: Error): void {
    this.#controller.abort(reason);
  }

  /** Nothing is left to be ended. */
  clear(): void {
    this.#stop?.();
  }
}

/** Answers a request that failed, as far as that is still possible. */
export function answerFailure(log: Logger, sink: Sink, error: unknown, id: Id | null): void {
  const refusal = refusalOf(error);
  if (refusal.code === codes.internal) log.error({ err: error }, "request failed");
  // "Cancellation" of MCP: a request that is cancelled gets no answer.
  if (refusal.outcome === "cancelled") sink.endEmpty();
  else sink.refuse(refusal, id);
}
