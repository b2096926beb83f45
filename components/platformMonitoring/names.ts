/** The name that Azure's own tools give the endpoint and the rule of a cluster's metrics. */
const METRICS_PREFIX = "MSProm";

/** The name that they give the rule of its logs. */
const LOGS_PREFIX = "MSCI";

/**
 * Names of what is made for a cluster. Endpoint and rules are called as in Azure's own templates, so that who knows those
 * knows these. `az aks update --enable-azure-monitor-metrics` needn't find them: it refuses while metrics are on.
 *
 * Source: AddonBicepTemplate/FullAzureMonitorMetricsProfile.bicep of Azure/prometheus-collector, 39583fd50;
 * scripts/onboarding/aks/onboarding-msi-bicep of microsoft/Docker-Provider.
 */
export function monitoringNames(clusterName: string, location: string) {
  const metrics = `${METRICS_PREFIX}-${location}-${clusterName}`;
  return {
    logWorkspace: cut(`log-${clusterName}`, 63),
    metricsWorkspace: cut(`amw-${clusterName}`, 63),
    metricsEndpoint: cut(metrics, 44),
    metricsRule: cut(metrics, 64),
    metricsAssociation: cut(metrics, 64),
    logsRule: cut(`${LOGS_PREFIX}-${location}-${clusterName}`, 64),
    grafana: cut(`graf-${clusterName}`, 23),
  };
}

/** The association of the logs' rule, whose name the agent looks for. Source: the same template. */
export const LOGS_ASSOCIATION = "ContainerInsightsExtension";

/** As much of a name as Azure takes; it may not end with "-". */
function cut(name: string, length: number): string {
  return name.slice(0, length).replace(/-+$/, "");
}
