import type { ClusterPagesArgs } from "../../components/clusterMonitoring.ts";
import type { Settings } from "../settings.ts";
import { scrapedJobs } from "../shared/metricsAgent.ts";

/** What workbook and dashboard show, and where their links lead: nothing of what isn't scraped, which would be empty. */
export function pagesOf(settings: Settings): ClusterPagesArgs {
  const { workbook, dashboard } = settings.monitoring;
  const { models, openWebSearch, mcpServers, alerts } = settings;
  const jobs = new Set(scrapedJobs(settings));
  return {
    workbook,
    dashboard,
    runbookBase: alerts.runbookBase,
    features: {
      mcp: jobs.has("mcp-guard"),
      search: openWebSearch.enabled,
      models: jobs.has("vllm"),
      kaito: jobs.has("kaito"),
      gpu: jobs.has("dcgm"),
      ingress: jobs.has("istio-gateway"),
      certificates: jobs.has("cert-manager"),
      autoscaling:
        Object.values(mcpServers).some(({ autoscaling }) => autoscaling !== undefined) ||
        Object.values(models).some(({ autoscaling }) => autoscaling !== undefined),
      objectives: alerts.enabled,
    },
  };
}
