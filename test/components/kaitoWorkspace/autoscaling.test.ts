import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import {
  checkedAutoscaling,
  type KaitoAutoscaling,
  replicaScaler,
  scalerAnnotations,
} from "../../../components/kaitoWorkspace/autoscaling.ts";
import { metricOfSeries } from "../../../components/metrics.ts";
import { needs, runWithMocks } from "../../support/mocks.ts";
import { metricsOf } from "../../support/promql.ts";

const SCALED = "kubernetes:keda.sh/v1alpha1:ScaledObject";
const HPA = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
const SET = "kubernetes:kaito.sh/v1beta1:InferenceSet";
const prometheus = {
  serverAddress: "https://query.example.com",
  identityClientId: "client",
  cluster: "aks-a",
};
const TARGET = { apiVersion: "kaito.sh/v1beta1", kind: "InferenceSet", name: "phi" };

class Replicas extends pulumi.CustomResource {
  constructor() {
    super(SET, "phi", {});
  }
}

const run = (args: KaitoAutoscaling) =>
  runWithMocks(
    () =>
      replicaScaler(
        "phi",
        checkedAutoscaling(args),
        { name: "phi", namespace: pulumi.output("models"), resource: new Replicas() },
        {},
      ),
    {},
  );

describe("checkedAutoscaling", () => {
  it("fills in what a GPU calls for: one at a time, slowly, and only when nothing waits nor runs", () => {
    expect(checkedAutoscaling({ maxReplicas: 3, prometheus })).toEqual({
      scaler: "keda",
      prometheus,
      minReplicas: 1,
      maxReplicas: 3,
      waitingRequests: 5,
      runningRequests: 16,
      behavior: {
        scaleUp: {
          stabilizationWindowSeconds: 60,
          selectPolicy: "Max",
          policies: [{ type: "Pods", value: 1, periodSeconds: 600 }],
        },
        scaleDown: {
          stabilizationWindowSeconds: 900,
          selectPolicy: "Max",
          policies: [{ type: "Pods", value: 1, periodSeconds: 600 }],
        },
      },
    });
  });

  it("takes another pace", () => {
    const { behavior } = checkedAutoscaling({
      maxReplicas: 3,
      prometheus,
      scaleUp: { pods: 2 },
      scaleDown: { stabilizationSeconds: 1800 },
    });
    expect(behavior.scaleUp).toMatchObject({ policies: [{ value: 2, periodSeconds: 600 }] });
    expect(behavior.scaleDown).toMatchObject({ stabilizationWindowSeconds: 1800 });
  });

  it.each<[KaitoAutoscaling, string]>([
    [
      { maxReplicas: 0, prometheus },
      "maxReplicas: 0 is not allowed; it must be a whole number from 1 to 100",
    ],
    [{ maxReplicas: 101, prometheus }, "maxReplicas: 101 is not allowed"],
    [{ maxReplicas: 2, minReplicas: 0, prometheus }, "minReplicas: 0 is not allowed; it must be a whole"],
    [{ maxReplicas: 2, minReplicas: 3, prometheus }, "minReplicas: 3 is more than maxReplicas, which is 2"],
    [{ maxReplicas: 2, waitingRequests: 0, prometheus }, "waitingRequests: 0 is not allowed"],
    [{ maxReplicas: 2, runningRequests: 1.5, prometheus }, "runningRequests: 1.5 is not allowed"],
    [{ maxReplicas: 2, prometheus, scaleUp: { pods: 0 } }, "scaleUp.pods: 0 is not allowed"],
    [{ maxReplicas: 2 }, "prometheus: is missing; tell KEDA where to ask"],
    [
      { maxReplicas: 2, scaler: "custom-metrics", prometheus },
      'prometheus: is asked by the scaler "keda" only, not by "custom-metrics"',
    ],
    [
      { maxReplicas: 2, scaler: "kaito-scaler", runningRequests: 3 },
      "runningRequests: isn't known to KAITO's",
    ],
    [{ maxReplicas: 2, scaler: "kaito-scaler", minReplicas: 1 }, "minReplicas: isn't known to KAITO's"],
    [{ maxReplicas: 2, scaler: "kaito-scaler", scaleUp: {} }, "scaleUp: isn't known to KAITO's"],
    [{ maxReplicas: 2, scaler: "kaito-scaler", scaleDown: {} }, "scaleDown: isn't known to KAITO's"],
  ])("refuses %j", (args, message) => {
    expect(() => checkedAutoscaling(args)).toThrow(`inferenceSet.autoscaling.${message}`);
  });
});

