import { POOL_LABEL } from "../../components/aksWithGpuPool/pools.ts";
import type { AksWithGpuPool } from "../../components/aksWithGpuPool.ts";
import type { KaitoNodes } from "../../components/kaito/nodes.ts";
import type { Settings } from "../settings.ts";

/** Where a model or a job runs: on nodes of a pool of the cluster, or on nodes that AKS makes for it. */
export function kaitoNodes(
  settings: Settings,
  cluster: AksWithGpuPool,
  { pool, vmSize }: { pool: string; vmSize?: string },
): KaitoNodes {
  if (settings.kaito.mode === "addon") {
    return { provision: true, vmSize, matchLabels: { [POOL_LABEL]: "kaito" } };
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
