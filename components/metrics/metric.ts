/**
 * Who exports a metric: the `job` label of its series. The first are scraped by this project's own configuration, the
 * last four by Azure's agent without it ("default targets").
 */
export const JOBS = [
  "mcp-guard",
  "vllm",
  "kmcp",
  "kaito",
  "dcgm",
  "cert-manager",
  "istio-gateway",
  "kube-state-metrics",
  "cadvisor",
  "kubelet",
  "node",
] as const;

export type Job = (typeof JOBS)[number];

/** The jobs that Azure's agent has by itself, and keeps only a choice of: its minimal ingestion profile. */
export const DEFAULT_JOBS = ["kube-state-metrics", "cadvisor", "kubelet", "node"] as const satisfies Job[];

export type MetricType = "counter" | "gauge" | "histogram";

/** What a value counts. A ratio is 0 to 1, a percentage 0 to 100, a timestamp seconds since 1970, a state a code. */
export type MetricUnit =
  | "count"
  | "seconds"
  | "milliseconds"
  | "bytes"
  | "mebibytes"
  | "tokens"
  | "ratio"
  | "percent"
  | "celsius"
  | "watts"
  | "cores"
  | "timestamp"
  | "state";

/** One family of series, as its exporter names it. */
export interface Metric {
  /** Of a histogram without `_bucket`, `_sum` and `_count`; of a counter with `_total` where it has it. */
  readonly name: string;
  readonly type: MetricType;
  readonly unit: MetricUnit;
  /** What a value tells, in a few words. */
  readonly help: string;
  /** The exporter's own labels; those of the job (`jobLabels`) come on top. */
  readonly labels: readonly string[];
  readonly jobs: readonly Job[];
  /**
   * Of a default target: whether Azure's minimal ingestion profile keeps it. The others need a keep list.
   * @default false
   */
  readonly minimal?: boolean;
  /** What must be there or switched on for the series to exist, when a running exporter isn't enough. */
  readonly needs?: string;
}

/** What every row of a group has in common, and who says that these metrics exist. */
export interface MetricGroup {
  /** Where the names, labels and types were read. */
  readonly source: string;
  readonly metrics: readonly Metric[];
}

/**
 * The labels that a scrape adds to each series of a job. `cluster` comes from Azure's agent, `instance` and `job` from
 * Prometheus, the rest from this project's relabelling of pods. The GPU exporter's own `namespace`, `pod` and
 * `container` are those of the pod that uses the GPU, which is why its target has none.
 * Source of the default targets: otelcollector/configmapparser/default-prom-configs of Azure/prometheus-collector,
 * commit 39583fd50.
 */
export function jobLabels(job: Job): readonly string[] {
  const always = ["cluster", "instance", "job"];
  const ofPods = [...always, "namespace", "pod"];
  if (job === "vllm") return [...ofPods, "workspace"];
  if (job === "dcgm") return [...always, "node"];
  if (job === "kubelet" || job === "node") return [...always, "metrics_path"];
  return job === "kube-state-metrics" || job === "cadvisor" ? always : ofPods;
}

/** The names of a metric's series, as queries use them. */
export function seriesOf({ name, type }: Metric): string[] {
  return type === "histogram" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
}
