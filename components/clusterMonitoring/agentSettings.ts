import { type DEFAULT_JOBS, seriesToKeep } from "../metrics.ts";

type DefaultJob = (typeof DEFAULT_JOBS)[number];

/** The default targets that the project uses, by the names that the agent has for them. */
const USED: Readonly<Record<DefaultJob, string>> = {
  "kube-state-metrics": "kubestate",
  cadvisor: "cadvisor",
  kubelet: "kubelet",
  node: "nodeexporter",
};

/**
 * The targets that nobody here asks anything of, or that others are for. The GPU exporter that Azure would ask is that
 * of managed GPU nodes, and it throws away the labels that say whose GPU it is; ours is GpuMetrics'. Windows, Retina
 * and Azure Container Storage aren't there.
 */
const UNUSED = [
  "coredns",
  "kubeproxy",
  "apiserver",
  "windowsexporter",
  "windowskubeproxy",
  "kappiebasic",
  "networkobservabilityRetina",
  "networkobservabilityHubble",
  "networkobservabilityCilium",
  "acstor-capacity-provisioner",
  "acstor-metrics-exporter",
  "local-csi-driver",
  "ztunnel",
  "istio-cni",
  "dcgmexporter",
  "prometheuscollectorhealth",
];

/** What the settings of the agent of managed Prometheus depend on. */
export interface AgentSettingsArgs {
  intervalSeconds: number;
  /** Azure's minimal ingestion profile, with what the catalogue has besides; else all that default targets say. */
  minimal: boolean;
}

/**
 * The data of the ConfigMap `ama-metrics-settings-configmap`: which default targets are asked, how often, and what of
 * their answers is kept.
 * Source: otelcollector/configmaps/ama-metrics-settings-configmap-v2.yaml of Azure/prometheus-collector, 39583fd50.
 */
export function metricsAgentSettings({
  intervalSeconds,
  minimal,
}: AgentSettingsArgs): Record<string, string> {
  const used = Object.values(USED);
  const keepLists = Object.entries(USED).map(([job, target]) => {
    const series = minimal ? seriesToKeep(job as DefaultJob) : [];
    return [target, `"${series.join("|")}"`] as const;
  });
  return {
    "schema-version": "v2",
    "config-version": "ver1",
    "cluster-metrics": block({
      "default-targets-scrape-enabled": lines([
        ...used.map((target) => [target, "true"] as const),
        ...UNUSED.map((target) => [target, "false"] as const),
      ]),
      "default-targets-metrics-keep-list": lines(keepLists),
      "minimal-ingestion-profile": lines([["enabled", String(minimal)]]),
      "default-targets-scrape-interval-settings": lines(
        used.map((target) => [target, `"${intervalSeconds}s"`] as const),
      ),
    }),
    // The control plane's own metrics are a preview, and nothing here asks for them.
    "controlplane-metrics": block({
      "default-targets-scrape-enabled": lines([
        ["apiserver", "false"],
        ["etcd", "false"],
      ]),
    }),
    "prometheus-collector-settings": lines([["debug-mode", "false"]]),
  };
}

/**
 * The data of the ConfigMap `container-azm-ms-agentconfig`. The namespaces of a data collection rule hold for the
 * inventory only; of which of them the output of containers is sent, the agent is told here.
 * Source: kubernetes/container-azm-ms-agentconfig.yaml of microsoft/Docker-Provider.
 */
export function logAgentSettings(excludedNamespaces: readonly string[]): Record<string, string> {
  const excluded = `exclude_namespaces = [${excludedNamespaces.map((name) => `"${name}"`).join(",")}]`;
  return {
    "schema-version": "v1",
    "config-version": "ver1",
    "log-data-collection-settings": [
      "[log_collection_settings]",
      ...["stdout", "stderr"].flatMap((stream) => [
        `  [log_collection_settings.${stream}]`,
        "    enabled = true",
        `    ${excluded}`,
      ]),
      // Variables may hold what isn't for everybody who reads logs.
      "  [log_collection_settings.env_var]",
      "    enabled = false",
      "  [log_collection_settings.schema]",
      '    containerlog_schema_version = "v2"',
      "",
    ].join("\n"),
  };
}

type Line = readonly [string, string];

function lines(entries: readonly Line[]): string {
  return entries.map(([key, value]) => `${key} = ${value}\n`).join("");
}

/** YAML of texts that stand literally, as the agent reads them. */
function block(sections: Record<string, string>): string {
  return Object.entries(sections)
    .map(([name, text]) => `${name}: |-\n${text.replace(/^(?=.)/gm, "  ")}`)
    .join("");
}
