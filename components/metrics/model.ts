import type { Metric, MetricGroup, MetricType, MetricUnit } from "./metric.ts";

/** Every metric of vLLM's engine has these two. `model_name` is the name that the model is served under. */
const OF_ENGINE = ["model_name", "engine"];

function row(name: string, type: MetricType, unit: MetricUnit, help: string, labels: string[] = []): Metric {
  return { name: `vllm:${name}`, type, unit, help, labels: [...OF_ENGINE, ...labels], jobs: ["vllm"] };
}

/**
 * vLLM 0.22.1, which KAITO 0.11.0's base image has. Names changed on the way there: `gpu_cache_usage_perc` is
 * `kv_cache_usage_perc`, and `time_per_output_token_seconds` is `inter_token_latency_seconds`.
 */
export const modelMetrics: MetricGroup = {
  source:
    "vllm/v1/metrics/loggers.py of vLLM 0.22; presets/workspace/dependencies/requirements.txt of KAITO v0.11.0",
  metrics: [
    row("num_requests_running", "gauge", "count", "Requests that are in the batch."),
    row("num_requests_waiting", "gauge", "count", "Requests that wait for a place in the batch."),
    row("kv_cache_usage_perc", "gauge", "ratio", "Share of the KV cache in use; 1 is all of it."),
    row("num_preemptions_total", "counter", "count", "Requests that were put back for lack of cache."),
    row("prompt_tokens_total", "counter", "tokens", "Tokens of prompts that were processed."),
    row("generation_tokens_total", "counter", "tokens", "Tokens that were generated."),
    row("prefix_cache_queries_total", "counter", "tokens", "Prompt tokens looked up in the prefix cache."),
    row("prefix_cache_hits_total", "counter", "tokens", "Prompt tokens found in the prefix cache."),
    row("request_success_total", "counter", "count", "Requests that ended, by why.", ["finished_reason"]),
    row("time_to_first_token_seconds", "histogram", "seconds", "Time until a request's first token."),
    row("inter_token_latency_seconds", "histogram", "seconds", "Time between two tokens of an answer."),
    row("e2e_request_latency_seconds", "histogram", "seconds", "Time of a whole request."),
    row("request_queue_time_seconds", "histogram", "seconds", "Time that a request waited for its place."),
  ],
};

/** What the HTTP server in front of vLLM's engine counts: the only place where failed requests are seen. */
export const modelHttpMetrics: MetricGroup = {
  source:
    "vLLM's entrypoints use prometheus-fastapi-instrumentator with its defaults: status codes are grouped (2xx, 5xx)",
  metrics: [
    {
      name: "http_requests_total",
      type: "counter",
      unit: "count",
      help: "HTTP requests by path, method and class of status.",
      labels: ["handler", "method", "status"],
      jobs: ["vllm"],
    },
    {
      name: "http_request_duration_seconds",
      type: "histogram",
      unit: "seconds",
      help: "Time of an HTTP request, with few buckets.",
      labels: ["handler", "method"],
      jobs: ["vllm"],
    },
  ],
};
