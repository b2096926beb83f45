import type { Sampled } from "../metrics/customMetrics.ts";

/** What Prometheus answers to an instant query for a vector. */
interface VectorReply {
  data?: { result?: { metric: Record<string, string>; value: [number, string] }[] };
}

/** The present values of an expression; none while Prometheus doesn't run. */
export async function queryPrometheus(endpoint: string, expression: string): Promise<Sampled[]> {
  const url = new URL("/api/v1/query", endpoint);
  url.searchParams.set("query", expression);
  const answer = await fetch(url).catch(() => undefined);
  const reply = answer?.ok ? ((await answer.json()) as VectorReply) : {};
  return (reply.data?.result ?? []).map(({ metric, value: [at, value] }) => ({
    labels: metric,
    at: new Date(at * 1000),
    value: Number(value),
  }));
}
