import { Workbook } from "@pulumi/azure-native/applicationinsights/workbook.js";
import { Dashboard } from "@pulumi/azure-native/dashboard/dashboard.js";
import { DashboardDefinition } from "@pulumi/azure-native/dashboard/dashboardDefinition.js";
import * as pulumi from "@pulumi/pulumi";
import { DEFAULT_TITLE } from "../dashboards/options.ts";
import { azureWorkbook, type DashboardOptions, grafanaDashboard } from "../dashboards.ts";
import { stableUuid } from "../names.ts";
import type { ClusterPagesArgs } from "./args.ts";

/** What the pages are made for, and where. */
export interface PagesPlace {
  resourceGroupName: pulumi.Input<string>;
  location: pulumi.Input<string>;
  clusterId: pulumi.Input<string>;
  clusterName: string;
  metricsWorkspaceId: pulumi.Input<string>;
  logsWorkspaceId?: pulumi.Input<string>;
  /** Seconds between two scrapes. @default 30 */
  intervalSeconds?: number;
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** The only name that a dashboard's definition may have. Source: dashboardDefinitions of Microsoft.Dashboard. */
const DEFINITION = "default";

/**
 * By these tags Azure finds a dashboard for the cluster's own page of dashboards; those that Grafana's model has are
 * read by Grafana alone.
 * Source: https://learn.microsoft.com/azure/azure-monitor/visualize/visualize-use-grafana-dashboards
 */
const FOUND_BY = {
  GrafanaDashboardResourceType: "microsoft.ContainerService/managedClusters",
  GrafanaDashboardTags: "mcpaas",
} as const;

/** Workbook and dashboard, from one description. */
export function clusterPages(
  parent: pulumi.Resource,
  name: string,
  pages: ClusterPagesArgs,
  place: PagesPlace,
): void {
  const { workbook = true, dashboard = true, features = {}, runbookBase, title } = pages;
  const { resourceGroupName, location, clusterId, clusterName, tags } = place;
  const ids = pulumi.all([clusterId, place.metricsWorkspaceId, place.logsWorkspaceId, location]);
  const options = (cluster: string, logs: string | undefined, region: string): DashboardOptions => ({
    title,
    clusterName,
    features,
    scrapeIntervalSeconds: place.intervalSeconds,
    logAnalyticsWorkspaceId: logs,
    subscriptionId: cluster.split("/")[2],
    location: region,
    runbookBase,
  });
  if (workbook) {
    new Workbook(
      `${name}-workbook`,
      {
        resourceGroupName,
        location,
        // Azure takes none but a GUID, and keeps workbooks apart by it alone.
        resourceName: pulumi
          .output(clusterId)
          .apply((cluster) => stableUuid("workbook", cluster.toLowerCase(), name)),
        displayName: `${title ?? DEFAULT_TITLE}: ${clusterName}`,
        category: "workbook",
        kind: "shared",
        // Among the cluster's own workbooks.
        sourceId: clusterId,
        version: "Notebook/1.0",
        serializedData: ids.apply(([cluster, metrics, logs, region]) =>
          azureWorkbook({ ...options(cluster, logs, region), azureMonitorWorkspaceId: metrics }),
        ),
        tags,
      },
      { parent },
    );
  }
  if (dashboard) {
    const page = new Dashboard(
      `${name}-dashboard`,
      {
        resourceGroupName,
        location,
        dashboardName: `dash-${clusterName}`,
        tags: pulumi.output(tags).apply((own) => ({ ...own, ...FOUND_BY })),
      },
      { parent },
    );
    new DashboardDefinition(
      `${name}-dashboard-definition`,
      {
        resourceGroupName,
        dashboardName: page.name,
        definitionName: DEFINITION,
        properties: {
          serializedData: ids.apply(([cluster, , logs, region]) =>
            JSON.stringify(grafanaDashboard(options(cluster, logs, region))),
          ),
        },
      },
      { parent },
    );
  }
}
