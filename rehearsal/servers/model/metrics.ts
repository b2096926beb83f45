import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** Routes that vLLM counts requests of, by themselves; others are "none". Its health and its metrics it doesn't count. */
const routes = ["/v1/models", "/v1/chat/completions"];
const uncounted = ["/health", "/metrics"];

/** Upper bounds in seconds. Source: vllm/v1/metrics/loggers.py of vLLM. */
const firstToken = [
  ...[0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75],
  ...[1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2560],
];
const betweenTokens = [
  ...[0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75],
  ...[1, 2.5, 5, 7.5, 10, 20, 40, 80],
];
const wholeRequest = [
  ...[0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120],
  ...[240, 480, 960, 1920, 7680],
];
/** Those of prometheus-fastapi-instrumentator for requests by handler. */
const http = [0.1, 0.5, 1];

/** A completion whose end is yet to come. */
export interface Counted {
  /** Its first words are out. */
  begun(): void;
  ended(about: { input: number; output: number; reason: string }): void;
}

/** What vLLM's server counts, as far as dashboards and alerts may ask for it. */
export interface ModelMetrics {
  /** A request of which there is an answer; seconds since it came. */
  answered(path: string, method: string, status: number, seconds: number): void;
  /** A completion that begins: there is always room for it, and nothing waits. */
  started(): Counted;
  text(): Promise<string>;
  readonly contentType: string;
}

/** Metrics by vLLM's names, of the engine that serves a model under the given name. */
export function modelMetrics(
  model: string,
  now: () => number = () => performance.now() / 1000,
): ModelMetrics {
  const engine = new Registry();
  engine.setDefaultLabels({ model_name: model, engine: "0" });
  const server = new Registry();
  const gauge = (name: string, help: string) =>
    new Gauge({ name: `vllm:${name}`, help, registers: [engine] });
  const counter = <T extends string>(name: string, help: string, labelNames: T[] = []) =>
    new Counter({ name: `vllm:${name}`, help, labelNames, registers: [engine] });
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name: `vllm:${name}`, help, buckets, registers: [engine] });

  const running = gauge("num_requests_running", "Requests in execution.");
  gauge("num_requests_waiting", "Requests that wait.").set(0);
  gauge("kv_cache_usage_perc", "Use of the KV cache, 1 is all of it.").set(0);
  counter("num_preemptions_total", "Preemptions.");
  counter("prefix_cache_queries_total", "Tokens looked up in the prefix cache.");
  counter("prefix_cache_hits_total", "Tokens found in the prefix cache.");
  const prompt = counter("prompt_tokens_total", "Tokens of prompts.");
  const generated = counter("generation_tokens_total", "Tokens that were generated.");
  const successes = counter("request_success_total", "Requests that ended.", ["finished_reason"]);
  const first = histogram("time_to_first_token_seconds", "Until the first token.", firstToken);
  const between = histogram("inter_token_latency_seconds", "Between two tokens.", betweenTokens);
  const whole = histogram("e2e_request_latency_seconds", "The whole request.", wholeRequest);
  const queued = histogram("request_queue_time_seconds", "Until it was begun with.", wholeRequest);
  for (const reason of ["stop", "length", "abort"]) successes.inc({ finished_reason: reason }, 0);
  running.set(0);

  const requests = new Counter({
    ...{ name: "http_requests_total", help: "Requests.", registers: [server] },
    labelNames: ["handler", "method", "status"],
  });
  const durations = new Histogram({
    ...{ name: "http_request_duration_seconds", help: "Time of requests.", registers: [server] },
    labelNames: ["handler", "method"],
    buckets: http,
  });

  return {
    answered(path, method, status, seconds) {
      if (uncounted.includes(path)) return;
      const handler = routes.includes(path) ? path : "none";
      requests.inc({ handler, method, status: `${Math.floor(status / 100)}xx` });
      durations.observe({ handler, method }, seconds);
    },
    started() {
      const since = now();
      let begun = since;
      running.inc();
      queued.observe(0);
      return {
        begun() {
          begun = now();
          first.observe(begun - since);
        },
        ended({ input, output, reason }) {
          running.dec();
          prompt.inc(input);
          generated.inc(output);
          // The engine knows of no tools: a call of one is an answer that stopped.
          successes.inc({ finished_reason: reason === "tool_calls" ? "stop" : reason });
          if (output > 1) between.observe((now() - begun) / (output - 1));
          whole.observe(now() - since);
        },
      };
    },
    text: async () => `${await engine.metrics()}${await server.metrics()}`,
    contentType: engine.contentType,
  };
}
