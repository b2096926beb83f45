import { setTimeout } from "node:timers/promises";
import type { dynamic } from "@pulumi/pulumi";
import { untilCancelled } from "../../dynamic/engineCancel.ts";
import { engineLog } from "../../dynamic/engineLog.ts";
import { lateModule } from "../../dynamic/lateModule.ts";
import { notThere } from "./errors.ts";
import { isOn, type Outcome, type Surroundings, switchGateway } from "./switch.ts";

/** What an AppRoutingGateway is made of. */
export interface GatewayInputs {
  clusterId: string;
  enabled: boolean;
}

/** What the state holds. */
export interface GatewayOutputs extends GatewayInputs {
  /** Somebody else had switched it on: it isn't ours to switch off. */
  wasOn: boolean;
}

type Props = Readonly<Record<string, unknown>>;

/** Switches it on; it may be on already. */
export async function create(inputs: Props, around?: Surroundings): Promise<dynamic.CreateResult> {
  const { clusterId } = inputs as unknown as GatewayInputs;
  return { id: clusterId, outs: await turnOn(clusterId, around) };
}

/** Another cluster is another resource; what a refresh found switched off is switched on again. */
export async function diff(_id: string, olds: Props, news: Props): Promise<dynamic.DiffResult> {
  const moved = olds["clusterId"] !== news["clusterId"];
  return { changes: moved || olds["enabled"] !== news["enabled"], replaces: moved ? ["clusterId"] : [] };
}

/** Nothing when the cluster is gone; else whether it is on. */
export async function read(
  id: string,
  props: Props = {},
  around?: Surroundings,
): Promise<dynamic.ReadResult> {
  const cluster = await (around ?? realSurroundings()).clusters.find(id);
  if (cluster === undefined) return {};
  return { id, props: outputs(id, isOn(cluster.ingressProfile), props["wasOn"] === true) };
}

export async function update(
  id: string,
  _olds: Props,
  _news: Props,
  around?: Surroundings,
): Promise<dynamic.UpdateResult> {
  return { outs: await turnOn(id, around) };
}

/** A cluster that is gone has nothing to switch off, and what was on before stays on. */
export async function remove(id: string, props: Props, around?: Surroundings): Promise<void> {
  if (props["wasOn"] !== true) await turn(id, false, around);
}

async function turnOn(clusterId: string, around?: Surroundings): Promise<GatewayOutputs> {
  const outcome = await turn(clusterId, true, around);
  if (outcome === "gone") throw notThere(clusterId);
  return outputs(clusterId, true, outcome === "was so");
}

function turn(clusterId: string, on: boolean, around?: Surroundings): Promise<Outcome> {
  return untilCancelled((cancelled) => switchGateway(clusterId, on, around ?? realSurroundings(), cancelled));
}

function outputs(clusterId: string, enabled: boolean, wasOn: boolean): GatewayOutputs {
  return { clusterId, enabled, wasOn };
}

// The Azure SDK takes a second to load, and a diff needs none.
function realSurroundings(): Surroundings {
  const { azureClusters } = lateModule<typeof import("./clusters.ts")>(import.meta.url, "./clusters");
  return {
    clusters: azureClusters(),
    log: engineLog(),
    now: () => performance.now(),
    sleep: (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => undefined),
  };
}
