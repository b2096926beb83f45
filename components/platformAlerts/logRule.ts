import type { ScheduledQueryRuleArgs } from "@pulumi/azure-native/monitor/scheduledQueryRule.js";
import type * as pulumi from "@pulumi/pulumi";
import type { LogAlert } from "./logAlerts.ts";
import { runbookUrl } from "./runbooks.ts";

/** Where a rule on logs looks, and whom it tells. */
export interface LogRulePlace {
  workspaceId: pulumi.Input<string>;
  actionGroupId: pulumi.Input<string>;
  runbookBase?: string;
  /** ARM id of the identity that asks; Azure Resource Graph answers nobody else. @default - the workspace's own rights */
  identityId?: pulumi.Input<string>;
}

/** A log alert as Azure takes it. Source: scheduledQueryRules of Microsoft.Insights, kind LogAlert. */
export function logRuleArgs(
  alert: Omit<LogAlert, "query"> & { query: pulumi.Input<string> },
  { workspaceId, actionGroupId, runbookBase, identityId }: LogRulePlace,
): Omit<ScheduledQueryRuleArgs, "resourceGroupName"> {
  const { measure, dimensions = [] } = alert;
  return {
    kind: "LogAlert",
    displayName: alert.alert,
    description: `${alert.summary} ${alert.description}`,
    enabled: true,
    severity: alert.severity,
    scopes: [workspaceId],
    evaluationFrequency: alert.every,
    windowSize: alert.window,
    overrideQueryTimeRange: alert.lookback,
    identity:
      identityId === undefined ? undefined : { type: "UserAssigned", userAssignedIdentities: [identityId] },
    criteria: {
      allOf: [
        {
          query: alert.query,
          timeAggregation: measure === undefined ? "Count" : "Minimum",
          metricMeasureColumn: measure,
          dimensions: dimensions.map((name) => ({ name, operator: "Include", values: ["*"] })),
          operator: alert.operator,
          threshold: alert.threshold,
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
        },
      ],
    },
    autoMitigate: !(alert.event ?? false),
    // A new workspace has no such table until the first line arrives, and Azure would refuse the query.
    skipQueryValidation: true,
    actions: {
      actionGroups: [actionGroupId],
      customProperties: { runbook_url: runbookUrl(alert, runbookBase) },
    },
  };
}
