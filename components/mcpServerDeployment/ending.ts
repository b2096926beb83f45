import { GUARD_DEFAULTS } from "../mcpGuard/defaults.ts";

/** How a pod goes. */
export interface PodEnding {
  /** How long its guard still takes new requests, in seconds: other nodes hear late that the pod goes. */
  drainSeconds: number;
  /** How long calls may run after that, in seconds. */
  graceSeconds: number;
}

/** Until the last node's rules lead nowhere near the pod: a second or two, and some for a gateway's own. */
const DRAIN_SECONDS = 5;
/** The guard's own most. Source: servers/guard/config/schema.ts. */
const MOST_GRACE_SECONDS = 600;
/** What is left for server and guard to end by themselves. */
const END_SECONDS = 10;

/** A call that runs when its pod goes gets as long as any other, within what the guard allows. */
export function endingOf({ limits }: { limits?: { callSeconds?: number } }): PodEnding {
  const graceSeconds = Math.min(limits?.callSeconds ?? GUARD_DEFAULTS.limits.callSeconds, MOST_GRACE_SECONDS);
  return { drainSeconds: DRAIN_SECONDS, graceSeconds };
}

/** How long Kubernetes waits before it kills such a pod, in seconds; one whose calls have ended goes at once. */
export function terminationSeconds({ drainSeconds, graceSeconds }: PodEnding): number {
  return drainSeconds + graceSeconds + END_SECONDS;
}
