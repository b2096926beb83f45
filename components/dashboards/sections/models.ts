import type { Section } from "../panel.ts";
import { quantiles, share } from "../promql.ts";

export const models: Section = {
  id: "models",
  title: "Models",
  about:
    "Do requests wait, how fast do answers come, and is the model's cache full? By workspace, which is a model.",
  needs: "models",
  panels: [
    {
      id: "requests-waiting",
      title: "Requests waiting",
      tells:
        "Requests that found no place in the batch. Some are usual under load; a number that grows is too little GPU.",
      kind: "lines",
      unit: "count",
      width: 12,
      thresholds: { when: "above", steps: [{ value: 10, level: "warning" }] },
      runbook: "models",
      query: {
        promql: ({ namespaced }) => `sum by (workspace) (vllm:num_requests_waiting{${namespaced}})`,
        legend: "{{workspace}}",
      },
    },
    {
      id: "requests-running",
      title: "Requests in the batch",
      tells: "Requests that are answered at the same time.",
      kind: "areas",
      unit: "count",
      width: 12,
      query: {
        promql: ({ namespaced }) => `sum by (workspace) (vllm:num_requests_running{${namespaced}})`,
        legend: "{{workspace}}",
      },
    },
    {
      id: "tokens",
      title: "Tokens",
      tells: "Tokens a second: of prompts that are read, and of answers that are written.",
      kind: "lines",
      unit: "tokens-per-second",
      width: 12,
      query: {
        promql: ({ namespaced, range }) =>
          `label_replace(sum by (workspace) (rate(vllm:prompt_tokens_total{${namespaced}}[${range}])), ` +
          '"kind", "prompt", "", "") or ' +
          `label_replace(sum by (workspace) (rate(vllm:generation_tokens_total{${namespaced}}[${range}])), ` +
          '"kind", "answer", "", "")',
        legend: "{{workspace}} {{kind}}",
      },
    },
    {
      id: "first-token",
      title: "Time to the first token",
      tells:
        "How long a person looks at nothing: half of the requests, and 95 of 100. Waiting is part of it.",
      kind: "lines",
      unit: "seconds",
      width: 12,
      thresholds: { when: "above", steps: [{ value: 5, level: "warning" }] },
      runbook: "models",
      query: {
        promql: ({ namespaced, range }) =>
          quantiles(`vllm:time_to_first_token_seconds_bucket{${namespaced}}`, range, {
            by: ["workspace"],
            of: [0.5, 0.95],
          }),
        legend: "{{workspace}} {{quantile}}",
      },
    },
    {
      id: "request-latency",
      title: "Whole answers, p95",
      tells: "95 of 100 answers are complete in this time; long answers take long.",
      kind: "lines",
      unit: "seconds",
      width: 8,
      query: {
        promql: ({ namespaced, range }) =>
          "histogram_quantile(0.95, sum by (le, workspace) " +
          `(rate(vllm:e2e_request_latency_seconds_bucket{${namespaced}}[${range}])))`,
        legend: "{{workspace}}",
      },
    },
    {
      id: "kv-cache",
      title: "KV cache in use",
      tells:
        "Share of the memory for running requests. At 100 % requests wait or are put back, however idle the GPU is.",
      kind: "lines",
      unit: "ratio",
      width: 8,
      max: 1,
      thresholds: { when: "above", steps: [{ value: 0.9, level: "warning" }] },
      query: {
        promql: ({ namespaced }) => `max by (workspace) (vllm:kv_cache_usage_perc{${namespaced}})`,
        legend: "{{workspace}}",
      },
    },
    {
      id: "prefix-cache",
      title: "Prompts out of the cache",
      tells: "Share of prompt tokens that needn't be read again. Long system prompts bring it up.",
      kind: "lines",
      unit: "ratio",
      width: 8,
      max: 1,
      query: {
        promql: ({ namespaced, range }) =>
          share(
            `vllm:prefix_cache_hits_total{${namespaced}}`,
            `vllm:prefix_cache_queries_total{${namespaced}}`,
            range,
            ["workspace"],
          ),
        legend: "{{workspace}}",
      },
    },
    {
      id: "model-errors",
      title: "Failed requests",
      tells:
        "Share of requests that the model's server answered with 5xx, by the count that the objective uses.",
      kind: "lines",
      unit: "ratio",
      width: 12,
      thresholds: { when: "above", steps: [{ value: 0.05, level: "critical" }] },
      runbook: "models",
      query: {
        promql: ({ namespaced, range }) =>
          share(
            `http_requests_total{${namespaced}, job="vllm", handler=~"/v1/.*", status="5xx"}`,
            `http_requests_total{${namespaced}, job="vllm", handler=~"/v1/.*"}`,
            range,
            ["workspace"],
          ),
        legend: "{{workspace}}",
      },
    },
    {
      id: "workspaces",
      title: "Workspaces by phase",
      tells: "What KAITO says of its Workspaces: pending while a model is loaded, error when it can't be.",
      kind: "bars",
      unit: "count",
      width: 12,
      needs: "kaito",
      query: {
        promql: ({ cluster }) => `sum by (phase) (kaito_workspace_count{${cluster}})`,
        legend: "{{phase}}",
      },
    },
  ],
};
