import { AlertProcessingRuleByName } from "@pulumi/azure-native/alertsmanagement/alertProcessingRuleByName.js";
import { PrometheusRuleGroup } from "@pulumi/azure-native/alertsmanagement/prometheusRuleGroup.js";
import { ActionGroup } from "@pulumi/azure-native/monitor/actionGroup.js";
import * as pulumi from "@pulumi/pulumi";
import { clientConfig } from "./azure/clientConfig.ts";
import type { PlatformAlertsArgs } from "./platformAlerts/args.ts";
import { logRules } from "./platformAlerts/logRules.ts";
import { quietRule } from "./platformAlerts/maintenance.ts";
import { objectivesOf } from "./platformAlerts/objectives.ts";
import { checkReceivers, groupReceivers } from "./platformAlerts/receivers.ts";
import { azureRule } from "./platformAlerts/render.ts";
import { SEVERITY_NAMES, type Severity } from "./platformAlerts/rules/rule.ts";
import { ruleGroups, thresholdsOf } from "./platformAlerts/rules.ts";
import { teamsLogicApp } from "./platformAlerts/teams.ts";

export type * from "./platformAlerts/args.ts";
export type { AuditArgs } from "./platformAlerts/logAlerts.ts";
export type { QuietWindow } from "./platformAlerts/maintenance.ts";
export type { AvailabilityObjective, Objective, ObjectivesArgs } from "./platformAlerts/objectives.ts";
export type {
  EmailReceiver,
  LogicAppReceiver,
  Receiver,
  ReceiverLevel,
  TeamsReceiver,
  WebhookReceiver,
} from "./platformAlerts/receivers.ts";
export type { ThresholdArgs, Watched } from "./platformAlerts/watched.ts";

/**
 * Who is told of what goes wrong: an action group for each severity, groups of Prometheus rules (objectives with
 * burn-rate alerts, pods, nodes, GPUs, MCP servers, models, certificates, the monitoring itself), alerts on logs (the
 * guards' audit, the daily cap, quota of cores), and rules that keep quiet in maintenance. Every alert names its
 * runbook. What the platform hasn't got isn't watched.
 *
 * Give it `dependsOn` on what makes the cluster send metrics and logs. It changes nothing in the cluster.
 *
 * Costs: a rule on logs costs by the month and by how often it is asked, about half a dollar to a dollar and a half
 * each; rules on metrics by the samples that they read; e-mail and webhooks next to nothing.
 */
export class PlatformAlerts extends pulumi.ComponentResource {
  /** ARM ids of the action groups. The receivers of "critical" are all receivers. */
  declare readonly actionGroupIds: Readonly<Record<"critical" | "warning" | "info", pulumi.Output<string>>>;

  constructor(name: string, args: PlatformAlertsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mcpaas:index:PlatformAlerts", name, {}, opts);
    const { resourceGroupName, location, clusterName, receivers = {}, runbookBase, tags } = args;
    const { quietWindows = [], azureMonitorWorkspaceId, logAnalyticsWorkspaceId } = args;
    checkReceivers(receivers);
    const objectives = objectivesOf(args.objectives);
    const thresholds = thresholdsOf(args.thresholds);
    const quiet = quietWindows.map((window, i) => quietRule(`quietWindows[${i}]`, window));
    const child = { parent: this };
    const place = { resourceGroupName, location, clusterName, tags };

    const teams = new Map(
      Object.entries(receivers).flatMap(([receiver, it]) =>
        "teams" in it ? [[receiver, teamsLogicApp(this, name, receiver, it.teams, place)] as const] : [],
      ),
    );
    const groupOf = (severity: Severity) => {
      const level = SEVERITY_NAMES[severity];
      const group = new ActionGroup(
        `${name}-${level}`,
        {
          resourceGroupName,
          location: "global",
          actionGroupName: `ag-${clusterName}-${level}`,
          // Twelve letters at most; they begin every text message and e-mail.
          groupShortName: `mcp-${level}`,
          enabled: true,
          ...groupReceivers(receivers, severity, teams),
          tags,
        },
        child,
      );
      return group.id;
    };
    const ids: Record<Severity, pulumi.Output<string>> = { 1: groupOf(1), 2: groupOf(2), 3: groupOf(3) };
    const actionGroupId = (severity: Severity) => ids[severity];

    const watched =
      azureMonitorWorkspaceId === undefined ? [] : ruleGroups(args.watched, objectives, thresholds);
    for (const { name: groupName, description, intervalMinutes = 1, rules } of watched) {
      new PrometheusRuleGroup(
        `${name}-${groupName}`,
        {
          resourceGroupName,
          location,
          ruleGroupName: `prom-${clusterName}-${groupName}`,
          description,
          clusterName,
          scopes: [azureMonitorWorkspaceId ?? "", args.clusterId],
          enabled: true,
          interval: `PT${intervalMinutes}M`,
          rules: rules.map((rule) => azureRule(rule, actionGroupId, runbookBase)),
          tags,
        },
        child,
      );
    }

    if (logAnalyticsWorkspaceId !== undefined) {
      logRules(this, name, {
        ...place,
        workspaceId: logAnalyticsWorkspaceId,
        actionGroupId,
        runbookBase,
        audit: args.audit,
        quota:
          (args.quota ?? true)
            ? { freePercent: thresholds.quotaFreePercent, subscriptionId: subscription() }
            : undefined,
      });
    }
    for (const [i, properties] of quiet.entries()) {
      const scope = pulumi.interpolate`/subscriptions/${subscription()}/resourceGroups/${resourceGroupName}`;
      new AlertProcessingRuleByName(
        `${name}-quiet-${i}`,
        {
          resourceGroupName,
          location: "Global",
          alertProcessingRuleName: `apr-${clusterName}-quiet-${i}`,
          properties: { ...properties, scopes: [scope] },
          tags,
        },
        child,
      );
    }

    this.actionGroupIds = { critical: ids[1], warning: ids[2], info: ids[3] };
    this.registerOutputs({ actionGroupIds: this.actionGroupIds });

    function subscription(): pulumi.Output<string> {
      return pulumi.output(args.subscriptionId ?? clientConfig(child).subscriptionId);
    }
  }
}
