import { POOL_LABEL } from "../../components/aksWithGpuPool/pools.ts";
import type { AksWithGpuPool } from "../../components/aksWithGpuPool.ts";
import type { KaitoNodes } from "../../components/kaito/nodes.ts";
import type { Settings } from "../settings.ts";

/** Where a model or a job runs: on nodes of a pool of the cluster, or on nodes that AKS makes for it. */
export function kaitoNodes(
  settings: Settings,
  cluster: AksWithGpuPool,
  { name, pool, vmSize }: { name: string; pool: string; vmSize?: string },
): KaitoNodes {
  if (settings.kaito.mode === "addon") {
    // A label of its own: models with the same labels would share the nodes that are made for one.
    return { provision: true, vmSize, matchLabels: { [POOL_LABEL]: name } };
  }
  const { gpuPool, moreGpuPools } = settings.cluster;
  const { minCount, maxCount } = pool === "gpu" ? gpuPool : (moreGpuPools[pool] as typeof gpuPool);
  return {
    // The pool's own label: it has others too, which a model doesn't need.
    matchLabels: { [POOL_LABEL]: pool },
    vmSize: cluster.vmSizes.apply((sizes) => sizes[pool] as string),
    minCount,
    maxCount,
  };
}

/** The settings that nodes come from, by the arguments that a component knows them as. */
export function settingsOfNodes(settings: Settings, pool: string, owner: string): Record<string, string> {
  if (settings.kaito.mode === "addon") return { "nodes.vmSize": `mcpaas:${owner}.vmSize` };
  const path = `mcpaas:cluster.${pool === "gpu" ? "gpuPool" : `moreGpuPools.${pool}`}`;
  return Object.fromEntries(
    ["vmSize", "minCount", "maxCount"].map((key) => [`nodes.${key}`, `${path}.${key}`]),
  );
}
