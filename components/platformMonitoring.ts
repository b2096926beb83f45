import { AzureMonitorWorkspace } from "@pulumi/azure-native/monitor/azureMonitorWorkspace.js";
import { DataCollectionEndpoint } from "@pulumi/azure-native/monitor/dataCollectionEndpoint.js";
import { DataCollectionRule } from "@pulumi/azure-native/monitor/dataCollectionRule.js";
import { Workspace } from "@pulumi/azure-native/operationalinsights/workspace.js";
import * as pulumi from "@pulumi/pulumi";
import { clientConfig } from "./azure/clientConfig.ts";
import type { PlatformMonitoringArgs } from "./platformMonitoring/args.ts";
import { managedGrafana, refuseWithoutMetrics } from "./platformMonitoring/grafana.ts";
import { logsRuleArgs, logWorkspaceArgs } from "./platformMonitoring/logs.ts";
import { metricsRuleArgs } from "./platformMonitoring/metrics.ts";
import { monitoringNames } from "./platformMonitoring/names.ts";
import { readerRoles } from "./platformMonitoring/readers.ts";

export type * from "./platformMonitoring/args.ts";
export type { LogPreset } from "./platformMonitoring/logs.ts";

/**
 * Where a cluster's logs and metrics go: a Log Analytics workspace with the rule of what Container Insights sends, a
 * workspace of managed Prometheus with the endpoint and rule of what its agent sends, and on request a managed Grafana.
 *
 * It comes before the cluster, whose arguments name the workspace (`monitoring` of AksWithGpuPool); what hangs on the
 * cluster is ClusterMonitoring's. Deleted, a Log Analytics workspace can be had back for 14 days under its name.
 *
 * Costs: logs by the GB that arrive, with `dailyCapGb` as the end; metrics by samples stored and queried; a Grafana by
 * the hour and by its active users. docs/monitoring.md has figures.
 */
export class PlatformMonitoring extends pulumi.ComponentResource {
  /** ARM id of the Log Analytics workspace; undefined without logs. */
  declare readonly logAnalyticsWorkspaceId: pulumi.Output<string> | undefined;
  /** Its customer id, by which queries name it. */
  declare readonly logAnalyticsCustomerId: pulumi.Output<string> | undefined;
  /** ARM id of the rule of what Container Insights sends; undefined without logs. */
  declare readonly logsRuleId: pulumi.Output<string> | undefined;
  /** ARM id of the workspace of managed Prometheus; undefined without metrics. */
  declare readonly azureMonitorWorkspaceId: pulumi.Output<string> | undefined;
  /** Where PromQL is asked, with a token for https://prometheus.monitor.azure.com; undefined without metrics. */
  declare readonly prometheusQueryEndpoint: pulumi.Output<string> | undefined;
  /** ARM id of the rule of where metrics go; undefined without metrics. */
  declare readonly metricsRuleId: pulumi.Output<string> | undefined;
  /** Address of the managed Grafana; undefined without one. */
  declare readonly grafanaEndpoint: pulumi.Output<string> | undefined;

  constructor(name: string, args: PlatformMonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mcpaas:index:PlatformMonitoring", name, {}, opts);
    const { resourceGroupName, location, clusterName, tags, logs = {}, metrics = true } = args;
    const { grafana = "none", readers = [] } = args;
    const client = clientConfig({ parent: this });
    const subscriptionId = pulumi.output(args.subscriptionId ?? client.subscriptionId);
    const names = pulumi.output(location).apply((region) => monitoringNames(clusterName, region));
    const resourceGroupId = pulumi.interpolate`/subscriptions/${subscriptionId}/resourceGroups/${resourceGroupName}`;
    const place = { resourceGroupName, location, tags };
    const child = { parent: this };
    const kept = { parent: this, protect: args.protect ?? false };

    if (logs !== "none") {
      const workspace = new Workspace(
        `${name}-logs`,
        { ...place, workspaceName: names.logWorkspace, ...logWorkspaceArgs(logs) },
        kept,
      );
      const rule = new DataCollectionRule(
        `${name}-logs-rule`,
        { ...place, dataCollectionRuleName: names.logsRule, ...logsRuleArgs(logs, workspace.id) },
        child,
      );
      this.logAnalyticsWorkspaceId = workspace.id;
      this.logAnalyticsCustomerId = workspace.customerId;
      this.logsRuleId = rule.id;
    }
    if (metrics) {
      const workspace = new AzureMonitorWorkspace(
        `${name}-metrics`,
        { ...place, azureMonitorWorkspaceName: names.metricsWorkspace },
        kept,
      );
      const endpoint = new DataCollectionEndpoint(
        `${name}-metrics-endpoint`,
        { ...place, dataCollectionEndpointName: names.metricsEndpoint, kind: "Linux" },
        child,
      );
      const rule = new DataCollectionRule(
        `${name}-metrics-rule`,
        {
          ...place,
          dataCollectionRuleName: names.metricsRule,
          ...metricsRuleArgs(workspace.id, endpoint.id),
        },
        child,
      );
      this.azureMonitorWorkspaceId = workspace.id;
      this.prometheusQueryEndpoint = workspace.metrics.apply(
        ({ prometheusQueryEndpoint }) => prometheusQueryEndpoint,
      );
      this.metricsRuleId = rule.id;
    }
    if (grafana !== "none") {
      const { azureMonitorWorkspaceId: metricsWorkspaceId = refuseWithoutMetrics() } = this;
      this.grafanaEndpoint = managedGrafana(this, name, grafana, {
        ...place,
        name: names.grafana,
        resourceGroupId,
        metricsWorkspaceId,
        subscriptionId,
        deployerObjectId: client.objectId,
      });
    }
    readerRoles(this, name, readers, {
      subscriptionId,
      resourceGroup: resourceGroupId,
      metrics: this.azureMonitorWorkspaceId,
    });
    this.registerOutputs({
      logAnalyticsWorkspaceId: this.logAnalyticsWorkspaceId,
      azureMonitorWorkspaceId: this.azureMonitorWorkspaceId,
      prometheusQueryEndpoint: this.prometheusQueryEndpoint,
      grafanaEndpoint: this.grafanaEndpoint,
    });
  }
}
