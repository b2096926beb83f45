import { ids } from "./world.ts";

/**
 * A made-up alert in the common alert schema, as tests send it.
 * Source: https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-common-schema
 *
 * @param group id of the action group, which stands for what the alert is about
 */
export function testAlert(alertType: string, group: string, id: string): unknown {
  const now = new Date().toISOString();
  const log = alertType.startsWith("log");
  const rule = `test-${alertType}`;
  return {
    schemaId: "azureMonitorCommonAlertSchema",
    data: {
      essentials: {
        alertId: `/subscriptions/${ids.subscription}/providers/Microsoft.AlertsManagement/alerts/${id}`,
        alertRule: rule,
        targetResourceType: "microsoft.insights/actiongroups",
        alertTargetIDs: [group.toLowerCase()],
        configurationItems: [group.split("/").at(-1)],
        originAlertId: `${id}_${rule}`,
        severity: "Sev3",
        signalType: log ? "Log" : alertType === "activitylog" ? "Activity Log" : "Metric",
        monitorCondition: "Fired",
        monitoringService: log ? "Log Alerts V2" : "Platform",
        firedDateTime: now,
        description: "Test notification",
        essentialsVersion: "1.0",
        alertContextVersion: "1.0",
      },
      alertContext: {
        properties: null,
        conditionType: log ? "LogQueryCriteria" : "SingleResourceMultipleMetricCriteria",
        condition: { windowSize: "PT5M", allOf: [], windowStartTime: now, windowEndTime: now },
      },
      customProperties: {},
    },
  };
}
