import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import * as pulumi from "@pulumi/pulumi";
import { AcrForAks } from "../components/acrForAks.ts";
import { AksWithGpuPool } from "../components/aksWithGpuPool.ts";
import { aiHalf } from "./azure/ai.ts";
import { aksMcp } from "./azure/aksMcp.ts";
import { platformAlerts } from "./azure/alerts.ts";
import { clusterBackup } from "./azure/backup.ts";
import { azureDatabase, chatDatabase } from "./azure/database.ts";
import { serverImages } from "./azure/images.ts";
import { kedaPrometheus } from "./azure/keda.ts";
import { locks } from "./azure/locks.ts";
import { clusterMonitoring, monitoringAgents, platformMonitoring, scrapedJobs } from "./azure/monitoring.ts";
import { platformNetwork, privatePlace } from "./azure/network.ts";
import { poolSettings } from "./azure/pools.ts";
import { readableVerdicts } from "./azure/verdicts.ts";
import { hasKeda } from "./settings/keda.ts";
import type { Settings } from "./settings.ts";
import { chatApp } from "./shared/chat.ts";
import { needsAppRouting, platformIngress } from "./shared/ingress.ts";
import { mcpPlatform, neededImages } from "./shared/mcpPlatform.ts";
import { addressesOf } from "./shared/mcpServers.ts";
import { mutable } from "./shared/mutable.ts";

/**
 * The platform on Azure. What is made last is deleted first, and every step needs the one before it: MCP servers and
 * models need the controllers that handle their deletion, controllers need their namespaces, and all of it a cluster.
 */
export function azureStack(settings: Settings) {
  const { location, tags } = settings;
  const { protect } = settings;
  const group = new ResourceGroup(
    "group",
    { resourceGroupName: settings.resourceGroup, location, tags },
    // With it everything goes that is in it.
    { protect },
  );
  const clusterName = `aks-mcpaas-${settings.stack}`;
  const resourceGroupName = group.name;
  const network = platformNetwork(settings, resourceGroupName);
  const monitoring = platformMonitoring(settings, { resourceGroupName, clusterName });
  const { systemPool, userPool, gpuPool, moreGpuPools, keda, reselectVmSizes, ...shape } = settings.cluster;
  const cluster = new AksWithGpuPool("aks", {
    ...mutable(shape),
    clusterName,
    resourceGroupName,
    location,
    otherLocations: [...settings.otherLocations],
    systemPool: mutable(systemPool),
    userPool: poolSettings(userPool),
    gpuPool: poolSettings(gpuPool),
    moreGpuPools: mutable(moreGpuPools),
    aiToolchainOperator: settings.kaito.mode === "addon",
    appRoutingGateway: needsAppRouting(settings),
    keda: hasKeda(settings),
    monitoring: monitoringAgents(settings, monitoring),
    reselect: reselectVmSizes,
    nodesSubnetId: network?.nodesSubnetId,
    protect,
    tags,
  });
  const { name: registryName, privateEndpoint, ...registrySettings } = settings.registry;
  const registry = new AcrForAks("registry", {
    ...mutable(registrySettings),
    registryName,
    resourceGroupName: group.name,
    location,
    kubeletIdentityObjectId: cluster.kubeletIdentity.objectId,
    privateEndpoint: privateEndpoint ? privatePlace(settings, network) : undefined,
    protect,
    tags,
  });

  const inGroup = { resourceGroupName: group.name, location, tags };
  const place = {
    provider: cluster.provider,
    kubeconfig: cluster.kubeconfig,
    dependsOn: [cluster],
    gatewayApi: cluster.gatewayApi,
  };
  const { loginServer } = registry;
  const prometheus = kedaPrometheus(settings, { cluster, clusterName, resourceGroupName, monitoring });
  const { kmcp, servers: deployed } = mcpPlatform(settings, {
    cluster: place,
    loginServer,
    images: serverImages(settings, { registry, ...inGroup }, neededImages(settings)),
    prometheus,
    aksMcp: aksMcp({ ...inGroup, oidcIssuerUrl: cluster.oidcIssuerUrl }),
    // The registry with its pull right: without it the images can't be pulled.
    pulls: [registry],
  });
  const servers = addressesOf(deployed);

  const ai = aiHalf(settings, {
    ...{ cluster, registry, resourceGroupName, prometheus },
    registryRange: privateEndpoint ? network?.endpointsRange : undefined,
  });
  const { models, ragEngines, kaito } = ai;
  const postgresql = azureDatabase(settings, { resourceGroupName, network });
  const chat = chatApp(settings, {
    ...{ models, ragEngines, servers: deployed, cluster: place, loginServer },
    database: chatDatabase(postgresql, network),
  });
  const ingress = platformIngress(settings, { cluster: place, chat, servers: deployed });
  if (monitoring !== undefined) {
    const watched = { resourceGroupName, monitoring, cluster, registry, kmcp, kaito, models, ingress };
    clusterMonitoring(settings, watched);
  }
  const made = [...models.values(), kmcp, kaito, chat, ingress];
  const alerts = platformAlerts(settings, {
    cluster,
    resourceGroupName,
    azureMonitorWorkspaceId: monitoring?.azureMonitorWorkspaceId,
    logAnalyticsWorkspaceId: monitoring?.logAnalyticsWorkspaceId,
    jobs: scrapedJobs(settings),
    dependsOn: made.filter((each) => each !== undefined),
  });

  const backup = clusterBackup(settings, { resourceGroupName, clusterName, cluster, network });
  locks(settings, {
    database: { id: postgresql?.id, dependsOn: postgresql && [postgresql] },
    logs: { id: monitoring?.logAnalyticsWorkspaceId },
  });

  return {
    resourceGroup: group.name,
    registryLoginServer: registry.loginServer,
    clusterName: cluster.clusterName,
    kubeconfig: cluster.kubeconfig,
    oidcIssuerUrl: cluster.oidcIssuerUrl,
    vmSizes: cluster.vmSizes,
    // As text: Pulumi prints outputs after every up, and the figures stay in the resource.
    verdicts: cluster.verdicts.apply(readableVerdicts),
    mcpUrls: servers.urls,
    mcpTokens: servers.tokens,
    modelUrls: pulumi.output(ai.modelUrls),
    ragUrls: pulumi.output(ai.ragUrls),
    adapters: pulumi.output(ai.adapters),
    // Not one Output: the password alone is a secret then, and how to sign in can be read.
    chat: chat && {
      url: chat.url,
      publicUrl: chat.publicUrl,
      administrator: chat.administrator,
      signIn: chat.signIn,
    },
    ingress: ingress && { address: ingress.address, urls: ingress.urls },
    monitoring: monitoring && {
      logAnalyticsWorkspaceId: monitoring.logAnalyticsWorkspaceId,
      azureMonitorWorkspaceId: monitoring.azureMonitorWorkspaceId,
      prometheusQueryEndpoint: monitoring.prometheusQueryEndpoint,
      grafanaEndpoint: monitoring.grafanaEndpoint,
    },
    backup: backup && {
      vault: backup.vaultName,
      instance: backup.instanceName,
      snapshotResourceGroup: backup.snapshotResourceGroup,
    },
    alerts: alerts && { actionGroups: alerts.actionGroupIds },
  };
}
