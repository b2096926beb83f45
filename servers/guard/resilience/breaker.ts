import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleType } from "cockatiel";
import { BreakerOpen, UpstreamFailure } from "./errors.ts";

export type BreakerState = "closed" | "half-open" | "open";

export interface Breaker {
  readonly state: BreakerState;
  onState(listener: (state: BreakerState) => void): void;
  run<T>(send: () => Promise<T>): Promise<T>;
}

const names: Record<CircuitState, BreakerState> = {
  [CircuitState.Closed]: "closed",
  [CircuitState.Open]: "open",
  [CircuitState.HalfOpen]: "half-open",
  [CircuitState.Isolated]: "open",
};

/**
 * Opens after so many failures in a row, lets one call through as a trial after so many seconds, and closes
 * when that one is answered. Two things differ from the library's breaker: while a trial runs other calls are
 * refused at once instead of waiting for it, and a trial that ends without saying anything about the
 * upstream, as by a caller who goes away, decides nothing: the next call is the trial.
 */
export function createBreaker({ failures, openSeconds }: { failures: number; openSeconds: number }): Breaker {
  const openMs = openSeconds * 1000;
  const listeners: ((state: BreakerState) => void)[] = [];
  let openedAt = 0;

  const make = (initialState?: unknown) => {
    const policy = circuitBreaker(handleType(UpstreamFailure), {
      halfOpenAfter: openMs,
      breaker: new ConsecutiveBreaker(failures),
      initialState,
    });
    policy.onStateChange((state) => {
      if (policy !== current) return;
      if (state === CircuitState.Open) openedAt = Date.now();
      for (const listener of listeners) listener(names[state]);
    });
    return policy;
  };
  let current: ReturnType<typeof make> | undefined;
  const policy = () => {
    current ??= make();
    return current;
  };

  return {
    get state() {
      return names[policy().state];
    },
    onState: (listener) => void listeners.push(listener),
    async run(send) {
      const asked = policy();
      if (asked.state === CircuitState.HalfOpen) throw new BreakerOpen(1);
      const left = openedAt + openMs - Date.now();
      if (asked.state === CircuitState.Open && left > 0) throw new BreakerOpen(Math.ceil(left / 1000));
      return asked.execute(async () => {
        // The library calls this before it lets go of the thread, so the state is the one it chose for this
        // call.
        const trial = asked.state === CircuitState.HalfOpen;
        try {
          return await send();
        } catch (error) {
          if (trial && !(error instanceof UpstreamFailure)) {
            // A half-open breaker is saved as an open one that is due for its trial.
            current = make(asked.toJSON());
            openedAt = 0;
            for (const listener of listeners) listener("open");
          }
          throw error;
        }
      });
    },
  };
}
