import { jobLabels, METRICS, type Metric } from "../../components/metrics.ts";
import { RECORDED } from "../../components/platformAlerts/rules.ts";

/** A series for promtool: a minute between its values. */
export interface InputSeries {
  series: string;
  values: string;
}

/** Values of labels that queries choose by; any other label has a value of its own. */
const USUAL: Record<string, string[]> = {
  cluster: ["aks-dev"],
  namespace: ["mcp"],
  pod: ["pod-a"],
  node: ["node-a"],
  server: ["open-websearch"],
  workspace: ["phi-4-mini"],
  reporter: ["source"],
  response_code: ["200"],
  resource: ["cpu"],
  phase: ["Running"],
  condition: ["Ready"],
  reason: ["CrashLoopBackOff"],
};

/** Of which several series are needed, with what each gets a minute (counters) or is (gauges). */
const SEVERAL: Record<string, { label: string; values: Record<string, number> }> = {
  mcp_guard_calls_total: { label: "outcome", values: { ok: 3, "upstream-error": 1, denied: 1 } },
  http_requests_total: { label: "status", values: { "2xx": 3, "5xx": 1 } },
  node_cpu_seconds_total: { label: "mode", values: { idle: 45, user: 15 } },
  kube_node_status_condition: { label: "status", values: { true: 0, false: 1, unknown: 0 } },
  kube_pod_status_ready: { label: "condition", values: { true: 0, false: 1 } },
};

/** What single values are, where 1 would say nothing. */
const VALUES: Record<string, number> = {
  up: 0,
  mcp_guard_breaker_state: 2,
  mcp_guard_engine_requests_total: 4,
  kubelet_volume_stats_capacity_bytes: 4,
  kube_node_status_allocatable: 4,
  kube_horizontalpodautoscaler_spec_max_replicas: 4,
  node_memory_MemTotal_bytes: 4,
  DCGM_FI_DEV_FB_USED: 3,
  DCGM_FI_DEV_GPU_UTIL: 0,
  "vllm:prefix_cache_queries_total": 4,
  // Ten days after the time at which promtool looks, two hours after 1970 began.
  certmanager_certificate_expiration_timestamp_seconds: 10 * 86_400 + 7200,
};

/** Buckets of a histogram and how many events a minute are in each. */
const BUCKETS: Record<string, number> = { "0.5": 10, "1": 20, "+Inf": 20 };

/** Series as the exporters of the catalogue make them, and those that rules record. */
export function exportedSeries(): InputSeries[] {
  const recorded = RECORDED.map((name) =>
    inputSeries(name, { objective: "mcp-latency", server: "echo" }, "gauge", 1),
  );
  return [...METRICS.flatMap((metric) => metric.jobs.flatMap((job) => seriesOf(metric, job))), ...recorded];
}

function seriesOf(metric: Metric, job: Metric["jobs"][number]): InputSeries[] {
  const { name, type } = metric;
  const labels = Object.fromEntries(
    [...metric.labels, ...jobLabels(job)].map((label) => [label, USUAL[label]?.[0] ?? `${label}-a`]),
  );
  labels["job"] = job;
  if (job === "vllm") labels["handler"] = "/v1/chat/completions";
  if (type === "histogram") {
    const buckets = Object.entries(BUCKETS).map(([le, value]) =>
      inputSeries(`${name}_bucket`, { ...labels, le }, "counter", value),
    );
    const whole = ["sum", "count"].map((part) => inputSeries(`${name}_${part}`, labels, "counter", 20));
    return [...buckets, ...whole];
  }
  const several = SEVERAL[name];
  if (several === undefined) return [inputSeries(name, labels, type, VALUES[name] ?? 1)];
  return Object.entries(several.values).map(([value, amount]) =>
    inputSeries(name, { ...labels, [several.label]: value }, type, amount),
  );
}

function inputSeries(
  name: string,
  labels: Record<string, string>,
  type: "counter" | "gauge",
  amount: number,
): InputSeries {
  const matchers = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return {
    series: `${name}{${matchers.join(",")}}`,
    values: type === "counter" ? `0+${amount}x150` : `${amount}x150`,
  };
}
