import { setTimeout } from "node:timers/promises";
import type { dynamic } from "@pulumi/pulumi";
import { untilCancelled } from "../dynamic/engineCancel.ts";
import { engineLog } from "../dynamic/engineLog.ts";
import { lateModule } from "../dynamic/lateModule.ts";
import type { NodeObject } from "./stage.ts";
import { type NodesWait, type Surroundings, selectorOf, waitForNodes } from "./wait.ts";

/** What a KaitoGpuNodes is made of. */
export interface GpuNodesInputs extends NodesWait {
  kubeconfig: string;
  trigger: string;
}

/** What the state holds besides the inputs: what was waited for. The kubeconfig isn't part of it. */
export type GpuNodesOutputs = Pick<GpuNodesInputs, "matchLabels" | "minCount" | "trigger">;

type Props = Readonly<Record<string, unknown>>;

/** Waits for the nodes. */
export async function create(inputs: Props, around?: Surroundings): Promise<dynamic.CreateResult> {
  const given = inputs as unknown as GpuNodesInputs;
  const surroundings = around ?? realSurroundings(given.kubeconfig);
  try {
    await untilCancelled((cancelled) => waitForNodes(given, surroundings, cancelled));
    return { id: selectorOf(given.matchLabels), outs: waitedFor(given) };
  } finally {
    await surroundings.close();
  }
}

/**
 * Other or more nodes are waited for anew, which is a replacement; fewer are there already. Who looks and for how long
 * doesn't matter any more. The old one isn't deleted first: that would take with it what depends on it.
 */
export async function diff(_id: string, olds: Props, news: Props): Promise<dynamic.DiffResult> {
  const before = olds as unknown as GpuNodesOutputs;
  const now = news as unknown as GpuNodesInputs;
  const replaces = [
    ...(selectorOf(now.matchLabels) === selectorOf(before.matchLabels) ? [] : ["matchLabels"]),
    ...(now.minCount > before.minCount ? ["minCount"] : []),
    ...(now.trigger === before.trigger ? [] : ["trigger"]),
  ];
  return {
    changes: replaces.length > 0 || now.minCount < before.minCount,
    replaces,
    deleteBeforeReplace: false,
  };
}

/** A refresh changes nothing: nodes come and go, and what matters was seen. */
export async function read(id: string, props: Props): Promise<dynamic.ReadResult> {
  return { id, props: { ...props } };
}

/** Takes note of fewer nodes, so that more are waited for when they are asked for again. */
export async function update(_id: string, _olds: Props, news: Props): Promise<dynamic.UpdateResult> {
  return { outs: waitedFor(news as unknown as GpuNodesInputs) };
}

function waitedFor({ matchLabels, minCount, trigger }: GpuNodesInputs): GpuNodesOutputs {
  return { matchLabels, minCount, trigger };
}

// The Kubernetes client takes a second to load, and only a wait needs it.
function realSurroundings(kubeconfig: string): Surroundings {
  const { Api } = lateModule<typeof import("../kubeApi/api.ts")>(import.meta.url, "../kubeApi/api");
  const api = new Api(kubeconfig);
  return {
    async nodes(matchLabels, signal) {
      const selector = encodeURIComponent(selectorOf(matchLabels));
      const path = `/api/v1/nodes?labelSelector=${selector}`;
      return (await api.json<{ items: NodeObject[] }>(path, signal)).items;
    },
    close: () => api.close(),
    log: engineLog(),
    now: () => performance.now(),
    sleep: (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => undefined),
  };
}
