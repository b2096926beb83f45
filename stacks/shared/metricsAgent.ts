import { METRICS_AGENT } from "../../components/clusterMonitoring/agent.ts";
import type { ScrapedJob, ScrapeTarget } from "../../components/clusterMonitoring/scrapeJobs.ts";
import type { NetworkClient } from "../../components/network/specs.ts";
import { hasOwnPods } from "../../components/platformIngress/classes.ts";
import { KNOWN_SERVERS } from "../settings/knownServers.ts";
import { exportsGpuMetrics, keepsMetrics } from "../settings/monitored.ts";
import type { Settings } from "../settings.ts";

/** Who reads metrics besides those that settings name: the agent of managed Prometheus, where there is one. */
export function withMetricsAgent(
  settings: Pick<Settings, "monitoring">,
  clients: NetworkClient[] = [],
): NetworkClient[] {
  if (!keepsMetrics(settings)) return clients;
  const { namespace, podLabels } = METRICS_AGENT;
  const named = clients.some(
    (client) => client.namespace === namespace && client.podLabels?.["rsName"] === podLabels?.["rsName"],
  );
  return named ? clients : [...clients, METRICS_AGENT];
}

/** What of the stack is scraped besides Azure's default targets; what isn't there isn't looked for. */
export function scrapeTargets(settings: Settings): ScrapeTarget[] {
  if (!keepsMetrics(settings)) return [];
  const { mcpServers, mcpNamespace, models, modelNamespace, kmcp, kaito, ragEngines, ingress } = settings;
  const targets: ScrapeTarget[] = [];
  const scrape = (job: ScrapedJob, ...namespaces: string[]) => targets.push({ job, namespaces });
  const guarded = Object.values(mcpServers).some(({ guard }) => guard.mode !== "none");
  if (guarded || KNOWN_SERVERS.some(({ key }) => settings[key].enabled)) scrape("mcp-guard", mcpNamespace);
  if (Object.keys(models).length > 0) scrape("vllm", modelNamespace);
  scrape("kmcp", kmcp.namespace);
  if (kaito.mode === "byo") {
    const { namespace, ragEngineNamespace } = kaito;
    scrape("kaito", namespace, ...(Object.keys(ragEngines).length > 0 ? [ragEngineNamespace] : []));
  }
  if (exportsGpuMetrics(settings)) scrape("dcgm", settings.monitoring.gpu.namespace);
  if (hasCertManager(settings)) scrape("cert-manager", ingress.certManager.namespace);
  if (ingress.enabled && hasOwnPods(ingress.className)) scrape("istio-gateway", ingress.namespace);
  return targets;
}

/** The jobs whose metrics there are, Azure's default targets aside. */
export function scrapedJobs(settings: Settings): ScrapedJob[] {
  return scrapeTargets(settings).map(({ job }) => job);
}

/** Whether cert-manager is this program's. */
export function hasCertManager({ ingress }: Pick<Settings, "ingress">): boolean {
  const { enabled, certManager, tls } = ingress;
  return enabled && certManager.install && (tls.issuer !== undefined || tls.clusterIssuer !== undefined);
}
