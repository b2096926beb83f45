import { type AgentPool, agentPools, at, hasGpus, isAgentPool, isCluster } from "../lib/azure.ts";
import { type Findings, rule } from "../lib/rule.ts";
import { dig, Unknown } from "../lib/unknown.ts";

/**
 * GPU pools cost nothing while nobody asks for a GPU.
 *
 * Advisory: a model that has to answer at once needs a node that is always there.
 */
export const gpuPoolToZero = rule<object>({
  name: "gpu-pool-to-zero",
  displayName: "GPU pools scale to zero",
  severity: "medium",
  level: "advisory",
  demands: "A pool of VMs with GPUs scales by itself, down to no node.",
  why: "One GPU node costs thousands of dollars a month, asleep as well as awake.",
  fix: "Set enableAutoScaling: true, minCount: 0 and count: 0, where what runs there may wait some minutes for a node.",
  config: {},
  applies: (type) => isCluster(type) || isAgentPool(type),
  check({ type, props }, _config, found) {
    const { pools, hidden } = agentPools(type, props);
    for (const each of hidden) found.unknown(each);
    for (const pool of pools) checkPool(pool, found);
  },
});

function checkPool(pool: AgentPool, found: Findings) {
  const least = dig(pool.fields, "minCount");
  const scaling = dig(pool.fields, "enableAutoScaling");
  if (scaling === true && least === 0) return;
  const vmSize = dig(pool.fields, "vmSize");
  if (vmSize instanceof Unknown) return found.unknown(vmSize);
  if (!hasGpus(String(vmSize ?? ""))) return;
  for (const value of [scaling, least]) if (value instanceof Unknown) return found.unknown(value);
  if (scaling !== true) {
    found.violation(
      `GPU ${pool.label} has a fixed number of nodes (${at(pool, "enableAutoScaling")} is ${scaling ?? "not set"}).`,
    );
  } else {
    found.violation(
      `GPU ${pool.label} keeps ${least ?? "some"} nodes that nobody may need (${at(pool, "minCount")} is ${least ?? "not set"}).`,
    );
  }
}
