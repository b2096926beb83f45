import fc from "fast-check";
import { register } from "prom-client";
import { describe, expect, it } from "vitest";
import { outcomes } from "../../../servers/guard/audit.ts";
import { unauthenticatedReasons } from "../../../servers/guard/authentication/index.ts";
import { createMetrics, type Metrics } from "../../../servers/guard/metrics.ts";
import { failureReasons } from "../../../servers/guard/search/judge.ts";
import { parseExposition } from "./exposition.ts";

async function read(metrics: Metrics) {
  const families = parseExposition(await metrics.text());
  const value = (name: string, labels: Record<string, string> = {}) => {
    const suffixes = ["", "_bucket", "_sum", "_count"];
    const family = suffixes.map((suffix) =>
      families.get(`mcp_guard_${name.slice(0, name.length - suffix.length)}`),
    );
    const samples = family.flatMap((found) => found?.samples ?? []);
    const wanted = Object.entries({ server: "search", ...labels });
    const matching = samples.filter(
      (sample) =>
        sample.name === `mcp_guard_${name}` && wanted.every(([key, text]) => sample.labels[key] === text),
    );
    expect(matching.length).toBeLessThanOrEqual(1);
    return matching[0]?.value;
  };
  return { families, value };
}

describe("the metrics", () => {
  it("have the names, types and labels that dashboards and alerts are made of", async () => {
    const metrics = createMetrics("search");
    metrics.toolsListed(["search"]);
    metrics.called({ tool: "search", outcome: "ok", seconds: 1 });
    metrics.engineFellBack("bing");
    metrics.engineAsked("bing");
    metrics.engineFailed("bing", "blocked");
    const { families } = await read(metrics);
    const shape = [...families.values()].map(({ name, type, samples }) => {
      const labels = new Set(samples.flatMap((sample) => Object.keys(sample.labels)));
      return `${name} ${type} ${[...labels].sort().join(",")}`;
    });
    expect(shape.sort()).toEqual([
      "mcp_guard_authentication_failures_total counter reason,server",
      "mcp_guard_breaker_state gauge server",
      "mcp_guard_call_duration_seconds histogram le,server,tool",
      "mcp_guard_calls_limit gauge server",
      "mcp_guard_calls_running gauge server",
      "mcp_guard_calls_total counter outcome,server,tool",
      "mcp_guard_engine_failures_total counter engine,reason,server",
      "mcp_guard_engine_fallbacks_total counter engine,server",
      "mcp_guard_engine_requests_total counter engine,server",
      "mcp_guard_event_loop_active_seconds_total counter server",
      "mcp_guard_limits_hit_total counter limit,server",
      "mcp_guard_sessions gauge server",
      "mcp_guard_sessions_limit gauge server",
      "mcp_guard_upstream_retries_total counter server",
      "process_cpu_seconds_total counter server",
      "process_resident_memory_bytes gauge server",
    ]);
    for (const { help } of families.values()) expect(help).toMatch(/^[A-Z].*\.$/);
  });

  it("are all there before anything happened, so that the first event shows as a rise", async () => {
    const { value } = await read(createMetrics("search"));
    for (const limit of ["caller", "tool", "engine", "concurrency"]) {
      expect(value("limits_hit_total", { limit })).toBe(0);
    }
    for (const reason of unauthenticatedReasons) {
      expect(value("authentication_failures_total", { reason })).toBe(0);
    }
    for (const name of ["breaker_state", "sessions", "upstream_retries_total"]) expect(value(name)).toBe(0);
  });

  it("count what happens", async () => {
    const metrics = createMetrics("search");
    metrics.toolsListed(["search"]);
    metrics.called({ tool: "search", outcome: "ok", seconds: 0.2 });
    metrics.called({ tool: "search", outcome: "ok", seconds: 0.3 });
    metrics.called({ tool: "search", outcome: "denied", seconds: 0 });
    metrics.limitHit("engine");
    metrics.upstreamRetried();
    metrics.upstreamRetried();
    metrics.engineFellBack("bing");
    metrics.authenticationFailed("expired");
    const { value } = await read(metrics);
    expect(value("calls_total", { tool: "search", outcome: "ok" })).toBe(2);
    expect(value("calls_total", { tool: "search", outcome: "denied" })).toBe(1);
    expect(value("call_duration_seconds_count", { tool: "search" })).toBe(2);
    expect(value("call_duration_seconds_sum", { tool: "search" })).toBeCloseTo(0.5);
    expect(value("call_duration_seconds_bucket", { tool: "search", le: "0.25" })).toBe(1);
    expect(value("limits_hit_total", { limit: "engine" })).toBe(1);
    expect(value("upstream_retries_total")).toBe(2);
    expect(value("engine_fallbacks_total", { engine: "bing" })).toBe(1);
    expect(value("authentication_failures_total", { reason: "expired" })).toBe(1);
  });

  it.each([
    ...(["ok", "tool-error", "protocol-error", "timeout", "upstream-error"] as const).map(
      (outcome) => [outcome, 1] as const,
    ),
    ...(["denied", "limited", "refused", "breaker-open", "cancelled"] as const).map(
      (outcome) => [outcome, undefined] as const,
    ),
  ])("time the calls that the server was asked: %s", async (outcome, timed) => {
    const metrics = createMetrics("search");
    metrics.called({ tool: "search", outcome, seconds: 0.2 });
    const { value } = await read(metrics);
    expect(value("calls_total", { tool: "unknown", outcome })).toBe(1);
    expect(value("call_duration_seconds_count", { tool: "unknown" })).toBe(timed);
  });

  it("tell the breaker's state and the open sessions as they are", async () => {
    const metrics = createMetrics("search");
    const states = [];
    for (const state of ["open", "half-open", "closed"] as const) {
      metrics.breakerChanged(state);
      states.push((await read(metrics)).value("breaker_state"));
    }
    expect(states).toEqual([2, 1, 0]);
    metrics.sessionsChanged(7);
    metrics.sessionsChanged(3);
    expect((await read(metrics)).value("sessions")).toBe(3);
  });

  it("tell what is at most, and have series of the engines from the start", async () => {
    const metrics = createMetrics("search", { concurrency: 16, sessions: 9, engines: ["bing"] });
    metrics.runningChanged(3);
    const { families, value } = await read(metrics);
    expect([value("calls_running"), value("calls_limit"), value("sessions_limit")]).toEqual([3, 16, 9]);
    expect(value("engine_requests_total", { engine: "bing" })).toBe(0);
    expect(value("engine_fallbacks_total", { engine: "bing" })).toBe(0);
    for (const reason of failureReasons) {
      expect(value("engine_failures_total", { engine: "bing", reason })).toBe(0);
    }
    expect(families.get("process_resident_memory_bytes")?.samples[0]?.value).toBeGreaterThan(1e6);
    const cpu = async () =>
      (await read(metrics)).families.get("process_cpu_seconds_total")?.samples[0]?.value ?? 0;
    const [before, after] = [await cpu(), await cpu()];
    // All of its time each time, and not that of the reading before besides.
    expect(after).toBeGreaterThanOrEqual(before);
    expect(after).toBeLessThan(before * 1.9);
  });

  it("are of this guard alone", async () => {
    const [one, other] = [createMetrics("search"), createMetrics("search")];
    one.upstreamRetried();
    expect((await read(other)).value("upstream_retries_total")).toBe(0);
    expect(register.getMetricsAsArray()).toEqual([]);
  });

  it("come in the type that Prometheus asks for", () => {
    expect(createMetrics("search").contentType).toBe("text/plain; version=0.0.4; charset=utf-8");
  });
});

