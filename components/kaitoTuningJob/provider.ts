import { setTimeout } from "node:timers/promises";
import type { dynamic } from "@pulumi/pulumi";
import { untilCancelled } from "../dynamic/engineCancel.ts";
import { engineLog } from "../dynamic/engineLog.ts";
import { lateModule } from "../dynamic/lateModule.ts";
import { type Surroundings, type TuningWait, waitForAdapter } from "./wait.ts";

/** What a TuningCompletion is made of. */
export interface CompletionInputs extends TuningWait {
  kubeconfig: string;
  apiVersion: string;
  /** The image that is pushed; none when the output is a volume. */
  image?: string;
}

/** What the state holds besides the inputs. The kubeconfig isn't part of it. */
export interface CompletionOutputs {
  namespace: string;
  name: string;
  uid: string;
  /** The adapter's image, by its digest when it was told. */
  adapterImage?: string;
  completedAt: string;
}

type Props = Readonly<Record<string, unknown>>;

/** Waits for the job. */
export async function create(inputs: Props, around?: Surroundings): Promise<dynamic.CreateResult> {
  const given = inputs as unknown as CompletionInputs;
  const surroundings = around ?? realSurroundings(given);
  try {
    const { digest } = await untilCancelled((cancelled) => waitForAdapter(given, surroundings, cancelled));
    const { namespace, name, uid, image } = given;
    const adapterImage = image && digest ? `${image.replace(/:[^:/]+$/, "")}@${digest}` : image;
    const completedAt = new Date().toISOString();
    const outs: CompletionOutputs = {
      namespace,
      name,
      uid,
      completedAt,
      ...(adapterImage ? { adapterImage } : {}),
    };
    return { id: uid, outs };
  } finally {
    await surroundings.watch.close();
  }
}

/**
 * Only another Workspace is waited for anew. Its uid says so, because every change of a job replaces it; who looks,
 * with which credentials and for how long doesn't matter any more once the job is done.
 */
export async function diff(_id: string, olds: Props, news: Props): Promise<dynamic.DiffResult> {
  const changed = ["uid", "namespace", "name"].filter((key) => olds[key] !== news[key]);
  return { changes: changed.length > 0, replaces: changed, deleteBeforeReplace: true };
}

/** A refresh changes nothing: what was done stays done when the Job and its pods are gone. */
export async function read(id: string, props: Props): Promise<dynamic.ReadResult> {
  return { id, props: { ...props } };
}

/** Returns the whole state: what is left out here would be lost. */
export async function update(_id: string, olds: Props, _news: Props): Promise<dynamic.UpdateResult> {
  return { outs: { ...olds } };
}

// The Kubernetes client takes a second to load, and only a wait needs it.
function realSurroundings({ kubeconfig, apiVersion, namespace, name }: CompletionInputs): Surroundings {
  const { jobWatch } = lateModule<typeof import("./cluster.ts")>(import.meta.url, "./cluster");
  return {
    watch: jobWatch(kubeconfig, apiVersion, { namespace, name }),
    log: engineLog(),
    now: () => performance.now(),
    sleep: (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => undefined),
  };
}
