import { describe, expect, it } from "vitest";
import { type ScalingBehavior, scalingBehavior } from "../../../components/autoscaling/behavior.ts";

const behavior = (given: ScalingBehavior) => scalingBehavior("autoscaling", given);

describe("scalingBehavior", () => {
  it("is fast up and slow down where nothing is said", () => {
    expect(behavior({})).toEqual({
      scaleUp: {
        stabilizationWindowSeconds: 0,
        selectPolicy: "Max",
        policies: [
          { type: "Pods", value: 4, periodSeconds: 15 },
          { type: "Percent", value: 100, periodSeconds: 15 },
        ],
      },
      scaleDown: {
        stabilizationWindowSeconds: 300,
        selectPolicy: "Max",
        policies: [{ type: "Percent", value: 50, periodSeconds: 60 }],
      },
    });
  });

  it("takes each number by itself, and drops the default of the kind that isn't said", () => {
    const scaleUp = { pods: 1, stabilizationSeconds: 60 };
    const scaleDown = { stabilizationSeconds: 0, periodSeconds: 30 };
    const { scaleUp: up, scaleDown: down } = behavior({ scaleUp, scaleDown }) as Record<string, object>;
    expect(up).toEqual({
      stabilizationWindowSeconds: 60,
      selectPolicy: "Max",
      policies: [{ type: "Pods", value: 1, periodSeconds: 15 }],
    });
    expect(down).toMatchObject({
      stabilizationWindowSeconds: 0,
      policies: [{ type: "Percent", value: 50, periodSeconds: 30 }],
    });
  });

  it.each<[ScalingBehavior, RegExp]>([
    [{ scaleUp: { stabilizationSeconds: 3601 } }, /^autoscaling.scaleUp.stabilizationSeconds: 3601 is/],
    [{ scaleDown: { periodSeconds: 0 } }, /^autoscaling.scaleDown.periodSeconds: 0 is not allowed/],
    [{ scaleDown: { pods: 0 } }, /^autoscaling.scaleDown.pods: 0 is not allowed/],
    [{ scaleUp: { percent: 1001 } }, /^autoscaling.scaleUp.percent: 1001 is not allowed/],
    [{ scaleDown: { percent: 101 } }, /^autoscaling.scaleDown.percent: 101 is not allowed; more than all/],
  ])("refuses %j", (given, message) => {
    expect(() => behavior(given)).toThrow(message);
  });
});
