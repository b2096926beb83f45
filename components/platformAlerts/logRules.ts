import { ScheduledQueryRule } from "@pulumi/azure-native/monitor/scheduledQueryRule.js";
import * as pulumi from "@pulumi/pulumi";
import {
  type AuditArgs,
  auditAlerts,
  LOGS_CAPPED,
  type LogAlert,
  quotaAlert,
  quotaQuery,
} from "./logAlerts.ts";
import { logRuleArgs } from "./logRule.ts";
import { quotaReader } from "./quota.ts";
import type { Severity } from "./rules/rule.ts";

/** What the rules on logs are made of, and where. */
export interface LogRulesPlace {
  resourceGroupName: pulumi.Input<string>;
  location: pulumi.Input<string>;
  clusterName: string;
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  workspaceId: pulumi.Input<string>;
  actionGroupId: (severity: Severity) => pulumi.Input<string>;
  runbookBase: string | undefined;
  audit: (AuditArgs & { namespace: string }) | undefined;
  quota: { freePercent: number; subscriptionId: pulumi.Output<string> } | undefined;
}

/** Makes the rules on the audit, on the cap of logs, and on quota with the identity that it is asked with. */
export function logRules(parent: pulumi.Resource, name: string, place: LogRulesPlace): void {
  const { resourceGroupName, location, clusterName, tags, audit, quota } = place;
  const make = (
    alert: Omit<LogAlert, "query"> & { query: pulumi.Input<string> },
    identity?: ReturnType<typeof quotaReader>,
  ) =>
    new ScheduledQueryRule(
      `${name}-${alert.alert}`,
      {
        resourceGroupName,
        location,
        ruleName: `log-${clusterName}-${alert.alert}`,
        ...logRuleArgs(alert, {
          workspaceId: place.workspaceId,
          actionGroupId: place.actionGroupId(alert.severity),
          runbookBase: place.runbookBase,
          identityId: identity?.id,
        }),
        tags,
      },
      // Azure asks once when the rule is made, and refuses it where the identity may not read.
      { parent, dependsOn: identity ? [identity.role] : [] },
    );

  for (const alert of [...(audit ? auditAlerts(audit.namespace, audit) : []), LOGS_CAPPED]) make(alert);
  if (quota === undefined) return;
  const { subscriptionId, freePercent } = quota;
  const query = pulumi
    .all([subscriptionId, location])
    .apply(([subscription, region]) => quotaQuery(subscription, region));
  const reader = quotaReader({
    name,
    parent,
    resourceGroupName,
    location,
    clusterName,
    subscriptionId,
    tags,
  });
  make({ ...quotaAlert(freePercent), query }, reader);
}
