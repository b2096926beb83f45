import { createRequire } from "node:module";
import { setTimeout } from "node:timers/promises";
import type { dynamic } from "@pulumi/pulumi";
import { untilCancelled } from "../../dynamic/engineCancel.ts";
import { engineLog } from "../../dynamic/engineLog.ts";
import { notThere } from "./errors.ts";
import { isOn, type Surroundings, switchGateway } from "./switch.ts";

/** What an AppRoutingGateway is made of. */
export interface GatewayInputs {
  clusterId: string;
  enabled: boolean;
}

type Props = Readonly<Record<string, unknown>>;

/** Switches it on; it may be on already. */
export async function create(inputs: Props, around?: Surroundings): Promise<dynamic.CreateResult> {
  const given = inputs as unknown as GatewayInputs;
  if (!(await turn(given.clusterId, true, around))) throw notThere(given.clusterId);
  return { id: given.clusterId, outs: outputs(given.clusterId, true) };
}

/** Another cluster is another resource; what a refresh found switched off is switched on again. */
export async function diff(_id: string, olds: Props, news: Props): Promise<dynamic.DiffResult> {
  const moved = olds["clusterId"] !== news["clusterId"];
  return { changes: moved || olds["enabled"] !== news["enabled"], replaces: moved ? ["clusterId"] : [] };
}

/** Nothing when the cluster is gone; else whether it is on. */
export async function read(
  id: string,
  _props: Props = {},
  around?: Surroundings,
): Promise<dynamic.ReadResult> {
  const cluster = await (around ?? realSurroundings()).clusters.find(id);
  return cluster ? { id, props: outputs(id, isOn(cluster.ingressProfile)) } : {};
}

export async function update(
  id: string,
  _olds: Props,
  _news: Props,
  around?: Surroundings,
): Promise<dynamic.UpdateResult> {
  if (!(await turn(id, true, around))) throw notThere(id);
  return { outs: outputs(id, true) };
}

/** A cluster that is gone has nothing to switch off. */
export async function remove(id: string, _props: Props, around?: Surroundings): Promise<void> {
  await turn(id, false, around);
}

function turn(clusterId: string, on: boolean, around?: Surroundings): Promise<boolean> {
  return untilCancelled((cancelled) => switchGateway(clusterId, on, around ?? realSurroundings(), cancelled));
}

function outputs(clusterId: string, enabled: boolean) {
  return { clusterId, enabled };
}

// The Azure SDK takes a second to load, and a diff needs none.
function realSurroundings(): Surroundings {
  const require = createRequire(import.meta.url);
  const { azureClusters } = require("./clusters.ts") as typeof import("./clusters.ts");
  return {
    clusters: azureClusters(),
    log: engineLog(),
    now: () => performance.now(),
    sleep: (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => undefined),
  };
}
