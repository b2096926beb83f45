import { describe, expect, it } from "vitest";
import { inferenceSetSpec, type KaitoInferenceSet } from "../../../components/kaitoWorkspace/inferenceSet.ts";

describe("inferenceSetSpec", () => {
  it("has one replica and nothing else unless told otherwise", () => {
    expect(inferenceSetSpec({})).toEqual({ replicas: 1, annotations: {} });
  });

  it("renews images at any time, or in a window", () => {
    expect(inferenceSetSpec({ autoUpgrade: {} }).autoUpgrade).toEqual({ enabled: true });
    expect(inferenceSetSpec({ autoUpgrade: { schedule: "0 2 * * 6" } }).autoUpgrade).toEqual({
      enabled: true,
      maintenanceWindow: { schedule: "0 2 * * 6", duration: "4h" },
    });
  });

  it("tells the scaler its metric", () => {
    const autoscaling = { threshold: 0.5, metric: "vllm:num_requests_running" };
    expect(inferenceSetSpec({ autoscaling }).annotations).toEqual({
      "scaledobject.kaito.sh/auto-provision": "true",
      "scaledobject.kaito.sh/threshold": "0.5",
      "scaledobject.kaito.sh/metricName": "vllm:num_requests_running",
    });
  });

  it.each<[KaitoInferenceSet, string]>([
    [{ replicas: -1 }, "inferenceSet.replicas: -1 is not allowed"],
    [{ nodeCountLimit: 0 }, "inferenceSet.nodeCountLimit: 0 is not allowed"],
    [{ autoUpgrade: { duration: "4h" } }, "inferenceSet.autoUpgrade.duration: needs autoUpgrade.schedule"],
    [{ autoUpgrade: { schedule: "2am" } }, 'inferenceSet.autoUpgrade.schedule: "2am" is not allowed'],
    [{ autoUpgrade: { schedule: "0 2 * * 6", duration: "0h" } }, "inferenceSet.autoUpgrade.duration: "],
    [{ autoscaling: { threshold: 0 } }, "inferenceSet.autoscaling.threshold: 0 is not allowed"],
    [{ autoscaling: { threshold: 1, maxReplicas: 0 } }, "inferenceSet.autoscaling.maxReplicas: 0 is not"],
  ])("refuses %j", (set, message) => {
    expect(() => inferenceSetSpec(set)).toThrow(message);
  });
});