describe("replicaScaler", () => {
  it("has KEDA ask for what waits and what runs, over all replicas, as the identity that may", async () => {
    const { find, resources } = await run({
      maxReplicas: 4,
      minReplicas: 2,
      waitingRequests: 7,
      runningRequests: 9,
      prometheus,
    });
    const { inputs } = find(SCALED);
    expect(inputs.metadata).toEqual({ name: "phi", namespace: "models" });
    expect(inputs.spec).toMatchObject({ scaleTargetRef: TARGET, minReplicaCount: 2, maxReplicaCount: 4 });
    // biome-ignore lint/suspicious/noExplicitAny: whatever shape the resource has
    const triggers = inputs.spec.triggers.map(({ metricType, metadata }: any) => [
      metricType,
      metadata.query,
      metadata.threshold,
    ]);
    expect(triggers).toEqual([
      [
        "AverageValue",
        'sum(vllm:num_requests_waiting{cluster="aks-a",namespace="models",model_name="phi"})',
        "7",
      ],
      [
        "AverageValue",
        'sum(vllm:num_requests_running{cluster="aks-a",namespace="models",model_name="phi"})',
        "9",
      ],
    ]);
    for (const [, query] of triggers) {
      for (const metric of metricsOf(query)) expect(metricOfSeries(metric)).toBeDefined();
    }
    expect(needs(resources, find(SCALED), find(SET))).toBe(true);
  });

  it("leaves it to an autoscaler where an adapter serves the pods' metrics", async () => {
    const { find, resources } = await run({
      maxReplicas: 4,
      waitingRequests: 7,
      runningRequests: 9,
      scaler: "custom-metrics",
    });
    expect(find(HPA).inputs.spec).toMatchObject({
      scaleTargetRef: TARGET,
      minReplicas: 1,
      maxReplicas: 4,
      behavior: { scaleDown: { stabilizationWindowSeconds: 900 } },
      metrics: [
        {
          type: "Pods",
          pods: {
            metric: { name: "vllm_num_requests_waiting" },
            target: { type: "AverageValue", averageValue: "7" },
          },
        },
        {
          type: "Pods",
          pods: {
            metric: { name: "vllm_num_requests_running" },
            target: { type: "AverageValue", averageValue: "9" },
          },
        },
      ],
    });
    expect(needs(resources, find(HPA), find(SET))).toBe(true);
    expect(resources.filter(({ type }) => type === SCALED)).toEqual([]);
  });

  it.each([
    [HPA, SCALED, { scaler: "custom-metrics" }],
    [SCALED, HPA, { prometheus }],
  ] as const)(
    "makes %s in the place of %s, which goes first: two would be refused",
    async (type, other, by) => {
      const autoscaler = (await run({ maxReplicas: 4, ...by })).find(type, "phi-autoscaler");
      expect(autoscaler.formerTypes).toContain(other);
      expect(autoscaler.replaceOnChanges).toEqual(["kind"]);
      expect(autoscaler.deleteBeforeReplace).toBe(true);
    },
  );

  it("makes nothing for KAITO's scaler, which reads annotations", async () => {
    const { resources } = await run({ maxReplicas: 4, scaler: "kaito-scaler" });
    expect(resources.map(({ type }) => type)).toEqual([SET]);
  });
});

describe("scalerAnnotations", () => {
  it("tell KAITO's scaler how many and when", () => {
    const scaling = checkedAutoscaling({ maxReplicas: 4, scaler: "kaito-scaler", waitingRequests: 8 });
    expect(scalerAnnotations(scaling)).toEqual({
      "scaledobject.kaito.sh/auto-provision": "true",
      "scaledobject.kaito.sh/metricName": "vllm:num_requests_waiting",
      "scaledobject.kaito.sh/max-replicas": "4",
      "scaledobject.kaito.sh/threshold": "8",
    });
  });

  it("aren't there for others, or two would scale", () => {
    expect(scalerAnnotations(checkedAutoscaling({ maxReplicas: 4, prometheus }))).toEqual({});
    expect(scalerAnnotations(undefined)).toEqual({});
  });
});
