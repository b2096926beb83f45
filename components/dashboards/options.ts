import type { Feature } from "./panel.ts";

/** What a dashboard is made for: plain strings, so that both renderings are pure functions. */
export interface DashboardOptions {
  /** @default "MCP platform" */
  title?: string;
  /** The cluster's name, which Azure's agent puts on every series as label `cluster`. */
  clusterName: string;
  /**
   * What the platform has; panels of what it hasn't are left out. "logs" and "quota" follow from the ids below.
   * @default - nothing but a cluster
   */
  features?: Partial<Record<Exclude<Feature, "logs" | "quota">, boolean>>;
  /** Seconds between two scrapes: no rate is taken over less than four of them. @default 30 */
  scrapeIntervalSeconds?: number;
  /** ARM id of the Log Analytics workspace with the containers' logs. @default - panels of logs are left out */
  logAnalyticsWorkspaceId?: string;
  /** The subscription whose quotas are shown. @default - panels of quotas are left out */
  subscriptionId?: string;
  /** The region whose quotas are shown, such as "eastus". @default - all regions */
  location?: string;
  /**
   * Where the project's files are read, such as "https://github.com/acme/mcpaas/blob/main": panels then link to their
   * runbooks. @default - without links
   */
  runbookBase?: string;
}

/** What a workbook needs besides. */
export interface WorkbookOptions extends DashboardOptions {
  /** ARM id of the Azure Monitor workspace with the metrics. */
  azureMonitorWorkspaceId: string;
}

/** Seconds between two scrapes where nobody says otherwise. */
export const DEFAULT_INTERVAL_SECONDS = 30;

export const DEFAULT_TITLE = "MCP platform";

/** The features that sections are chosen by. */
export function featuresOf(options: DashboardOptions): Set<Feature> {
  const { features = {}, logAnalyticsWorkspaceId, subscriptionId } = options;
  const { mcp, search, models, kaito, gpu, ingress, certificates, autoscaling, objectives } = features;
  const named = Object.entries({
    mcp,
    search,
    models,
    kaito,
    gpu,
    ingress,
    certificates,
    autoscaling,
    objectives,
  });
  return new Set([
    ...named.filter(([, present]) => present).map(([feature]) => feature as Feature),
    ...(logAnalyticsWorkspaceId === undefined ? [] : (["logs"] as const)),
    ...(subscriptionId === undefined ? [] : (["quota"] as const)),
  ]);
}

/** Where a panel's runbook is read. */
export function runbookLink(runbook: string, base: string): string {
  return `${base.replace(/\/+$/, "")}/docs/runbooks/${runbook}.md`;
}
