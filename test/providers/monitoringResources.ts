import type { Properties } from "../../rehearsal/providers/plugin/values.ts";
import type { Made } from "./resources.ts";

type Make = (type: string, name: string, inputs: Properties) => Promise<Made>;

/** What measures, shows and alerts. */
export const monitoringTypes = [
  ["monitor:AzureMonitorWorkspace", /\/microsoft\.monitor\/accounts\/metrics[0-9a-f]{8}$/],
  ["monitor:DataCollectionEndpoint", /\/dataCollectionEndpoints\/prometheus[0-9a-f]{8}$/],
  ["monitor:DataCollectionRule", /\/dataCollectionRules\/prometheus[0-9a-f]{8}$/],
  [
    "monitor:DataCollectionRuleAssociation",
    /\/managedClusters\/aks[0-9a-f]{8}\/providers\/Microsoft\.Insights\/dataCollectionRuleAssociations\/prometheus$/,
  ],
  [
    "monitor:DiagnosticSetting",
    /\/managedClusters\/aks[0-9a-f]{8}\/providers\/Microsoft\.Insights\/diagnosticSettings\/logs$/,
  ],
  ["monitor:ActionGroup", /\/microsoft\.insights\/actionGroups\/oncall[0-9a-f]{8}$/],
  ["monitor:ScheduledQueryRule", /\/scheduledQueryRules\/quota[0-9a-f]{8}$/],
  ["alertsmanagement:PrometheusRuleGroup", /\/prometheusRuleGroups\/calls[0-9a-f]{8}$/],
  ["alertsmanagement:AlertProcessingRuleByName", /\/actionRules\/maintenance[0-9a-f]{8}$/],
  ["applicationinsights:Workbook", /\/workbooks\/[0-9a-f-]{36}$/],
  ["logic:Workflow", /\/workflows\/teams[0-9a-f]{8}$/],
  ["dashboard:Grafana", /\/grafana\/charts$/],
  ["dashboard:Dashboard", /\/dashboards\/health[0-9a-f]{8}$/],
  ["dashboard:DashboardDefinition", /\/dashboardDefinitions\/default$/],
] as const;

/** Makes one of each. */
export async function makeMonitoring(
  make: Make,
  { group, logs, cluster, identity }: { group: Made; logs: Made; cluster: Made; identity: Made },
): Promise<void> {
  const inGroup = { resourceGroupName: String(group.outputs["name"]) };
  const workspace = await make("monitor:AzureMonitorWorkspace", "metrics", inGroup);
  const stream = "Microsoft-PrometheusMetrics";
  const endpoint = await make("monitor:DataCollectionEndpoint", "prometheus", { ...inGroup, kind: "Linux" });
  const rule = await make("monitor:DataCollectionRule", "prometheus", {
    ...{ ...inGroup, kind: "Linux", dataCollectionEndpointId: endpoint.id },
    dataSources: { prometheusForwarder: [{ name: "source", streams: [stream] }] },
    destinations: { monitoringAccounts: [{ accountResourceId: workspace.id, name: "account" }] },
    dataFlows: [{ streams: [stream], destinations: ["account"] }],
  });
  await make("monitor:DataCollectionRuleAssociation", "prometheus", {
    ...{ resourceUri: cluster.id, associationName: "prometheus", dataCollectionRuleId: rule.id },
  });
  await make("monitor:DiagnosticSetting", "logs", {
    ...{ resourceUri: cluster.id, name: "logs", workspaceId: logs.id },
    logs: [{ category: "kube-audit-admin", enabled: true }],
    logAnalyticsDestinationType: "Dedicated",
  });
  const people = await make("monitor:ActionGroup", "oncall", {
    ...{ ...inGroup, location: "global", groupShortName: "oncall", enabled: true },
    emailReceivers: [{ name: "team", emailAddress: "team@example.com", useCommonAlertSchema: true }],
  });
  await make("monitor:ScheduledQueryRule", "quota", {
    ...{ ...inGroup, kind: "LogAlert", scopes: [logs.id], severity: 2 },
    ...{ evaluationFrequency: "PT1H", windowSize: "PT1H", actions: { actionGroups: [people.id] } },
    identity: { type: "UserAssigned", userAssignedIdentities: [identity.id] },
    criteria: {
      allOf: [
        {
          ...{ query: 'arg("").QuotaResources', timeAggregation: "Count", operator: "GreaterThan" },
          ...{ threshold: 0, dimensions: [{ name: "family", operator: "Include", values: ["*"] }] },
        },
      ],
    },
  });
  await make("alertsmanagement:PrometheusRuleGroup", "calls", {
    ...{ ...inGroup, scopes: [workspace.id, cluster.id], interval: "PT1M" },
    rules: [
      {
        ...{ alert: "Errors", expression: "sum(rate(errors_total[5m])) > 1", for: "PT5M", severity: 2 },
        actions: [{ actionGroupId: people.id }],
      },
      { record: "errors:rate5m", expression: "sum(rate(errors_total[5m]))" },
    ],
  });
  await make("alertsmanagement:AlertProcessingRuleByName", "maintenance", {
    ...{ ...inGroup, location: "global" },
    properties: {
      scopes: [group.id],
      actions: [{ actionType: "RemoveAllActionGroups" }],
      schedule: {
        timeZone: "UTC",
        recurrences: [
          { recurrenceType: "Weekly", daysOfWeek: ["Sunday"], startTime: "01:00:00", endTime: "05:00:00" },
        ],
      },
    },
  });
  await make("applicationinsights:Workbook", "health", {
    ...{ ...inGroup, resourceName: "7a1c3c2e-0c6e-4b8e-9d35-8c8d4a9c4f11", kind: "shared" },
    ...{ displayName: "Health", category: "workbook", serializedData: "{}" },
  });
  await make("logic:Workflow", "teams", {
    ...inGroup,
    definition: { contentVersion: "1.0.0.0", triggers: { alert: { type: "Request" } }, actions: {} },
  });
  await make("dashboard:Grafana", "charts", {
    ...{
      ...inGroup,
      workspaceName: "charts",
      sku: { name: "Standard" },
      identity: { type: "SystemAssigned" },
    },
    properties: {
      grafanaIntegrations: {
        azureMonitorWorkspaceIntegrations: [{ azureMonitorWorkspaceResourceId: workspace.id }],
      },
    },
  });
  const dashboard = await make("dashboard:Dashboard", "health", inGroup);
  await make("dashboard:DashboardDefinition", "default", {
    ...{ ...inGroup, dashboardName: String(dashboard.outputs["name"]) },
    properties: { serializedData: "{}" },
  });
}
