import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type scrapeConfig, scrapeConfigText } from "../../../components/clusterMonitoring/scrapeConfig.ts";
import { SCRAPE_JOBS, type ScrapedJob } from "../../../components/clusterMonitoring/scrapeJobs.ts";
import { DEFAULT_JOBS, JOBS, jobLabels, seriesOfJob } from "../../../components/metrics.ts";

const ALL = (Object.keys(SCRAPE_JOBS) as ScrapedJob[]).map((job) => ({ job, namespaces: ["b", "a", "b"] }));
const HOW = { intervalSeconds: 30, minimal: true };

interface Relabel {
  source_labels?: string[];
  regex?: string;
  action?: string;
  target_label?: string;
}

interface Config {
  global: Record<string, string>;
  scrape_configs: {
    job_name: string;
    metrics_path: string;
    honor_labels?: boolean;
    kubernetes_sd_configs: { role: string; namespaces: { names: string[] } }[];
    relabel_configs: Relabel[];
    metric_relabel_configs?: Relabel[];
  }[];
}

const read = (args: Partial<Parameters<typeof scrapeConfig>[0]> = {}) =>
  parse(scrapeConfigText({ targets: ALL, ...HOW, ...args })) as Config;
const jobOf = (name: string, config = read()) => {
  const found = config.scrape_configs.find(({ job_name }) => job_name === name);
  if (found === undefined) throw new Error(`no job ${name}`);
  return found;
};

/** What relabelling makes of a pod's metadata: its target labels, or nothing when it isn't one. */
function targetOf(job: string, metadata: Record<string, string>): Record<string, string> | undefined {
  const labels: Record<string, string> = { ...metadata };
  for (const { source_labels = [], regex = "(.*)", action = "replace", target_label } of jobOf(job)
    .relabel_configs) {
    const value = source_labels.map((label) => labels[label] ?? "").join(";");
    const matched = new RegExp(`^(?:${regex})$`).test(value);
    if ((action === "keep" && !matched) || (action === "drop" && matched)) return undefined;
    if (action === "replace" && matched && target_label !== undefined) labels[target_label] = value;
  }
  return Object.fromEntries(
    Object.entries(labels).filter(([label, value]) => !label.startsWith("__") && value),
  );
}

const POD = {
  __meta_kubernetes_namespace: "models",
  __meta_kubernetes_pod_name: "phi-0",
  __meta_kubernetes_pod_phase: "Running",
  __meta_kubernetes_pod_node_name: "aks-gpu-0",
};
const pod = (port: number, more: Record<string, string> = {}) => ({
  ...POD,
  __meta_kubernetes_pod_container_port_number: String(port),
  ...more,
});
const KAITO = {
  __meta_kubernetes_pod_label_kaito_sh_workspace: "phi",
  __meta_kubernetes_pod_labelpresent_kaito_sh_workspace: "true",
};
const INDEX = "__meta_kubernetes_pod_label_apps_kubernetes_io_pod_index";
const KIND = "__meta_kubernetes_pod_controller_kind";
const named = (name: string) => ({ __meta_kubernetes_pod_label_app_kubernetes_io_name: name });

