import type { AgentPoolState } from "./agentPools.ts";
import type { World } from "./world.ts";

/**
 * A function that tells of all pools when they have changed since the last time. Calls come one
 * after the other, so that nodes are never made from an old list.
 */
export function poolWatch(
  world: World,
  tell: ((pools: AgentPoolState[]) => Promise<void>) | undefined,
): () => Promise<void> {
  let last = "[]";
  let queue: Promise<void> = Promise.resolve();
  return () => {
    const turn = queue.then(async () => {
      const pools = world.pools();
      const now = JSON.stringify(pools);
      if (tell && now !== last) {
        await tell(pools);
        last = now;
      }
    });
    queue = turn.catch(() => undefined);
    return turn;
  };
}
