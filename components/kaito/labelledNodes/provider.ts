import { createRequire } from "node:module";
import { setTimeout } from "node:timers/promises";
import type { dynamic } from "@pulumi/pulumi";
import { untilCancelled } from "../../dynamic/engineCancel.ts";
import { engineLog } from "../../vmSkuSelection/engineLog.ts";
import { type NodeObject, type NodesWait, type Surroundings, selectorOf, waitForLabels } from "./wait.ts";

/** What a LabelledNodes is made of. */
interface Inputs extends NodesWait {
  kubeconfig: string;
}

type Props = Readonly<Record<string, unknown>>;

/** Waits for the labels. The kubeconfig isn't part of the state that it returns. */
export async function create(inputs: Props, around?: Surroundings): Promise<dynamic.CreateResult> {
  const { kubeconfig, matchLabels, count, maxMinutes } = inputs as unknown as Inputs;
  const surroundings = around ?? realSurroundings(kubeconfig);
  try {
    await untilCancelled((cancelled) =>
      waitForLabels({ matchLabels, count, maxMinutes }, surroundings, cancelled),
    );
    return { id: selectorOf(matchLabels), outs: { matchLabels, count } };
  } finally {
    await surroundings.close();
  }
}

/** Other or more nodes are waited for anew; who looks and for how long doesn't matter any more. */
export async function diff(_id: string, olds: Props, news: Props): Promise<dynamic.DiffResult> {
  const text = (props: Props, key: string) => JSON.stringify(props[key]);
  const changed = ["matchLabels", "count"].filter((key) => text(olds, key) !== text(news, key));
  return { changes: changed.length > 0, replaces: changed };
}

/** A refresh changes nothing: nodes come and go, and what matters was seen. */
export async function read(id: string, props: Props): Promise<dynamic.ReadResult> {
  return { id, props: { ...props } };
}

/** Returns the whole state: what is left out here would be lost. */
export async function update(_id: string, olds: Props, _news: Props): Promise<dynamic.UpdateResult> {
  return { outs: { ...olds } };
}

// The Kubernetes client takes a second to load, and only a wait needs it.
function realSurroundings(kubeconfig: string): Surroundings {
  const { Api } = createRequire(import.meta.url)(
    "../../kubeApi/api.ts",
  ) as typeof import("../../kubeApi/api.ts");
  const api = new Api(kubeconfig);
  return {
    async nodes(matchLabels, signal) {
      const selector = encodeURIComponent(selectorOf(matchLabels));
      const { items } = await api.json<{ items: NodeObject[] }>(
        `/api/v1/nodes?labelSelector=${selector}`,
        signal,
      );
      return items;
    },
    close: () => api.close(),
    log: engineLog(),
    now: () => performance.now(),
    sleep: (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => undefined),
  };
}
