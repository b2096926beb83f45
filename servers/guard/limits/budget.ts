import { RateLimiterMemory } from "rate-limiter-flexible";
import type { LimitHit } from "./index.ts";

/** So many calls in so many seconds, for each key on its own. */
export interface Budget {
  /** The hit, if nothing is left for this key; takes nothing. */
  look(key: string): Promise<LimitHit | undefined>;
  take(key: string): Promise<void>;
}

export function createBudget(
  limit: LimitHit["limit"],
  scope: string,
  { calls, seconds }: { calls: number; seconds: number },
): Budget {
  const limiter = new RateLimiterMemory({ points: calls, duration: seconds });
  return {
    async look(key) {
      const used = await limiter.get(key);
      if (used === null || used.msBeforeNext <= 0 || used.consumedPoints < calls) return undefined;
      const retryAfterSeconds = Math.max(1, Math.ceil(used.msBeforeNext / 1000));
      return {
        limit,
        retryAfterSeconds,
        detail: `${calls} calls ${scope} in ${seconds} seconds are used up`,
      };
    },
    async take(key) {
      await limiter.consume(key);
    },
  };
}
