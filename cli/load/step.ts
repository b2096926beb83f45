import { performance } from "node:perf_hooks";
import type { McpClient } from "./client.ts";
import { type ErrorRow, Errors } from "./errors.ts";
import { failed, type Outcome } from "./kinds.ts";
import { type Clock, pace, systemClock } from "./pace.ts";
import { type Latency, Samples, type Second } from "./samples.ts";
import type { Sessions } from "./sessions.ts";

/** How hard is called, and for how long. */
export interface Load {
  /** Calls a second that are begun. */
  rps: number;
  seconds: number;
  /** The most calls that may wait for their answers; what is due beyond that is not sent, and counts as wrong. */
  maxWaiting: number;
}

/** What a time at one rate was like. */
export interface Step {
  /** Calls a second that were asked for. */
  rps: number;
  /** Seconds in which calls were due. */
  seconds: number;
  /** Calls that were due; all of them ended, unless it was interrupted. */
  calls: number;
  right: number;
  wrong: number;
  /** Calls without an end, because of an interruption; they count nowhere else. */
  unfinished: number;
  /** Right answers a second, until the last answer came. */
  rightPerSecond: number;
  /** From when a call was due, in milliseconds; of right answers and time-outs. */
  latencyMs: Latency;
  errors: ErrorRow[];
  perSecond: Second[];
  generator: Generator;
}

/** How busy the generator of the load was itself: where it was too busy, the figures are its own. */
export interface Generator {
  /** How late calls left after they were due, in milliseconds. */
  lateMs: Latency;
  /** Share of the time in which its event loop was busy, 0 to 1. */
  busy: number;
  /** The most calls that waited for their answers at a time. */
  mostWaiting: number;
}

/**
 * How late a call may leave and still be timed from when it left: timers fire at whole milliseconds, which is no
 * time that a caller waited for the server.
 */
const timerMs = 2;

/** How far a step has come. */
export interface StepProgress {
  seconds: number;
  right: number;
  wrong: number;
  waiting: number;
}

/** Calls at one rate for a time, and waits for the last answer; an interruption ends it with what there is. */
export async function runStep(
  { rps, seconds, maxWaiting }: Load,
  { client, sessions }: { client: McpClient; sessions: Sessions },
  signal: AbortSignal,
  onProgress: (progress: StepProgress) => void = () => {},
  clock: Clock = systemClock,
): Promise<Step> {
  const [samples, errors, lateness] = [new Samples(), new Errors(), new Samples()];
  const waiting = new Set<Promise<void>>();
  const sums = { begun: 0, right: 0, wrong: 0, mostWaiting: 0, lastAnswer: 0 };
  const start = clock.now();
  const busyBefore = performance.eventLoopUtilization();

  const ended = (outcome: Outcome, dueMs: number, from: number) => {
    const now = clock.now();
    samples.add(dueMs - start, now - from, outcome.kind);
    sums.lastAnswer = now - start;
    if (outcome.kind === "right") sums.right += 1;
    else {
      sums.wrong += 1;
      errors.add(outcome, Math.round((dueMs - start) / 10) / 100, sums.right);
    }
    onProgress({
      seconds: (now - start) / 1000,
      right: sums.right,
      wrong: sums.wrong,
      waiting: waiting.size,
    });
  };

  const send = (call: number, dueMs: number) => {
    sums.begun += 1;
    const sent = clock.now();
    lateness.add(dueMs - start, sent - dueMs, "right");
    const session = sessions.next();
    if (session === undefined)
      return ended(failed("session-lost", undefined, "no session is open"), dueMs, sent);
    if (waiting.size >= maxWaiting) {
      return ended(failed("not-sent", undefined, `${maxWaiting} calls wait for their answers`), dueMs, sent);
    }
    const from = sent - dueMs <= timerMs ? sent : dueMs;
    const answered = client.call(session, call + 1, signal).then((outcome) => {
      waiting.delete(answered);
      if (signal.aborted) return;
      if (outcome.kind === "session-lost") void sessions.reopen(session, signal);
      ended(outcome, dueMs, from);
    });
    waiting.add(answered);
    sums.mostWaiting = Math.max(sums.mostWaiting, waiting.size);
  };

  await pace({ rps, calls: Math.max(1, Math.round(rps * seconds)) }, send, signal, clock);
  await Promise.all(waiting);
  const { utilization } = performance.eventLoopUtilization(busyBefore);
  const took = Math.max(sums.lastAnswer / 1000, signal.aborted ? 0 : seconds);
  return {
    rps,
    seconds: signal.aborted ? Math.min(seconds, round(took)) : seconds,
    calls: sums.begun,
    ...{ right: sums.right, wrong: sums.wrong, unfinished: sums.begun - sums.right - sums.wrong },
    rightPerSecond: took > 0 ? round(sums.right / took) : 0,
    latencyMs: samples.latency(),
    errors: errors.rows,
    perSecond: samples.seconds(),
    generator: { lateMs: lateness.latency(), busy: round(utilization), mostWaiting: sums.mostWaiting },
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
