import type { ResourceRow } from "./table.ts";

const providers = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers";
const insights = `${providers}/Microsoft.Insights`;
const alerts = `${providers}/Microsoft.AlertsManagement`;
const dashboard = `${providers}/Microsoft.Dashboard`;
const tracked = ["location", "tags"];
const moved = { autoName: "random", replaceOn: ["location"] } as const;

/** An extension resource: it hangs on any other one. */
function extension(type: string, name: string): ResourceRow {
  return {
    path: `/{resourceUri}/providers/Microsoft.Insights/${type}/{${name}}`,
    autoName: "copy",
    topLevel: [],
    replaceOn: [],
  };
}

/** The rows of what measures, shows and alerts. */
export const monitoringRows: Readonly<Record<string, ResourceRow>> = {
  "monitor:AzureMonitorWorkspace": {
    ...moved,
    path: `${providers}/Microsoft.Monitor/accounts/{azureMonitorWorkspaceName}`,
    topLevel: tracked,
  },
  "monitor:DataCollectionEndpoint": {
    ...moved,
    path: `${insights}/dataCollectionEndpoints/{dataCollectionEndpointName}`,
    topLevel: [...tracked, "kind", "identity"],
  },
  "monitor:DataCollectionRule": {
    ...moved,
    path: `${insights}/dataCollectionRules/{dataCollectionRuleName}`,
    topLevel: [...tracked, "kind", "identity"],
  },
  "monitor:DataCollectionRuleAssociation": extension("dataCollectionRuleAssociations", "associationName"),
  "monitor:DiagnosticSetting": extension("diagnosticSettings", "name"),
  "monitor:ActionGroup": {
    ...moved,
    path: `${insights}/actionGroups/{actionGroupName}`,
    topLevel: [...tracked, "identity"],
  },
  "monitor:ScheduledQueryRule": {
    ...moved,
    path: `${insights}/scheduledQueryRules/{ruleName}`,
    topLevel: [...tracked, "kind", "identity"],
  },
  "alertsmanagement:PrometheusRuleGroup": {
    ...moved,
    path: `${alerts}/prometheusRuleGroups/{ruleGroupName}`,
    topLevel: tracked,
  },
  "alertsmanagement:AlertProcessingRuleByName": {
    ...moved,
    path: `${alerts}/actionRules/{alertProcessingRuleName}`,
    topLevel: [...tracked, "properties"],
  },
  "applicationinsights:Workbook": {
    ...moved,
    path: `${insights}/workbooks/{resourceName}`,
    topLevel: [...tracked, "kind", "identity"],
  },
  "logic:Workflow": {
    path: `${providers}/Microsoft.Logic/workflows/{workflowName}`,
    autoName: "random",
    topLevel: [...tracked, "identity"],
    replaceOn: [],
  },
  // Its location is a property like others in the specification, so that changing it is tried, and refused.
  "dashboard:Grafana": {
    path: `${dashboard}/grafana/{workspaceName}`,
    autoName: "random",
    topLevel: [...tracked, "sku", "identity", "properties"],
    replaceOn: [],
  },
  "dashboard:Dashboard": {
    ...moved,
    path: `${dashboard}/dashboards/{dashboardName}`,
    topLevel: tracked,
  },
  "dashboard:DashboardDefinition": {
    path: `${dashboard}/dashboards/{dashboardName}/dashboardDefinitions/{definitionName}`,
    autoName: "copy",
    topLevel: ["properties"],
    replaceOn: [],
  },
};