describe("the scrape configuration", () => {
  it("has a job for each that the catalogue knows besides Azure's own", () => {
    const own = JOBS.filter((job) => !(DEFAULT_JOBS as readonly string[]).includes(job));
    expect(
      read()
        .scrape_configs.map(({ job_name }) => job_name)
        .sort(),
    ).toEqual([...own].sort());
  });

  it("asks as often as it is told, and gives up before it asks again", () => {
    expect(read().global).toEqual({ scrape_interval: "30s", scrape_timeout: "10s" });
    expect(read({ intervalSeconds: 15 }).global).toEqual({ scrape_interval: "15s", scrape_timeout: "10s" });
  });

  it("looks for pods in the namespaces of the job, each once", () => {
    expect(jobOf("vllm").kubernetes_sd_configs).toEqual([{ role: "pod", namespaces: { names: ["a", "b"] } }]);
  });

  it.each<[string, string, Record<string, string>, Record<string, string>]>([
    ["a guard", "mcp-guard", pod(9464), { namespace: "models", pod: "phi-0" }],
    ["a model", "vllm", pod(5000, KAITO), { namespace: "models", pod: "phi-0", workspace: "phi" }],
    [
      "the first pod of a model over several nodes",
      "vllm",
      pod(5000, { ...KAITO, [KIND]: "StatefulSet", [INDEX]: "0" }),
      { namespace: "models", pod: "phi-0", workspace: "phi" },
    ],
    ["KMCP", "kmcp", pod(8080), { namespace: "models", pod: "phi-0" }],
    ["KAITO", "kaito", pod(8080, named("workspace")), { namespace: "models", pod: "phi-0" }],
    [
      "RAG engines' controller",
      "kaito",
      pod(8080, named("ragengine")),
      { namespace: "models", pod: "phi-0" },
    ],
    ["GPUs, whose users aren't the exporter", "dcgm", pod(9400), { node: "aks-gpu-0" }],
    ["cert-manager", "cert-manager", pod(9402), { namespace: "models", pod: "phi-0" }],
    [
      "the front door",
      "istio-gateway",
      pod(15090, { __meta_kubernetes_pod_labelpresent_gateway_networking_k8s_io_gateway_name: "true" }),
      { namespace: "models", pod: "phi-0" },
    ],
  ])("finds %s", (_, job, metadata, labels) => {
    expect(targetOf(job, metadata)).toEqual(labels);
  });

  it.each<[string, string, Record<string, string>]>([
    ["a guard's other port", "mcp-guard", pod(3000)],
    ["a pod that has ended", "mcp-guard", pod(9464, { __meta_kubernetes_pod_phase: "Succeeded" })],
    ["a pod that failed", "mcp-guard", pod(9464, { __meta_kubernetes_pod_phase: "Failed" })],
    ["a RAG engine beside models", "vllm", pod(5000)],
    ["a tuning job, which answers nobody", "vllm", pod(5000, { ...KAITO, [KIND]: "Job" })],
    [
      "the workers of a model over several nodes",
      "vllm",
      pod(5000, { ...KAITO, [KIND]: "StatefulSet", [INDEX]: "1" }),
    ],
    ["node feature discovery's port for gRPC", "kaito", pod(8080, named("node-feature-discovery"))],
    ["what is no gateway", "istio-gateway", pod(15090)],
  ])("leaves out %s", (_, job, metadata) => {
    expect(targetOf(job, metadata)).toBeUndefined();
  });

  it.each(ALL.map(({ job }) => job))(
    "gives the series of %s the labels that the catalogue promises",
    (job) => {
      const given = jobOf(job).relabel_configs.flatMap(({ target_label = [] }) => target_label);
      const promised = jobLabels(job).filter((label) => !["cluster", "instance", "job"].includes(label));
      expect(given.sort()).toEqual([...promised].sort());
    },
  );

  it("lets only the GPU exporter speak for other pods", () => {
    const honoured = read().scrape_configs.filter(({ honor_labels }) => honor_labels);
    expect(honoured.map(({ job_name }) => job_name)).toEqual(["dcgm"]);
  });

  it.each(ALL.map(({ job }) => job))(
    "keeps the series of %s that somebody uses, and all on request",
    (job) => {
      const [kept] = jobOf(job).metric_relabel_configs ?? [];
      expect(kept).toMatchObject({ source_labels: ["__name__"], action: "keep" });
      const matching = new RegExp(`^(?:${kept?.regex})$`);
      for (const series of seriesOfJob(job)) expect(series).toMatch(matching);
      expect("go_goroutines_of_somebody").not.toMatch(matching);
      expect(jobOf(job, read({ minimal: false })).metric_relabel_configs).toBeUndefined();
    },
  );

  it("has nothing that the agent would read in another way than Prometheus", () => {
    expect(scrapeConfigText({ targets: ALL, ...HOW })).not.toContain("$");
  });
});
