import { ensure, wholeNumber } from "../validation.ts";
import type { Objectives } from "./objectives.ts";
import { BUDGET_REMAINING, burnRateGroups, ERROR_RATIO, RATIO_WINDOWS } from "./rules/burnRates.ts";
import { indicators, READY } from "./rules/indicators.ts";
import { mcpGroup } from "./rules/mcp.ts";
import { modelGroup } from "./rules/models.ts";
import { nodeGroup } from "./rules/nodes.ts";
import { certificateGroup, monitoringGroup } from "./rules/platform.ts";
import type { RuleGroup } from "./rules/rule.ts";
import { workloadGroup } from "./rules/workloads.ts";
import { THRESHOLDS, type ThresholdArgs, type Thresholds, type Watched } from "./watched.ts";

/** The names of all recorded series, for whoever draws them. */
export const RECORDED = [
  ...RATIO_WINDOWS.map((window) => `${ERROR_RATIO}${window}`),
  BUDGET_REMAINING,
  READY,
] as const;

/** All rules of a platform; a group whose subject isn't there is left out. */
export function ruleGroups(watched: Watched, objectives: Objectives, thresholds: Thresholds): RuleGroup[] {
  return [
    ...indicators(objectives, watched).flatMap(burnRateGroups),
    workloadGroup(watched, thresholds),
    nodeGroup(watched, thresholds),
    mcpGroup(watched),
    modelGroup(watched, thresholds),
    certificateGroup(watched, thresholds),
    monitoringGroup(watched),
  ].filter((group) => group !== undefined);
}

/** Fills in the thresholds that were left out, and refuses those that can't be. */
export function thresholdsOf(args: ThresholdArgs = {}): Thresholds {
  const keys = Object.keys(THRESHOLDS) as (keyof Thresholds)[];
  return Object.fromEntries(
    keys.map((key) => {
      const { default: usual, min, max } = THRESHOLDS[key];
      return [key, ensure(`thresholds.${key}`, args[key] ?? usual, wholeNumber(min, max))];
    }),
  ) as unknown as Thresholds;
}
