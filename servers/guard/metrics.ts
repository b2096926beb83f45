import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Outcome } from "./audit.ts";
import { type UnauthenticatedReason, unauthenticatedReasons } from "./authentication/unauthenticated.ts";
import { type LimitHit, limitKinds } from "./limits/index.ts";
import { processMetrics } from "./processMetrics.ts";
import type { BreakerState } from "./resilience/index.ts";
import { type FailureReason, failureReasons } from "./search/judge.ts";

/** The label of tools that the upstream doesn't list: callers can think up names without end. */
const unknownTool = "unknown";
/**
 * So many tools get a label of their own; an upstream that lists more, or other ones each time, gets
 * "unknown".
 */
const maxTools = 200;
/** Seconds: from an answer out of memory to the longest deadline that makes sense. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/**
 * Calls that the server was asked, and that were waited for: only they say how quick it is. A thousand refusals would
 * make a slow one look good.
 */
const timed: ReadonlySet<Outcome> = new Set([
  "ok",
  "tool-error",
  "protocol-error",
  "timeout",
  "upstream-error",
]);

/** How calls end that objectives are about: good ones, and those that a server is to blame for. */
const COUNTED_FROM_ZERO: readonly Outcome[] = ["ok", "upstream-error", "timeout", "breaker-open"];

const stateNumbers: Record<BreakerState, number> = { closed: 0, "half-open": 1, open: 2 };

/** What the guard counts, in Prometheus' terms; each method is an event, or a state that changed. */
export interface Metrics {
  /** The tools that the upstream lists: they get labels of their own. Earlier ones stay known. */
  toolsListed(names: Iterable<string>): void;
  /** A call that ended, however it did. */
  called(call: { tool: string; outcome: Outcome; seconds: number }): void;
  limitHit(limit: LimitHit["limit"]): void;
  breakerChanged(state: BreakerState): void;
  sessionsChanged(open: number): void;
  upstreamRetried(): void;
  /** So many calls run now. */
  runningChanged(running: number): void;
  /** A search was sent to this engine. */
  engineAsked(engine: string): void;
  engineFailed(engine: string, reason: FailureReason): void;
  /** A search fell back, because this engine failed. */
  engineFellBack(engine: string): void;
  authenticationFailed(reason: UnauthenticatedReason): void;
  /** What /metrics answers, and its type. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** What is at most, and which engines there are. */
interface Bounds {
  /** Calls at once. */
  concurrency: number;
  /** Sessions. */
  sessions: number;
  engines: readonly string[];
}

/**
 * Makes the metrics of one guard, in a registry of their own. `server` is the label `server` of all of them.
 */
export function createMetrics(
  server: string,
  bounds: Bounds = { concurrency: 0, sessions: 0, engines: [] },
): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ server });
  const registers = [registry];
  const counter = <T extends string>(name: string, help: string, labelNames: T[] = []) =>
    new Counter({ name: `mcp_guard_${name}`, help, labelNames, registers });
  const gauge = (name: string, help: string) => new Gauge({ name: `mcp_guard_${name}`, help, registers });

  const calls = counter("calls_total", "Calls of tools, by how they ended.", ["tool", "outcome"]);
  const duration = new Histogram({
    name: "mcp_guard_call_duration_seconds",
    help: "Time from a call's request to the end of its answer, where the server was asked.",
    labelNames: ["tool"],
    buckets,
    registers,
  });
  const limits = counter("limits_hit_total", "Calls refused by a limit.", ["limit"]);
  const breaker = gauge("breaker_state", "The circuit breaker: 0 closed, 1 half-open, 2 open.");
  const sessions = gauge("sessions", "Sessions that are open.");
  const running = gauge("calls_running", "Calls that run now.");
  const most = gauge("calls_limit", "Calls that may run at once.");
  const mostSessions = gauge("sessions_limit", "Sessions that may be open.");
  const retries = counter("upstream_retries_total", "Requests that were sent to the upstream again.");
  const fallbacks = counter("engine_fallbacks_total", "Searches that left a failed engine.", ["engine"]);
  const asked = counter("engine_requests_total", "Searches that were sent to an engine.", ["engine"]);
  const engineFailures = counter("engine_failures_total", "Searches that an engine failed, by the reason.", [
    "engine",
    "reason",
  ]);
  const failures = counter("authentication_failures_total", "Requests without a caller, by the reason.", [
    "reason",
  ]);

  // Series that are there from the start: rates and alerts then see the first event too.
  for (const limit of limitKinds) limits.inc({ limit }, 0);
  for (const reason of unauthenticatedReasons) failures.inc({ reason }, 0);
  for (const engine of bounds.engines) {
    asked.inc({ engine }, 0);
    fallbacks.inc({ engine }, 0);
    for (const reason of failureReasons) engineFailures.inc({ engine, reason }, 0);
  }
  for (const one of [breaker, sessions, running]) one.set(0);
  most.set(bounds.concurrency);
  mostSessions.set(bounds.sessions);
  processMetrics(registers);

  const tools = new Set<string>();
  const label = (tool: string) => (tools.has(tool) ? tool : unknownTool);

  return {
    toolsListed(names) {
      for (const name of names) {
        if (tools.size >= maxTools || tools.has(name)) continue;
        tools.add(name);
        // An autoscaler that asks for calls would otherwise hear of none that there is no such thing, and a rate
        // doesn't see the first failure where it is the first sample, too.
        for (const outcome of COUNTED_FROM_ZERO) calls.inc({ tool: name, outcome }, 0);
      }
    },
    called({ tool, outcome, seconds }) {
      calls.inc({ tool: label(tool), outcome });
      if (timed.has(outcome)) duration.observe({ tool: label(tool) }, seconds);
    },
    limitHit: (limit) => limits.inc({ limit }),
    breakerChanged: (state) => breaker.set(stateNumbers[state]),
    sessionsChanged: (open) => sessions.set(open),
    upstreamRetried: () => retries.inc(),
    runningChanged: (count) => running.set(count),
    engineAsked: (engine) => asked.inc({ engine }),
    engineFailed: (engine, reason) => engineFailures.inc({ engine, reason }),
    engineFellBack: (engine) => fallbacks.inc({ engine }),
    authenticationFailed: (reason) => failures.inc({ reason }),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
