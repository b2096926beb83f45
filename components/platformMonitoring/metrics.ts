import type { DataCollectionRuleArgs } from "@pulumi/azure-native/monitor/dataCollectionRule.js";
import type * as pulumi from "@pulumi/pulumi";

const DESTINATION = "MonitoringAccount1";
const STREAM = "Microsoft-PrometheusMetrics";

/**
 * Where the agent of managed Prometheus sends its samples.
 *
 * The workspace brings an endpoint and a rule of its own, in a resource group that Azure makes for it; they are for
 * remote write and go with the workspace. Source: AddonBicepTemplate/FullAzureMonitorMetricsProfile.bicep of
 * Azure/prometheus-collector, 39583fd50, which makes these besides.
 */
export function metricsRuleArgs(
  workspaceId: pulumi.Input<string>,
  endpointId: pulumi.Input<string>,
): Omit<DataCollectionRuleArgs, "resourceGroupName"> {
  return {
    kind: "Linux",
    description: "Where managed Prometheus sends the cluster's metrics",
    dataCollectionEndpointId: endpointId,
    dataSources: { prometheusForwarder: [{ name: "PrometheusDataSource", streams: [STREAM] }] },
    destinations: { monitoringAccounts: [{ name: DESTINATION, accountResourceId: workspaceId }] },
    dataFlows: [{ streams: [STREAM], destinations: [DESTINATION] }],
  };
}
