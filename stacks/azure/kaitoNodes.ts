import * as pulumi from "@pulumi/pulumi";
import { POOL_LABEL } from "../../components/aksWithGpuPool/pools.ts";
import type { AksWithGpuPool } from "../../components/aksWithGpuPool.ts";
import type { KaitoNodes } from "../../components/kaito/nodes.ts";
import { KaitoGpuNodes } from "../../components/kaitoGpuNodes.ts";
import type { KaitoInstall } from "../../components/kaitoInstall.ts";
import { KeptNodes } from "../../components/keptNodes.ts";
import { gpuPoolPath, gpuPools } from "../settings/gpuPools.ts";
import type { Settings } from "../settings.ts";

/** Where a model or a job is to run. */
interface Where {
  /** The model's or the job's name. */
  name: string;
  pool: string;
  vmSize?: string;
  /** Pods, each of which takes a node. @default 1 */
  pods?: number;
}

/** Where pods can be made. */
interface InCluster {
  namespace: pulumi.Input<string>;
  options: pulumi.ComponentResourceOptions;
}

/**
 * How long nodes of a pool with a fallback may take, in minutes: the autoscaler gave up on spot after 20 where that
 * was watched (https://github.com/Azure/AKS/issues/4405), and a GPU node needs 10.
 */
const FALLBACK_MINUTES = 60;

/** Where it runs. */
export interface Place {
  nodes: KaitoNodes;
  /** What to come after: nodes that can be used. None when KAITO makes them, or nothing is to run. */
  usable?: KaitoGpuNodes;
}

/**
 * Where models and jobs run: on nodes of a pool of the cluster, or on nodes that AKS makes for each. A pool's nodes
 * are waited for once, when the first that runs there asks for them.
 */
export function kaitoNodes(
  settings: Settings,
  cluster: AksWithGpuPool,
  kaito: KaitoInstall,
  { namespace, options: inNamespace }: InCluster,
): (where: Where) => Place {
  if (settings.kaito.mode === "addon") {
    // A label of its own: models with the same labels would share the nodes that are made for one.
    return ({ name, vmSize }) => ({
      nodes: { provision: true, vmSize, matchLabels: { [POOL_LABEL]: name } },
    });
  }
  const pools = gpuPools(settings.cluster);
  const waits = new Map<string, KaitoGpuNodes>();
  return ({ pool, pods = 1 }) => {
    // The settings have been checked: it is one of them.
    const { minCount, maxCount, fallback } = pools[pool] as (typeof pools)[string];
    // The pool's own label: it has others too, which a model doesn't need.
    const matchLabels = { [POOL_LABEL]: pool };
    const vmSize = cluster.vmSizes.apply((sizes) => sizes[pool] as string);
    const nodes = { matchLabels, vmSize, minCount, maxCount };
    if (pods === 0) return { nodes };
    let usable = waits.get(pool);
    if (usable === undefined) {
      const trigger = pulumi.interpolate`${cluster.poolIds[pool]} ${vmSize}`;
      const { kubeconfig } = cluster;
      // Of a spot pool and its fallback neither has a node by itself.
      const kept =
        fallback &&
        new KeptNodes(`kept-nodes-${pool}`, { namespace, matchLabels, count: minCount }, inNamespace);
      usable = new KaitoGpuNodes(
        `gpu-nodes-${pool}`,
        {
          kubeconfig,
          matchLabels,
          minCount,
          trigger,
          ...(fallback && { timeoutMinutes: FALLBACK_MINUTES }),
        },
        { dependsOn: [kaito, ...(kept ? [kept] : [])] },
      );
      waits.set(pool, usable);
    }
    return { nodes, usable };
  };
}

/** The settings that nodes come from, by the arguments that a component knows them as. */
export function settingsOfNodes(settings: Settings, pool: string, owner: string): Record<string, string> {
  if (settings.kaito.mode === "addon") return { "nodes.vmSize": `mcpaas:${owner}.vmSize` };
  const path = `mcpaas:${gpuPoolPath(pool).join(".")}`;
  return Object.fromEntries(
    ["vmSize", "minCount", "maxCount"].map((key) => [`nodes.${key}`, `${path}.${key}`]),
  );
}
