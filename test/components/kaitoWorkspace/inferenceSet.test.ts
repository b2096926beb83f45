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

  it("must have room for the most replicas that an autoscaler makes", () => {
    const autoscaling = { maxReplicas: 4, scaler: "custom-metrics" } as const;
    expect(inferenceSetSpec({ autoscaling })).toMatchObject({ replicas: 4, annotations: {} });
  });

  it("tells KAITO's scaler about itself", () => {
    const autoscaling = { maxReplicas: 4, scaler: "kaito-scaler" } as const;
    expect(inferenceSetSpec({ autoscaling }).annotations).toMatchObject({
      "scaledobject.kaito.sh/auto-provision": "true",
    });
  });

  it.each<[KaitoInferenceSet, string]>([
    [{ replicas: -1 }, "inferenceSet.replicas: -1 is not allowed"],
    [{ nodeCountLimit: 0 }, "inferenceSet.nodeCountLimit: 0 is not allowed"],
    [{ autoUpgrade: { duration: "4h" } }, "inferenceSet.autoUpgrade.duration: needs autoUpgrade.schedule"],
    [{ autoUpgrade: { schedule: "2am" } }, 'inferenceSet.autoUpgrade.schedule: "2am" is not allowed'],
    [{ autoUpgrade: { schedule: "0 2 * * 6", duration: "0h" } }, "inferenceSet.autoUpgrade.duration: "],
    [{ autoscaling: { maxReplicas: 0 } }, "inferenceSet.autoscaling.maxReplicas: 0 is not allowed"],
    [
      { replicas: 2, autoscaling: { maxReplicas: 3 } },
      "inferenceSet.replicas: is the autoscaler's; set autoscaling.minReplicas instead",
    ],
  ])("refuses %j", (set, message) => {
    expect(() => inferenceSetSpec(set)).toThrow(message);
  });
});
