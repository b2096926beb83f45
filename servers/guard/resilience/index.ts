import { setTimeout as wait } from "node:timers/promises";
import { ExponentialBackoff } from "cockatiel";
import type { Config } from "../config.ts";
import { type BreakerState, createBreaker } from "./breaker.ts";
import { UpstreamFailure } from "./errors.ts";

export type { BreakerState } from "./breaker.ts";
export { BreakerOpen, UpstreamFailure } from "./errors.ts";

/** How the upstream is called: not at all while it is broken, and again where that does no harm. */
export interface Resilience {
  readonly state: BreakerState;
  /** Calls the listener whenever the breaker's state changes. */
  onState(listener: (state: BreakerState) => void): void;
  /**
   * Sends, and sends again after an `UpstreamFailure` if the call may be repeated. Throws what `send` threw
   * last, `BreakerOpen` without sending when the breaker is open, and the signal's reason once it is aborted.
   * `send` decides what counts: it must throw `UpstreamFailure` for that, and only before it passed on any
   * byte.
   */
  run<T>(
    send: (signal: AbortSignal) => Promise<T>,
    options: { repeatable: boolean; signal: AbortSignal; onRetry?: () => void },
  ): Promise<T>;
}

interface Waiting {
  /** Waits some milliseconds, or throws when the signal is aborted. @default a timer */
  sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

export function createResilience(
  { breaker: breakerSettings, retries }: Pick<Config, "breaker" | "retries">,
  { sleep = (ms, signal) => wait(ms, undefined, { signal }) }: Waiting = {},
): Resilience {
  const breaker = createBreaker(breakerSettings);
  // Decorrelated jitter is the library's default: callers that failed together don't come back together.
  const backoff = new ExponentialBackoff({ initialDelay: retries.initialMs, maxDelay: retries.maxMs });

  return {
    get state() {
      return breaker.state;
    },
    onState: breaker.onState,
    async run(send, { repeatable, signal, onRetry }) {
      let pause = backoff.next();
      for (let repeats = 0; ; repeats++) {
        signal.throwIfAborted();
        try {
          return await breaker.run(() => send(signal));
        } catch (error) {
          const again = repeatable && error instanceof UpstreamFailure && repeats < retries.attempts;
          // Others, or this call itself, may have broken the circuit: then the failure itself is the better
          // answer.
          if (!again || signal.aborted || breaker.state === "open") throw error;
        }
        // The library's own retry policy can't be woken from its pause by a caller that goes away.
        await sleep(pause.duration, signal).catch((error) => {
          signal.throwIfAborted();
          throw error;
        });
        pause = pause.next(undefined);
        onRetry?.();
      }
    },
  };
}
