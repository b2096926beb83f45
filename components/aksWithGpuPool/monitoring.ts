import type { ManagedClusterArgs } from "@pulumi/azure-native/containerservice/managedCluster.js";
import type * as pulumi from "@pulumi/pulumi";

/** Which of Azure Monitor's agents AKS runs on the cluster. What isn't asked for is switched off. */
export interface ClusterMonitoringProfile {
  /**
   * ARM id of the Log Analytics workspace that the agent of Container Insights belongs to. What it sends, and how
   * often, is the affair of a data collection rule; without one associated it sends nothing.
   * Source: `addonProfiles.omsagent` of Microsoft.ContainerService/managedClusters.
   * @default - no agent
   */
  logAnalyticsWorkspaceId?: pulumi.Input<string>;
  /**
   * The agent of managed Prometheus, with kube-state-metrics and the collection from nodes that come with it. A data
   * collection rule says where it sends to; without one it sends nothing.
   * Source: `azureMonitorProfile.metrics` of the same.
   * @default false
   */
  metrics?: boolean;
  /**
   * Labels of nodes that kube-state-metrics shows. It shows none else.
   * @default - none
   */
  nodeLabels?: readonly string[];
}

/**
 * The part of the cluster's arguments that says which agents run. Both are said when they are off as well: AKS leaves
 * alone what a request doesn't mention, and an agent that nobody wants would go on sending.
 */
export function monitoringProfile(
  monitoring: ClusterMonitoringProfile | undefined,
): Pick<ManagedClusterArgs, "addonProfiles" | "azureMonitorProfile"> {
  if (monitoring === undefined) return {};
  const { logAnalyticsWorkspaceId, metrics = false, nodeLabels = [] } = monitoring;
  return {
    addonProfiles: {
      omsagent:
        logAnalyticsWorkspaceId === undefined
          ? { enabled: false }
          : {
              enabled: true,
              // With the cluster's identity: the other way is the workspace's shared key.
              config: { logAnalyticsWorkspaceResourceID: logAnalyticsWorkspaceId, useAADAuth: "true" },
            },
    },
    azureMonitorProfile: {
      metrics: metrics
        ? {
            enabled: true,
            kubeStateMetrics: {
              metricAnnotationsAllowList: "",
              metricLabelsAllowlist: nodeLabels.length > 0 ? `nodes=[${nodeLabels.join(",")}]` : "",
            },
          }
        : { enabled: false },
    },
  };
}
