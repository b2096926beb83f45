import type { input } from "@pulumi/kubernetes/types/index.js";
import { ensure, InputPropertyError, wholeNumber } from "../validation.ts";

/**
 * How fast pods come or go. Where `pods` and `percent` are both given, the one counts that lets more come or go.
 * Source: `HPAScalingRules` of autoscaling/v2.
 */
export interface ScalingRules {
  /**
   * How far back recommendations are looked at, in seconds, 0 to 3600: on the way up the lowest of them counts, on
   * the way down the highest. A short one on the way down makes pods come and go with each wave of calls.
   * @default - what `scaleUp` and `scaleDown` say
   */
  stabilizationSeconds?: number;
  /** Pods at most that come or go in `periodSeconds`, 1 to 100. @default - as for `stabilizationSeconds` */
  pods?: number;
  /** The same in percent of those that there are, 1 to 1000 (down: to 100). @default - as for `stabilizationSeconds` */
  percent?: number;
  /** The time that `pods` and `percent` speak of, in seconds, 1 to 1800. @default - as for `stabilizationSeconds` */
  periodSeconds?: number;
}

/** How fast an autoscaler acts, each way. */
export interface ScalingBehavior {
  /** When more is needed. @default { stabilizationSeconds: 0, pods: 4, percent: 100, periodSeconds: 15 } */
  scaleUp?: ScalingRules;
  /** When less is needed. @default { stabilizationSeconds: 300, percent: 50, periodSeconds: 60 } */
  scaleDown?: ScalingRules;
}

/** What holds each way where nothing is said. */
export interface ScalingDefaults {
  scaleUp: Required<Pick<ScalingRules, "stabilizationSeconds" | "periodSeconds">> & ScalingRules;
  scaleDown: Required<Pick<ScalingRules, "stabilizationSeconds" | "periodSeconds">> & ScalingRules;
}

/**
 * Up at once, because callers wait; down slowly, because a pod that is missed a minute later has cost its clients
 * their sessions and its successor a start.
 */
export const SCALING_DEFAULTS: ScalingDefaults = {
  scaleUp: { stabilizationSeconds: 0, pods: 4, percent: 100, periodSeconds: 15 },
  scaleDown: { stabilizationSeconds: 300, percent: 50, periodSeconds: 60 },
};

/** What each number may be. Sources: MaxPeriodSeconds and MaxStabilizationWindowSeconds of Kubernetes' validation. */
export const SCALING_RANGES = {
  stabilizationSeconds: [0, 3600],
  pods: [1, 100],
  percent: [1, 1000],
  periodSeconds: [1, 1800],
} as const;

/**
 * The `behavior` of a HorizontalPodAutoscaler.
 *
 * @param path of the argument that holds `scaleUp` and `scaleDown`, for messages
 */
export function scalingBehavior(
  path: string,
  { scaleUp, scaleDown }: ScalingBehavior,
  defaults: ScalingDefaults = SCALING_DEFAULTS,
): input.autoscaling.v2.HorizontalPodAutoscalerBehavior {
  return {
    scaleUp: rules(`${path}.scaleUp`, scaleUp, defaults.scaleUp),
    scaleDown: rules(`${path}.scaleDown`, scaleDown, defaults.scaleDown),
  };
}

function rules(
  path: string,
  given: ScalingRules = {},
  defaults: ScalingDefaults["scaleUp"],
): input.autoscaling.v2.HPAScalingRules {
  for (const [key, [min, max]] of Object.entries(SCALING_RANGES)) {
    const value = given[key as keyof ScalingRules];
    if (value !== undefined) ensure(`${path}.${key}`, value, wholeNumber(min, max));
  }
  if (path.endsWith("Down") && (given.percent ?? 0) > 100) {
    throw new InputPropertyError(
      `${path}.percent`,
      `${given.percent} is not allowed; more than all, 100, can't go`,
    );
  }
  const { stabilizationSeconds = defaults.stabilizationSeconds, periodSeconds = defaults.periodSeconds } =
    given;
  // Who says how many means just that many, and not the default of the other kind besides.
  const { pods, percent } =
    given.pods === undefined && given.percent === undefined ? { ...defaults, ...given } : given;
  return {
    stabilizationWindowSeconds: stabilizationSeconds,
    selectPolicy: "Max",
    policies: [
      ...(pods === undefined ? [] : [{ type: "Pods", value: pods, periodSeconds }]),
      ...(percent === undefined ? [] : [{ type: "Percent", value: percent, periodSeconds }]),
    ],
  };
}
