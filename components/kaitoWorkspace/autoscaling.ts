import { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler.js";
import type * as pulumi from "@pulumi/pulumi";
import { type ScalingBehavior, type ScalingDefaults, scalingBehavior } from "../autoscaling/behavior.ts";
import { replacing } from "../autoscaling/replacing.ts";
import { type KedaPrometheus, scaledObject, seriesOf } from "../autoscaling/scaledObject.ts";
import { ensure, InputPropertyError, wholeNumber } from "../validation.ts";

/**
 * How an InferenceSet follows the requests for its model. A replica is added when too many requests wait or run for
 * those that there are, and taken away only when both are low: a model whose queue is empty may be busy all the same.
 */
export interface KaitoAutoscaling extends ScalingBehavior {
  /**
   * Replicas at least, 1 to 100. Never 0: without a pod nothing says that requests wait, and KAITO refuses to make the
   * first replica when no node is left. `replicas: 0` without autoscaling frees the GPUs. @default 1
   */
  minReplicas?: number;
  /** Replicas at most, 1 to 100. Each takes nodes of its own, for all of which the pool must have room. */
  maxReplicas: number;
  /**
   * Requests that wait for a place in the batch, a replica, 1 to 10000; with more of them there are more replicas.
   * Source: vLLM's `vllm:num_requests_waiting`. @default 5
   */
  waitingRequests?: number;
  /**
   * Requests that are answered at the same time, a replica, 1 to 10000; with more of them there are more replicas.
   * A lower number answers faster and costs more nodes. Source: vLLM's `vllm:num_requests_running`. @default 16
   */
  runningRequests?: number;
  /**
   * Who scales: "keda" with queries of Prometheus (`prometheus`), for which AKS's add-on does; "custom-metrics" with
   * the metrics vllm_num_requests_waiting and vllm_num_requests_running of pods, which an adapter in the cluster must
   * serve at custom.metrics.k8s.io, and with which each replica must be one pod; "kaito-scaler" with KAITO's scaler
   * for KEDA, which must be installed beside KEDA's operator, asks the pods itself, knows `waitingRequests` alone and
   * has a pace of its own.
   * Source: https://kaito-project.github.io/kaito/docs/keda-autoscaler-inference
   * @default "keda"
   */
  scaler?: "keda" | "custom-metrics" | "kaito-scaler";
  /** Where "keda" asks. */
  prometheus?: KedaPrometheus;
}

/**
 * One at a time both ways: a new replica needs ten minutes and more for its node, image and weights, during which the
 * queue goes on to ask for others; one that goes too early takes as long to be back.
 */
export const REPLICA_PACE: ScalingDefaults = {
  scaleUp: { stabilizationSeconds: 60, pods: 1, periodSeconds: 600 },
  scaleDown: { stabilizationSeconds: 900, pods: 1, periodSeconds: 600 },
};

/** The default of both thresholds. */
export const REPLICA_LOAD = { waitingRequests: 5, runningRequests: 16 } as const;

const PATH = "inferenceSet.autoscaling";

/** Autoscaling with its defaults filled in. */
export type CheckedAutoscaling = Required<Omit<KaitoAutoscaling, "prometheus" | "scaleUp" | "scaleDown">> &
  Pick<KaitoAutoscaling, "prometheus"> & { behavior: ReturnType<typeof scalingBehavior> };

/** Checks what can be checked before anything is known. */
export function checkedAutoscaling(args: KaitoAutoscaling): CheckedAutoscaling {
  const { scaler = "keda", prometheus } = args;
  const number = (
    key: "minReplicas" | "maxReplicas" | "waitingRequests" | "runningRequests",
    value: number,
  ) => ensure(`${PATH}.${key}`, value, wholeNumber(1, key.endsWith("Replicas") ? 100 : 10_000));
  const minReplicas = number("minReplicas", args.minReplicas ?? 1);
  const maxReplicas = number("maxReplicas", args.maxReplicas);
  if (minReplicas > maxReplicas) {
    throw new InputPropertyError(
      `${PATH}.minReplicas`,
      `${minReplicas} is more than maxReplicas, which is ${maxReplicas}`,
    );
  }
  if (scaler === "keda" && prometheus === undefined) {
    throw new InputPropertyError(
      `${PATH}.prometheus`,
      'is missing; tell KEDA where to ask, for example an Azure Monitor workspace, or set scaler "custom-metrics"',
    );
  }
  if (scaler !== "keda" && prometheus !== undefined) {
    throw new InputPropertyError(
      `${PATH}.prometheus`,
      `is asked by the scaler "keda" only, not by "${scaler}"`,
    );
  }
  if (scaler === "kaito-scaler") {
    for (const key of ["runningRequests", "scaleUp", "scaleDown", "minReplicas"] as const) {
      if (args[key] === undefined) continue;
      throw new InputPropertyError(`${PATH}.${key}`, "isn't known to KAITO's scaler; leave it or scaler out");
    }
  }
  return {
    scaler,
    prometheus,
    minReplicas,
    maxReplicas,
    waitingRequests: number("waitingRequests", args.waitingRequests ?? REPLICA_LOAD.waitingRequests),
    runningRequests: number("runningRequests", args.runningRequests ?? REPLICA_LOAD.runningRequests),
    behavior: scalingBehavior(PATH, args, REPLICA_PACE),
  };
}

/** What KAITO's scaler reads from the InferenceSet. Source: pkg/scaledobject of keda-kaito-scaler. */
export function scalerAnnotations(scaling: CheckedAutoscaling | undefined): Record<string, string> {
  if (scaling?.scaler !== "kaito-scaler") return {};
  return {
    "scaledobject.kaito.sh/auto-provision": "true",
    "scaledobject.kaito.sh/metricName": "vllm:num_requests_waiting",
    "scaledobject.kaito.sh/max-replicas": String(scaling.maxReplicas),
    "scaledobject.kaito.sh/threshold": String(scaling.waitingRequests),
  };
}

/**
 * What sets the replicas of an InferenceSet, through its scale subresource; the controller takes them from there and
 * never resets them. Queries sum over all replicas, so that a replica of several pods counts once.
 *
 * @param name the component's, with which resources' names begin
 */
export function replicaScaler(
  name: string,
  { scaler, prometheus, minReplicas, maxReplicas, behavior, ...load }: CheckedAutoscaling,
  set: { name: string; namespace: pulumi.Output<string>; resource: pulumi.Resource },
  options: pulumi.CustomResourceOptions,
): void {
  const metadata = { name: set.name, namespace: set.namespace };
  const scaleTargetRef = { apiVersion: "kaito.sh/v1beta1", kind: "InferenceSet", name: set.name };
  const after = { ...options, dependsOn: [set.resource] };
  const metrics = [
    ["num_requests_waiting", load.waitingRequests],
    ["num_requests_running", load.runningRequests],
  ] as const;
  if (scaler === "custom-metrics") {
    new HorizontalPodAutoscaler(
      `${name}-autoscaler`,
      {
        metadata,
        spec: {
          scaleTargetRef,
          minReplicas,
          maxReplicas,
          behavior,
          metrics: metrics.map(([metric, most]) => ({
            type: "Pods",
            pods: {
              metric: { name: `vllm_${metric}` },
              target: { type: "AverageValue", averageValue: String(most) },
            },
          })),
        },
      },
      replacing("ScaledObject", after),
    );
  }
  if (scaler === "keda" && prometheus !== undefined) {
    // An InferenceSet's own name is what vLLM calls the model.
    const query = (metric: string) => (namespace: string) =>
      `sum(vllm:${metric}${seriesOf(prometheus, { namespace, model_name: set.name })})`;
    scaledObject(
      name,
      {
        metadata,
        scaleTargetRef,
        minReplicas,
        maxReplicas,
        behavior,
        prometheus,
        triggers: metrics.map(([metric, threshold]) => ({
          query: set.namespace.apply(query(metric)),
          threshold,
        })),
      },
      after,
    );
  }
}
