import { describe, expect, it } from "vitest";
import {
  AUTOSCALER_DEFAULTS,
  AUTOSCALER_RANGES,
  type AutoscalerArgs,
  autoScalerProfile,
} from "../../../components/aksWithGpuPool/autoscaler.ts";

describe("autoScalerProfile", () => {
  it("says everything, so that a default of AKS's that changes changes nothing", () => {
    expect(autoScalerProfile()).toEqual({
      expander: "least-waste",
      scaleDownUnneededTime: "10m",
      scaleDownDelayAfterAdd: "10m",
      scaleDownDelayAfterDelete: "10s",
      scaleDownDelayAfterFailure: "3m",
      scaleDownUnreadyTime: "20m",
      scaleDownUtilizationThreshold: "0.5",
      ignoreDaemonsetsUtilization: true,
      scanInterval: "10s",
      newPodScaleUpDelay: "0s",
      maxNodeProvisionTime: "15m",
      maxGracefulTerminationSec: "600",
      maxEmptyBulkDelete: "10",
      maxTotalUnreadyPercentage: "45",
      okTotalUnreadyCount: "3",
      balanceSimilarNodeGroups: "false",
      skipNodesWithLocalStorage: "false",
      skipNodesWithSystemPods: "true",
      daemonsetEvictionForEmptyNodes: false,
      daemonsetEvictionForOccupiedNodes: true,
    });
  });

  const options: [AutoscalerArgs, object][] = [
    [{ expander: "most-pods" }, { expander: "most-pods" }],
    [{ scaleDownUnneededMinutes: 25 }, { scaleDownUnneededTime: "25m" }],
    [{ scaleDownDelayAfterAddMinutes: 0 }, { scaleDownDelayAfterAdd: "0m" }],
    [{ scaleDownDelayAfterDeleteSeconds: 0 }, { scaleDownDelayAfterDelete: "0s" }],
    [{ scaleDownDelayAfterFailureMinutes: 5 }, { scaleDownDelayAfterFailure: "5m" }],
    [{ scaleDownUnreadyMinutes: 7 }, { scaleDownUnreadyTime: "7m" }],
    [{ scaleDownUtilizationThreshold: 0.65 }, { scaleDownUtilizationThreshold: "0.65" }],
    [{ ignoreDaemonsetsUtilization: false }, { ignoreDaemonsetsUtilization: false }],
    // The other follows it, as with AKS.
    [{ scanIntervalSeconds: 30 }, { scanInterval: "30s", scaleDownDelayAfterDelete: "30s" }],
    [{ newPodScaleUpDelaySeconds: 60 }, { newPodScaleUpDelay: "60s" }],
    [{ maxNodeProvisionMinutes: 20 }, { maxNodeProvisionTime: "20m" }],
    [{ maxGracefulTerminationSeconds: 30 }, { maxGracefulTerminationSec: "30" }],
    [{ maxEmptyBulkDelete: 1 }, { maxEmptyBulkDelete: "1" }],
    [{ maxTotalUnreadyPercent: 100 }, { maxTotalUnreadyPercentage: "100" }],
    [{ okTotalUnreadyCount: 0 }, { okTotalUnreadyCount: "0" }],
    [{ balanceSimilarNodeGroups: true }, { balanceSimilarNodeGroups: "true" }],
    [{ skipNodesWithLocalStorage: true }, { skipNodesWithLocalStorage: "true" }],
    [{ skipNodesWithSystemPods: false }, { skipNodesWithSystemPods: "false" }],
    [{ daemonsetEvictionForEmptyNodes: true }, { daemonsetEvictionForEmptyNodes: true }],
    [{ daemonsetEvictionForOccupiedNodes: false }, { daemonsetEvictionForOccupiedNodes: false }],
  ];

  it.each(options)("turns %j into %j, and nothing else", (args, profile) => {
    expect(autoScalerProfile(args)).toEqual({ ...autoScalerProfile(), ...profile });
  });

  it("has a row above for every option", () => {
    const tested = options.flatMap(([args]) => Object.keys(args));
    expect(new Set(tested)).toEqual(
      new Set([...Object.keys(AUTOSCALER_DEFAULTS), "expander", "scaleDownDelayAfterDeleteSeconds"]),
    );
  });

  it("takes undefined for what isn't given", () => {
    expect(autoScalerProfile({ scanIntervalSeconds: undefined })).toEqual(autoScalerProfile());
  });

  it.each(Object.entries(AUTOSCALER_RANGES))("takes %s from and to %j only", (key, [min, max]) => {
    for (const value of [min, max]) expect(() => autoScalerProfile({ [key]: value })).not.toThrow();
    for (const value of [min - 1, max + 1, min + 0.5]) {
      expect(() => autoScalerProfile({ [key]: value })).toThrow(
        `autoscaler.${key}: ${value} is not allowed; it must be a whole number from ${min} to ${max}`,
      );
    }
  });

  it.each([0, 1.1, -1])("refuses a threshold of %s", (scaleDownUtilizationThreshold) => {
    expect(() => autoScalerProfile({ scaleDownUtilizationThreshold })).toThrow(
      /^autoscaler.scaleDownUtilizationThreshold: .* above 0 and at most 1/,
    );
  });

  it("puts pools in order when one has a fallback, and lets nobody choose otherwise", () => {
    expect(autoScalerProfile({}, true).expander).toBe("priority");
    expect(autoScalerProfile({ expander: "priority" }, true).expander).toBe("priority");
    expect(() => autoScalerProfile({ expander: "random" }, true)).toThrow(
      /^autoscaler.expander: "random" doesn't know that spot nodes come first; .* leave it out/,
    );
  });
});