describe("the label of tools", () => {
  it("is unknown for whatever the server doesn't list, so callers can't make series", async () => {
    const metrics = createMetrics("search");
    metrics.toolsListed(["search"]);
    for (let i = 0; i < 1000; i++) metrics.called({ tool: `made-up-${i}`, outcome: "denied", seconds: 0 });
    const { families, value } = await read(metrics);
    expect(value("calls_total", { tool: "unknown", outcome: "denied" })).toBe(1000);
    // Those of the tool which is listed, and was not called: a rate sees the first failure, too.
    const fromZero = ["ok", "upstream-error", "timeout", "breaker-open"];
    expect(families.get("mcp_guard_calls_total")?.samples).toHaveLength(1 + fromZero.length);
    for (const outcome of fromZero) expect(value("calls_total", { tool: "search", outcome })).toBe(0);
  });

  it("knows what was listed before, and no endless list", async () => {
    const metrics = createMetrics("search");
    metrics.toolsListed(["first"]);
    metrics.toolsListed(Array.from({ length: 1000 }, (_, i) => `tool-${i}`));
    for (const tool of ["first", "tool-0", "tool-198", "tool-199"])
      metrics.called({ tool, outcome: "ok", seconds: 1 });
    const { value } = await read(metrics);
    const ok = (tool: string) => value("calls_total", { tool, outcome: "ok" });
    expect(ok("first")).toBe(1);
    expect(ok("tool-198")).toBe(1);
    expect(ok("tool-199")).toBeUndefined();
    expect(ok("unknown")).toBe(1);
  });

  it("can't break the text, whatever the server calls its tools and engines", {
    timeout: 30_000,
  }, async () => {
    const name = fc.string({ unit: "binary", minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(
        name,
        fc.constantFrom(...outcomes),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        async (tool, outcome, seconds) => {
          const metrics = createMetrics("search");
          metrics.toolsListed([tool]);
          metrics.called({ tool, outcome, seconds });
          metrics.engineFellBack(tool);
          const { value } = await read(metrics);
          expect(value("calls_total", { tool, outcome })).toBe(1);
          expect(value("engine_fallbacks_total", { engine: tool })).toBe(1);
        },
      ),
    );
  });
});
