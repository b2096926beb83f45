import { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler.js";
import type { input } from "@pulumi/kubernetes/types/index.js";
import * as pulumi from "@pulumi/pulumi";
import { scalingBehavior } from "../autoscaling/behavior.ts";
import { replacing } from "../autoscaling/replacing.ts";
import { type KedaTrigger, scaledObject, seriesOf } from "../autoscaling/scaledObject.ts";
import { ensure, wholeNumber } from "../validation.ts";
import type { McpAutoscaling } from "./scale.ts";

/** The metric of pods that an adapter serves: calls of tools a second, however they end. */
export const CALLS_METRIC = "mcp_guard_calls_per_second";

/** A rate over less has no two samples of a guard that is asked every 30 seconds and misses one. */
const RATE_WINDOW = "2m";

/** Share of CPU that counts where nothing is said. */
export const CPU_PERCENT = 70;

/** Calls a second that a pod may be said to take. */
export const CALLS_RANGE = [0.1, 10_000] as const;

/** Lets the number of a Deployment's pods follow what they do, by Kubernetes' own autoscaler or by KEDA's. */
export function serverAutoscaler(
  name: string,
  autoscaling: McpAutoscaling,
  server: { name: string; namespace: pulumi.Input<string> },
  options: pulumi.CustomResourceOptions,
): void {
  const { minReplicas, maxReplicas, cpu, calls } = checked(autoscaling);
  const behavior = scalingBehavior("autoscaling", autoscaling);
  const metadata = { name: server.name, namespace: server.namespace };
  const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: server.name };
  const { keda } = autoscaling;
  if (keda !== undefined) {
    const query = pulumi
      .output(server.namespace)
      .apply((namespace) => callsQuery(seriesOf(keda, { namespace, server: server.name })));
    const triggers: KedaTrigger[] = [
      ...(cpu === undefined ? [] : [{ cpuUtilization: cpu }]),
      ...(calls === undefined ? [] : [{ query, threshold: calls }]),
    ];
    const scaled = { metadata, scaleTargetRef, minReplicas, maxReplicas, behavior, triggers };
    scaledObject(name, { ...scaled, prometheus: keda }, options);
    return;
  }
  const metrics: input.autoscaling.v2.MetricSpec[] = [
    ...(cpu === undefined
      ? []
      : [
          {
            type: "Resource",
            resource: { name: "cpu", target: { type: "Utilization", averageUtilization: cpu } },
          },
        ]),
    ...(calls === undefined
      ? []
      : [
          {
            type: "Pods",
            pods: {
              metric: { name: CALLS_METRIC },
              target: { type: "AverageValue", averageValue: quantity(calls) },
            },
          },
        ]),
  ];
  new HorizontalPodAutoscaler(
    `${name}-autoscaler`,
    { metadata, spec: { scaleTargetRef, minReplicas, maxReplicas, metrics, behavior } },
    replacing("ScaledObject", options),
  );
}

/** Calls a second of a server's pods together, of the series that these labels choose. */
export function callsQuery(labels: string): string {
  return `sum(rate(mcp_guard_calls_total${labels}[${RATE_WINDOW}]))`;
}

/** Numbers as they must be, with what holds where nothing is said. */
function checked({ minReplicas = 1, maxReplicas, targetCPUUtilization, requestsPerSecond }: McpAutoscaling) {
  const [least, most] = CALLS_RANGE;
  if (requestsPerSecond !== undefined) {
    ensure("autoscaling.requestsPerSecond", requestsPerSecond, (value) =>
      value >= least && value <= most
        ? undefined
        : `${value} is not allowed; it must be a number from ${least} to ${most}`,
    );
  }
  const cpu = targetCPUUtilization ?? (requestsPerSecond === undefined ? CPU_PERCENT : undefined);
  if (cpu !== undefined) ensure("autoscaling.targetCPUUtilization", cpu, wholeNumber(1, 100));
  return {
    minReplicas: ensure("autoscaling.minReplicas", minReplicas, wholeNumber(1, 100)),
    maxReplicas: ensure("autoscaling.maxReplicas", maxReplicas, wholeNumber(1, 100)),
    cpu,
    calls: requestsPerSecond,
  };
}

/** A Kubernetes quantity, which the API server would otherwise rewrite: 0.5 is "500m" there. */
function quantity(value: number): string {
  return Number.isInteger(value) ? String(value) : `${Math.round(value * 1000)}m`;
}
