import { DataCollectionRuleAssociation } from "@pulumi/azure-native/monitor/dataCollectionRuleAssociation.js";
import { DiagnosticSetting } from "@pulumi/azure-native/monitor/diagnosticSetting.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import * as pulumi from "@pulumi/pulumi";
import { AGENT_NAMESPACE, METRICS_AGENT } from "./clusterMonitoring/agent.ts";
import { logAgentSettings, metricsAgentSettings } from "./clusterMonitoring/agentSettings.ts";
import type { ClusterLogsArgs, ClusterMetricsArgs, ClusterMonitoringArgs } from "./clusterMonitoring/args.ts";
import {
  DEFAULT_CLUSTER_CATEGORIES,
  DEFAULT_REGISTRY_CATEGORIES,
  diagnosticArgs,
  refuseTwice,
} from "./clusterMonitoring/diagnostics.ts";
import { clusterPages } from "./clusterMonitoring/pages.ts";
import { INTERVAL_SECONDS, scrapeConfigText } from "./clusterMonitoring/scrapeConfig.ts";
import { DEFAULT_INTERVAL_SECONDS } from "./dashboards/options.ts";
import { openPort } from "./network/policies.ts";
import { excludedNamespaces } from "./platformMonitoring/logs.ts";
import { LOGS_ASSOCIATION, monitoringNames } from "./platformMonitoring/names.ts";
import { ensure, wholeNumber } from "./validation.ts";

export { METRICS_AGENT } from "./clusterMonitoring/agent.ts";
export type * from "./clusterMonitoring/args.ts";
export type { ClusterCategory, RegistryCategory } from "./clusterMonitoring/diagnostics.ts";
export type { ScrapedJob, ScrapeTarget } from "./clusterMonitoring/scrapeJobs.ts";

/**
 * What makes a cluster send its logs and metrics to the workspaces of PlatformMonitoring: the associations with the
 * rules, the diagnostic settings of the cluster and of its registry, the ConfigMaps by which Azure's agents know what
 * to scrape and what to keep, and NetworkPolicies that let the agent in; with metrics a workbook and a dashboard, too.
 *
 * Pass the cluster's provider in `opts`. The agents have to be on: `monitoring` of AksWithGpuPool. Costs nothing
 * itself; what arrives does.
 */
export class ClusterMonitoring extends pulumi.ComponentResource {
  constructor(name: string, args: ClusterMonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mcpaas:index:ClusterMonitoring", name, {}, opts);
    if (args.logs !== undefined) clusterLogs(this, name, args, args.logs);
    if (args.metrics !== undefined) {
      clusterMetrics(this, name, args, args.metrics);
      clusterPages(this, name, args.pages ?? {}, {
        ...args,
        metricsWorkspaceId: args.metrics.workspaceId,
        intervalSeconds: args.metrics.intervalSeconds,
        logsWorkspaceId: args.logs?.workspaceId,
      });
    }
    this.registerOutputs({});
  }
}

function clusterLogs(
  parent: pulumi.Resource,
  name: string,
  { clusterId }: ClusterMonitoringArgs,
  logs: ClusterLogsArgs,
): void {
  const { clusterCategories = [...DEFAULT_CLUSTER_CATEGORIES], registryId, workspaceId } = logs;
  const { registryCategories = [...DEFAULT_REGISTRY_CATEGORIES] } = logs;
  refuseTwice("logs.clusterCategories", clusterCategories);
  refuseTwice("logs.registryCategories", registryCategories);
  const settings = agentConfigMap(parent, `${name}-log-agent`, "container-azm-ms-agentconfig", {
    ...logAgentSettings(excludedNamespaces(logs)),
  });
  new DataCollectionRuleAssociation(
    `${name}-logs`,
    {
      resourceUri: clusterId,
      associationName: LOGS_ASSOCIATION,
      dataCollectionRuleId: logs.ruleId,
      description: "What Container Insights sends of this cluster",
    },
    // What isn't to be sent is known before anything is.
    { parent, dependsOn: [settings] },
  );
  if (clusterCategories.length > 0) {
    new DiagnosticSetting(
      `${name}-cluster-logs`,
      diagnosticArgs(DIAGNOSTICS, clusterId, workspaceId, clusterCategories, "own"),
      { parent },
    );
  }
  if (registryId !== undefined && registryCategories.length > 0) {
    new DiagnosticSetting(
      `${name}-registry-logs`,
      diagnosticArgs(DIAGNOSTICS, registryId, workspaceId, registryCategories, "azures"),
      { parent },
    );
  }
}

function clusterMetrics(
  parent: pulumi.Resource,
  name: string,
  { clusterId, clusterName, location }: ClusterMonitoringArgs,
  metrics: ClusterMetricsArgs,
): void {
  const { targets = [], openings = {}, intervalSeconds = DEFAULT_INTERVAL_SECONDS, minimal = true } = metrics;
  ensure("metrics.intervalSeconds", intervalSeconds, wholeNumber(...INTERVAL_SECONDS));
  for (const [what, opening] of Object.entries(openings)) {
    const policyName = `${what}.metrics`;
    openPort(parent, `${name}.${policyName}`, { ...opening, policyName, clients: [METRICS_AGENT] });
  }
  const how = { intervalSeconds, minimal };
  const configMaps = [
    agentConfigMap(
      parent,
      `${name}-metrics-agent`,
      "ama-metrics-settings-configmap",
      metricsAgentSettings(how),
    ),
    ...(targets.length > 0
      ? [
          agentConfigMap(parent, `${name}-scraping`, "ama-metrics-prometheus-config", {
            "prometheus-config": scrapeConfigText({ ...how, targets }),
          }),
        ]
      : []),
  ];
  new DataCollectionRuleAssociation(
    `${name}-metrics`,
    {
      resourceUri: clusterId,
      associationName: pulumi
        .output(location)
        .apply((region) => monitoringNames(clusterName, region).metricsAssociation),
      dataCollectionRuleId: metrics.ruleId,
      description: "Where managed Prometheus sends this cluster's metrics",
    },
    { parent, dependsOn: configMaps },
  );
}

/** The diagnostic setting's name; a resource may have five, and this is the program's. */
const DIAGNOSTICS = "mcpaas";

/** What one of Azure's agents reads; it looks for the name, and starts anew when the data changes. */
function agentConfigMap(
  parent: pulumi.Resource,
  name: string,
  configMap: string,
  data: Record<string, string>,
): ConfigMap {
  return new ConfigMap(
    name,
    { metadata: { name: configMap, namespace: AGENT_NAMESPACE }, data },
    // Under Azure's name: were another made before the old one goes, there would be two of one name.
    { parent, deleteBeforeReplace: true },
  );
}
