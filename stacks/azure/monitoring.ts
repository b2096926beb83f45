import type * as pulumi from "@pulumi/pulumi";
import type { AcrForAks } from "../../components/acrForAks.ts";
import type { AksWithGpuPool, AksWithGpuPoolArgs } from "../../components/aksWithGpuPool.ts";
import {
  ENVOY_METRICS_PORT,
  KAITO_METRICS_PORT,
  KMCP_METRICS_PORT,
  VLLM_PORT,
} from "../../components/clusterMonitoring/scrapeJobs.ts";
import { ClusterMonitoring, type MetricsOpening } from "../../components/clusterMonitoring.ts";
import { GpuMetrics } from "../../components/gpuMetrics.ts";
import type { KaitoInstall } from "../../components/kaitoInstall.ts";
import type { KaitoWorkspace } from "../../components/kaitoWorkspace.ts";
import type { KmcpInstall } from "../../components/kmcpInstall.ts";
import { NODE_LABELS } from "../../components/metrics.ts";
import { gatewayPodLabels, hasOwnPods } from "../../components/platformIngress/classes.ts";
import type { PlatformIngress } from "../../components/platformIngress.ts";
import { PlatformMonitoring } from "../../components/platformMonitoring.ts";
import { argumentsFrom } from "../../components/validation.ts";
import { exportsGpuMetrics, keepsLogs, keepsMetrics } from "../settings/monitored.ts";
import type { Settings } from "../settings.ts";
import { scrapeTargets, withMetricsAgent } from "../shared/metricsAgent.ts";
import { mutable } from "../shared/mutable.ts";
import { exemptionOf } from "../shared/podSecurity.ts";
import { pagesOf } from "./monitoringPages.ts";

export { scrapedJobs } from "../shared/metricsAgent.ts";

/** Where logs and metrics go, if anything is collected; before the cluster. */
export function platformMonitoring(
  settings: Settings,
  place: { resourceGroupName: pulumi.Input<string>; clusterName: string },
): PlatformMonitoring | undefined {
  const { monitoring, location, tags, protect } = settings;
  if (!monitoring.enabled) return undefined;
  const {
    enabled: withLogs,
    clusterCategories: _,
    registryCategories: __,
    ...logs
  } = mutable(monitoring.logs);
  const { enabled: withGrafana, ...grafana } = mutable(monitoring.grafana);
  return argumentsFrom(
    "mcpaas:monitoring",
    () =>
      new PlatformMonitoring("monitoring", {
        ...place,
        location,
        tags,
        protect,
        logs: withLogs ? logs : "none",
        metrics: monitoring.metrics.enabled,
        grafana: withGrafana ? grafana : "none",
        readers: mutable(monitoring.readers),
      }),
  );
}

/** Which agents run on the cluster. */
export function monitoringAgents(
  settings: Settings,
  monitoring: PlatformMonitoring | undefined,
): AksWithGpuPoolArgs["monitoring"] {
  return {
    logAnalyticsWorkspaceId: monitoring?.logAnalyticsWorkspaceId,
    metrics: keepsMetrics(settings),
    nodeLabels: NODE_LABELS,
  };
}

/** What there is to watch. */
export interface Watched {
  monitoring: PlatformMonitoring;
  resourceGroupName: pulumi.Input<string>;
  cluster: AksWithGpuPool;
  registry: AcrForAks;
  kmcp: KmcpInstall;
  kaito: KaitoInstall | undefined;
  models: ReadonlyMap<string, KaitoWorkspace>;
  ingress: PlatformIngress | undefined;
}

/** What makes the cluster and what is on it send what the settings ask for. */
export function clusterMonitoring(settings: Settings, watched: Watched): void {
  const { location, tags, stack } = settings;
  const { monitoring, cluster, registry, resourceGroupName } = watched;
  const inCluster = { provider: cluster.provider, dependsOn: [cluster] };
  if (exportsGpuMetrics(settings)) gpuMetrics(settings, inCluster);
  const { logs, metrics } = mutable(settings.monitoring);
  const { logAnalyticsWorkspaceId, logsRuleId, azureMonitorWorkspaceId, metricsRuleId } = monitoring;
  argumentsFrom(
    "mcpaas:monitoring",
    () =>
      new ClusterMonitoring(
        "cluster-monitoring",
        {
          resourceGroupName,
          location,
          tags,
          clusterId: cluster.id,
          clusterName: `aks-mcpaas-${stack}`,
          logs:
            keepsLogs(settings) && logAnalyticsWorkspaceId && logsRuleId
              ? {
                  workspaceId: logAnalyticsWorkspaceId,
                  ruleId: logsRuleId,
                  excludedNamespaces: logs.excludedNamespaces,
                  clusterCategories: logs.clusterCategories,
                  registryId: registry.id,
                  registryCategories: logs.registryCategories,
                }
              : undefined,
          metrics:
            azureMonitorWorkspaceId && metricsRuleId
              ? {
                  workspaceId: azureMonitorWorkspaceId,
                  ruleId: metricsRuleId,
                  targets: scrapeTargets(settings),
                  openings: openings(settings, watched),
                  intervalSeconds: metrics.intervalSeconds,
                  minimal: metrics.minimal,
                }
              : undefined,
          pages: pagesOf(settings),
        },
        inCluster,
      ),
  );
}

function gpuMetrics(settings: Settings, options: pulumi.ComponentResourceOptions): void {
  const { enabled: _, ...gpu } = mutable(settings.monitoring.gpu);
  argumentsFrom(
    "mcpaas:monitoring.gpu",
    () =>
      new GpuMetrics(
        "gpu-metrics",
        {
          ...gpu,
          podSecurityExemption: exemptionOf(settings, "gpuMetrics") ?? "none",
          metricsClients: withMetricsAgent(settings),
        },
        options,
      ),
  );
}

/**
 * Pods that let nobody in who wasn't named: controllers, models and the front door. Guards, cert-manager and the GPU
 * exporter are told themselves.
 */
function openings(settings: Settings, watched: Watched): Record<string, MetricsOpening> {
  const { kmcp, kaito, models, ingress } = watched;
  const ofApp = (name: string) => ({ "app.kubernetes.io/name": name });
  const all: Record<string, MetricsOpening> = {
    kmcp: { namespace: kmcp.namespace, podLabels: ofApp("kmcp"), port: KMCP_METRICS_PORT },
  };
  if (kaito?.mode === "byo") {
    const { namespace, ragEngineNamespace } = kaito;
    all["kaito"] = { namespace, podLabels: ofApp("workspace"), port: KAITO_METRICS_PORT };
    if (ragEngineNamespace !== undefined) {
      const podLabels = ofApp("ragengine");
      all["kaito-ragengine"] = { namespace: ragEngineNamespace, podLabels, port: KAITO_METRICS_PORT };
    }
  }
  for (const [name, { namespace, podLabels }] of models) {
    all[`model-${name}`] = { namespace, podLabels, port: VLLM_PORT };
  }
  const { className } = settings.ingress;
  if (ingress !== undefined && hasOwnPods(className)) {
    const podLabels = gatewayPodLabels(ingress.gatewayName);
    all["gateway"] = { namespace: ingress.namespace, podLabels, port: ENVOY_METRICS_PORT };
  }
  return all;
}
