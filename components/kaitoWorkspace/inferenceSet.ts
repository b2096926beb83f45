import { type Check, ensure, InputPropertyError, wholeNumber } from "../validation.ts";
import { checkedAutoscaling, type KaitoAutoscaling, scalerAnnotations } from "./autoscaling.ts";

/** How an InferenceSet keeps replicas of a model. Source: InferenceSetSpec in api/v1beta1/inferenceset_types.go. */
export interface KaitoInferenceSet {
  /** Replicas, 0 to 100; 0 keeps the InferenceSet and frees its GPUs. @default 1 */
  replicas?: number;
  /**
   * Nodes at most for all replicas together, 1 to 1000; more than they need is an error here, because KAITO 0.11
   * takes the number but doesn't act on it. Source: `spec.nodeCountLimit`. @default - no limit
   */
  nodeCountLimit?: number;
  /**
   * Renew the server's image in running replicas, one after another, when KAITO brings a newer one; without it they
   * keep theirs. KAITO's feature gate `enableBaseImageAutoUpgrade` must be on. Source: `spec.autoUpgrade`.
   * @default - off
   */
  autoUpgrade?: {
    /** Begin of the time in which it may be done: cron, 5 fields, UTC, for example "0 2 * * 6". @default - any time */
    schedule?: string;
    /** How long that time lasts, such as "4h" or "90m". @default "4h" */
    duration?: string;
  };
  /** Let the replicas follow the requests, instead of `replicas`. @default - `replicas` stays as it is */
  autoscaling?: KaitoAutoscaling;
}

/** The checked fields of an InferenceSet. */
export function inferenceSetSpec(set: KaitoInferenceSet) {
  const path = (key: string) => `inferenceSet.${key}`;
  const { autoUpgrade } = set;
  const replicas = ensure(path("replicas"), set.replicas ?? 1, wholeNumber(0, 100));
  if (set.autoscaling !== undefined && set.replicas !== undefined) {
    throw new InputPropertyError(
      path("replicas"),
      "is the autoscaler's; set autoscaling.minReplicas instead",
    );
  }
  const autoscaling = set.autoscaling && checkedAutoscaling(set.autoscaling);
  if (set.nodeCountLimit !== undefined) {
    ensure(path("nodeCountLimit"), set.nodeCountLimit, wholeNumber(1, 1000));
  }
  if (autoUpgrade?.duration !== undefined && autoUpgrade.schedule === undefined) {
    throw new InputPropertyError(path("autoUpgrade.duration"), "needs autoUpgrade.schedule: when it begins");
  }
  return {
    /** Those at most, for which there must be room. */
    replicas: autoscaling?.maxReplicas ?? replicas,
    autoscaling,
    nodeCountLimit: set.nodeCountLimit,
    autoUpgrade: autoUpgrade && {
      enabled: true,
      maintenanceWindow:
        autoUpgrade.schedule === undefined
          ? undefined
          : {
              schedule: ensure(path("autoUpgrade.schedule"), autoUpgrade.schedule, cron),
              duration: ensure(path("autoUpgrade.duration"), autoUpgrade.duration ?? "4h", goDuration),
            },
    },
    annotations: scalerAnnotations(autoscaling),
  };
}

const cron: Check<string> = (value) =>
  /^[\d*,/-]+( [\dA-Za-z*,/?-]+){4}$/.test(value)
    ? undefined
    : `${JSON.stringify(value)} is not allowed; it must be cron with 5 fields, for example "0 2 * * 6"`;

const goDuration: Check<string> = (value) =>
  /^(\d+(\.\d+)?[hms])+$/.test(value) && /[1-9]/.test(value)
    ? undefined
    : `${JSON.stringify(value)} is not allowed; it must be hours, minutes or seconds, for example "4h"`;
