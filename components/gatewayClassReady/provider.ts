import { setTimeout } from "node:timers/promises";
import type { dynamic } from "@pulumi/pulumi";
import { untilCancelled } from "../dynamic/engineCancel.ts";
import { engineLog } from "../dynamic/engineLog.ts";
import { lateModule } from "../dynamic/lateModule.ts";
import { type ClassWait, type GatewayClassObject, type Surroundings, waitForClass } from "./wait.ts";

/** What a GatewayClassReady is made of. */
export interface ClassInputs extends ClassWait {
  kubeconfig: string;
  trigger: string;
}

/** What the state holds besides the inputs; the kubeconfig isn't part of it. */
export type ClassOutputs = Pick<ClassInputs, "className" | "trigger">;

type Props = Readonly<Record<string, unknown>>;

/** Waits for the class. */
export async function create(inputs: Props, around?: Surroundings): Promise<dynamic.CreateResult> {
  const given = inputs as unknown as ClassInputs;
  const surroundings = around ?? realSurroundings(given.kubeconfig);
  try {
    await untilCancelled((cancelled) => waitForClass(given, surroundings, cancelled));
    return { id: given.className, outs: waitedFor(given) };
  } finally {
    await surroundings.close();
  }
}

/** Another class, or one that is made anew, is waited for again. Who looks and for how long doesn't matter any more. */
export async function diff(_id: string, olds: Props, news: Props): Promise<dynamic.DiffResult> {
  const before = olds as unknown as ClassOutputs;
  const now = news as unknown as ClassInputs;
  const replaces = (["className", "trigger"] as const).filter((key) => now[key] !== before[key]);
  return { changes: replaces.length > 0, replaces, deleteBeforeReplace: false };
}

/** A refresh changes nothing: that the class goes away is seen by what needs it. */
export async function read(id: string, props: Props): Promise<dynamic.ReadResult> {
  return { id, props: { ...props } };
}

/** Never called, because every change is a replacement. */
export async function update(_id: string, _olds: Props, news: Props): Promise<dynamic.UpdateResult> {
  return { outs: waitedFor(news as unknown as ClassInputs) };
}

function waitedFor({ className, trigger }: ClassInputs): ClassOutputs {
  return { className, trigger };
}

// The Kubernetes client takes a second to load, and only a wait needs it.
function realSurroundings(kubeconfig: string): Surroundings {
  const { Api } = lateModule<typeof import("../kubeApi/api.ts")>(import.meta.url, "../kubeApi/api");
  const api = new Api(kubeconfig);
  return {
    gatewayClass(name, signal) {
      const path = `/apis/gateway.networking.k8s.io/v1/gatewayclasses/${encodeURIComponent(name)}`;
      return api.json<GatewayClassObject>(path, signal);
    },
    close: () => api.close(),
    log: engineLog(),
    now: () => performance.now(),
    sleep: (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => undefined),
  };
}
