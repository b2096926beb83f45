import { type AgentPool, agentPools, at, hasGpus, isAgentPool, isCluster } from "../lib/azure.ts";
import { type Findings, rule } from "../lib/rule.ts";
import { dig, isRecord, Unknown } from "../lib/unknown.ts";

/** Configuration of `gpu-pool-closed`. */
export interface GpuPoolClosedConfig {
  /** The taint that keeps other pods off, as kubectl writes it. @default "sku=gpu:NoSchedule" */
  taint: string;
  /** Labels, `key` or `key=value`, that the pool must all have. @default [] - any label at all */
  labels: string[];
}

/** GPU pools keep other pods off, and can be selected. */
export const gpuPoolClosed = rule<GpuPoolClosedConfig>({
  name: "gpu-pool-closed",
  displayName: "GPU pools are tainted and labelled",
  severity: "high",
  demands:
    "A pool of VMs with GPUs has the taint of GPU pools and a label of its own, and isn't a system pool.",
  why:
    "Without the taint any pod lands on the dearest nodes, keeps the autoscaler from removing them, and takes the " +
    "room of those that need a GPU; without a label those can't ask for the pool.",
  fix: 'Set nodeTaints: ["sku=gpu:NoSchedule"], nodeLabels with a label that pods select the pool by, and mode: "User".',
  config: {
    taint: {
      type: "string",
      pattern: "^[^=:]+=[^=:]*:(NoSchedule|NoExecute)$",
      default: "sku=gpu:NoSchedule",
      description: "The taint that keeps other pods off GPU pools, as key=value:Effect.",
    },
    labels: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "Labels, key or key=value, that the pool must all have; [] asks for any label.",
    },
  },
  applies: (type) => isCluster(type) || isAgentPool(type),
  check({ type, props }, config, found) {
    const { pools, hidden } = agentPools(type, props);
    for (const each of hidden) found.unknown(each);
    for (const pool of pools) {
      const vmSize = dig(pool.fields, "vmSize");
      if (vmSize instanceof Unknown) {
        // What has the taint and a label is right with GPUs and without.
        if (!isClosed(pool, config)) found.unknown(vmSize);
      } else if (hasGpus(String(vmSize ?? ""))) checkPool(pool, String(vmSize), config, found);
    }
  },
});

function isClosed(pool: AgentPool, config: GpuPoolClosedConfig): boolean {
  let closed = true;
  const no = () => {
    closed = false;
  };
  checkPool(pool, "", config, { violation: no, unknown: no });
  return closed;
}

function checkPool(pool: AgentPool, vmSize: string, config: GpuPoolClosedConfig, found: Findings) {
  const taints = dig(pool.fields, "nodeTaints");
  const list = Array.isArray(taints) ? taints : [];
  if (!list.includes(config.taint)) {
    const hidden = taints instanceof Unknown ? taints : list.find((each) => each instanceof Unknown);
    if (hidden) found.unknown(hidden);
    else {
      const where = at(pool, "nodeTaints");
      found.violation(
        `GPU ${pool.label} (${vmSize}) has no taint ${config.taint}, so any pod may land there (${where}).`,
      );
    }
  }
  checkLabels(pool, config.labels, found);
  const mode = dig(pool.fields, "mode");
  if (mode instanceof Unknown) found.unknown(mode);
  // The first pool of a cluster is a system pool whatever it says.
  else if (mode === "System") {
    found.violation(`GPU ${pool.label} is a system pool, where AKS's own pods run (${at(pool, "mode")}).`);
  }
}

function checkLabels(pool: AgentPool, wanted: readonly string[], found: Findings) {
  const labels = dig(pool.fields, "nodeLabels");
  const where = at(pool, "nodeLabels");
  if (labels instanceof Unknown) return found.unknown(labels);
  const own = isRecord(labels) ? labels : {};
  if (wanted.length === 0 && Object.keys(own).length === 0) {
    return found.violation(`GPU ${pool.label} has no label that pods could select it by (${where}).`);
  }
  for (const label of wanted) {
    const [key = "", ...rest] = label.split("=");
    const value = dig(own, key);
    if (value instanceof Unknown) found.unknown(value);
    else if (value === undefined || (rest.length > 0 && String(value) !== rest.join("="))) {
      found.violation(`GPU ${pool.label} has no label ${label} (${where}).`);
    }
  }
}
