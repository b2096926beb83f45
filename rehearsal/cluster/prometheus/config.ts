import { parse, stringify } from "yaml";

/** What the configuration depends on beside the cluster's own part of it. */
export interface ConfigOptions {
  /** The cluster's name, which Azure's agent puts on every series. */
  cluster: string;
  /** How targets are found: as the agent's service account. */
  kubeconfig: string;
  /** The proxy by which pods are reached at their addresses. */
  proxy: string;
  /** The file with the rules. */
  ruleFile: string;
}

interface ScrapeConfig {
  kubernetes_sd_configs?: object[];
  relabel_configs?: object[];
}

/** Nobody who waits for a metric here has to wait as long as in a cluster, and there are few targets. */
const often = { scrape_interval: "5s", scrape_timeout: "5s" };

/**
 * Prometheus' configuration out of the text that Azure's agent reads (`prometheus-config` of the ConfigMap
 * `ama-metrics-prometheus-config`): the same jobs, targets and relabelling, in a Prometheus outside of the cluster.
 *
 * @param text undefined when there is none: nothing is scraped then.
 * @throws {Error} when it is no YAML.
 */
export function prometheusConfig(
  text: string | undefined,
  { cluster, kubeconfig, proxy, ruleFile }: ConfigOptions,
): string {
  // The agent replaces variables in the text: a dollar that is meant is doubled.
  const asked: { scrape_configs?: ScrapeConfig[] } = parse((text ?? "").replaceAll("$$", "$")) ?? {};
  return stringify({
    global: often,
    rule_files: [ruleFile],
    scrape_configs: (asked.scrape_configs ?? []).map((job) => ({
      ...job,
      ...often,
      proxy_url: proxy,
      ...(job.kubernetes_sd_configs && {
        kubernetes_sd_configs: job.kubernetes_sd_configs.map((found) => ({
          ...found,
          kubeconfig_file: kubeconfig,
        })),
      }),
      relabel_configs: [...(job.relabel_configs ?? []), { target_label: "cluster", replacement: cluster }],
    })),
  });
}
