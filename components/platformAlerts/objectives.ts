import { InputPropertyError } from "../validation.ts";

/** An objective for how many events are good. */
export interface AvailabilityObjective {
  /** Share of good ones in percent, 95 to 99.99. @default 99.5 */
  availabilityPercent?: number;
}

/** Objectives of what answers calls, with a limit for how long an answer may take. */
export interface Objective extends AvailabilityObjective {
  /**
   * An answer in this time is a good one, in seconds. It must be a limit of the histogram that is asked, because
   * between two of them nobody knows. @default - 5 for MCP calls and models, 2.5 for the chat app
   */
  latencySeconds?: number;
  /** Share of answers in that time in percent, 95 to 99.99. @default 95 */
  latencyPercent?: number;
}

/** What the platform promises to those who use it. An objective that is `false` has no alerts. */
export interface ObjectivesArgs {
  /** The time that the promise is about, in days: 7, 28 or 30. @default 30 */
  windowDays?: 7 | 28 | 30;
  /**
   * With fewer bad events than that in the longer of an alert's two windows nobody is told: of the twenty calls of a
   * night one that fails is more than any objective allows, and no outage. 1 to 10,000. @default 5
   */
  minimumBadEvents?: number;
  /** MCP calls, for each server by itself. @default {} */
  mcp?: Objective | false;
  /** Requests to models, for each one by itself; the time is that until the first token. @default {} */
  model?: Objective | false;
  /** The chat app: whether it runs, and behind a front door of Istio's also its answers. @default {} */
  chat?: Objective | false;
}

/** Objectives with everything that was left out. */
export interface Objectives {
  windowDays: number;
  minimumBadEvents: number;
  mcp: Required<Objective> | undefined;
  model: Required<Objective> | undefined;
  chat: Required<Objective> | undefined;
}

/**
 * Limits of the histograms, in seconds: servers/guard/metrics.ts; time_to_first_token_seconds in
 * vllm/v1/metrics/loggers.py of vLLM 0.22; Envoy's default buckets, which Istio's metrics have (they start below a
 * millisecond and end after an hour).
 */
export const LATENCY_LIMITS = {
  mcp: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
  model: [0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160],
  chat: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
} as const;

const LATENCY_DEFAULTS = { mcp: 5, model: 5, chat: 2.5 } as const;

/**
 * Where an objective can be. Below 95 percent the fastest alert's limit, 14.4 times the share that may fail, comes
 * close to all calls and would never be reached; above 99.99 a minute in a week is already too much.
 */
export const PERCENT = { min: 95, max: 99.99 } as const;

/** Fills in what was left out, and refuses what can't be. */
export function objectivesOf(args: ObjectivesArgs = {}): Objectives {
  const { windowDays = 30, minimumBadEvents = 5 } = args;
  if (![7, 28, 30].includes(windowDays)) {
    throw new InputPropertyError(
      "objectives.windowDays",
      `${windowDays} is not allowed; it must be 7, 28 or 30`,
    );
  }
  if (!Number.isInteger(minimumBadEvents) || minimumBadEvents < 1 || minimumBadEvents > 10_000) {
    const reason = `${minimumBadEvents} is not allowed; it must be a whole number from 1 to 10000`;
    throw new InputPropertyError("objectives.minimumBadEvents", reason);
  }
  return {
    windowDays,
    minimumBadEvents,
    mcp: objectiveOf("mcp", args.mcp),
    model: objectiveOf("model", args.model),
    chat: objectiveOf("chat", args.chat),
  };
}

function objectiveOf(
  kind: keyof typeof LATENCY_LIMITS,
  args: Objective | false | undefined,
): Required<Objective> | undefined {
  if (args === false) return undefined;
  const {
    availabilityPercent = 99.5,
    latencySeconds = LATENCY_DEFAULTS[kind],
    latencyPercent = 95,
  } = args ?? {};
  for (const [key, percent] of Object.entries({ availabilityPercent, latencyPercent })) {
    if (percent >= PERCENT.min && percent <= PERCENT.max) continue;
    const reason = `${percent} is not allowed; it must be a number from ${PERCENT.min} to ${PERCENT.max}`;
    throw new InputPropertyError(`objectives.${kind}.${key}`, reason);
  }
  const limits: readonly number[] = LATENCY_LIMITS[kind];
  if (!limits.includes(latencySeconds)) {
    const reason = `${latencySeconds} is not a limit of the histogram; take one of ${limits.join(", ")}`;
    throw new InputPropertyError(`objectives.${kind}.latencySeconds`, reason);
  }
  return { availabilityPercent, latencySeconds, latencyPercent };
}
