import { setTimeout } from "node:timers/promises";
import type { dynamic } from "@pulumi/pulumi";
import { untilCancelled } from "../../dynamic/engineCancel.ts";
import { engineLog } from "../../dynamic/engineLog.ts";
import { lateModule } from "../../dynamic/lateModule.ts";
import { type RolloutWait, type Surroundings, waitForRollout } from "./wait.ts";

/** What an McpRollout is made of. */
export interface RolloutInputs extends RolloutWait {
  kubeconfig: string;
  trigger: string;
}

/** What the state holds besides the inputs: what was waited for. The kubeconfig isn't part of it. */
export type RolloutOutputs = Pick<RolloutInputs, (typeof WAITED_FOR)[number]>;

const WAITED_FOR = ["namespace", "name", "spec", "replicas", "trigger"] as const;

type Props = Readonly<Record<string, unknown>>;

/** Waits for the pods. */
export async function create(inputs: Props, around?: Surroundings): Promise<dynamic.CreateResult> {
  const given = inputs as unknown as RolloutInputs;
  return { id: `${given.namespace}/${given.name}`, outs: await waited(given, around) };
}

/**
 * Whatever tells another MCPServer, or another state of the same, is a reason to wait; who looks and for how
 * long is none. A wait that fails leaves the state as it was, so that the next `up` waits again.
 */
export async function diff(_id: string, olds: Props, news: Props): Promise<dynamic.DiffResult> {
  const changed = WAITED_FOR.filter((key) => olds[key] !== news[key]);
  const replaces = changed.filter((key) => key === "namespace" || key === "name");
  return { changes: changed.length > 0, replaces, deleteBeforeReplace: false };
}

/** A refresh changes nothing: pods come and go, and what matters was seen. */
export async function read(id: string, props: Props): Promise<dynamic.ReadResult> {
  return { id, props: { ...props } };
}

/** Waits for the pods anew. */
export async function update(
  _id: string,
  _olds: Props,
  news: Props,
  around?: Surroundings,
): Promise<dynamic.UpdateResult> {
  return { outs: await waited(news as unknown as RolloutInputs, around) };
}

async function waited(given: RolloutInputs, around?: Surroundings): Promise<RolloutOutputs> {
  const surroundings = around ?? realSurroundings(given);
  try {
    await untilCancelled((cancelled) => waitForRollout(given, surroundings, cancelled));
  } finally {
    await surroundings.watch.close();
  }
  const { namespace, name, spec, replicas, trigger } = given;
  return { namespace, name, spec, replicas, trigger };
}

// The Kubernetes client takes a second to load, and only a wait needs it.
function realSurroundings({ kubeconfig, namespace, name }: RolloutInputs): Surroundings {
  const { rolloutWatch } = lateModule<typeof import("./cluster.ts")>(import.meta.url, "./cluster");
  return {
    watch: rolloutWatch(kubeconfig, { namespace, name }),
    log: engineLog(),
    now: () => performance.now(),
    sleep: (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => undefined),
  };
}
