import type { Step } from "./step.ts";

/** What is still good. */
export interface Limits {
  /** The most that p99 may be, in milliseconds. @default - no such limit */
  p99Ms?: number;
  /** The largest share of calls that may be wrong, 0 to 1. */
  errors: number;
}

/** How the rate goes up. */
export interface Climb {
  /** Calls a second of the first step. */
  start: number;
  /** Each step has so many times the rate of the one before. */
  factor: number;
  /** The highest rate that is tried. */
  max: number;
}

/** The highest rate that was good, and why the next one wasn't. */
export interface Knee {
  /** Calls a second; null when even the first rate was too much. */
  rps: number | null;
  /** The lowest rate that was too much; null when none was. */
  tooMuch: number | null;
  /** Why that was too much, or why the search ended without one. */
  because: string;
}

/** How often the space between the last good rate and the first bad one is halved. */
const halvings = 2;

/** A generator that is busy for longer, or sends later, measures itself. */
const mostBusy = 0.9;
const mostLateMs = 50;

/** Why a step is not good; undefined when it is. */
export function faultOf({ calls, wrong, errors, latencyMs }: Step, limits: Limits): string | undefined {
  const share = wrong / Math.max(1, calls);
  if (share > limits.errors) {
    const most = errors[0];
    const what = most ? `, most of them ${most.kind}` : "";
    return `${percent(share)} of the calls were wrong${what}; ${percent(limits.errors)} is the limit`;
  }
  const { p99 } = latencyMs;
  if (limits.p99Ms !== undefined && p99 !== null && p99 > limits.p99Ms) {
    return `p99 was ${Math.round(p99)} ms; ${limits.p99Ms} ms is the limit`;
  }
  return undefined;
}

/** Why a step says more of the generator than of the server; undefined when it doesn't. */
export function generatorFault({ generator: { busy, lateMs } }: Step): string | undefined {
  if (busy > mostBusy) return `the load generator itself was busy for ${percent(busy)} of the time`;
  if (lateMs.p99 !== null && lateMs.p99 > mostLateMs) {
    return `the load generator itself was late by ${Math.round(lateMs.p99)} ms (p99)`;
  }
  return undefined;
}

/**
 * Steps the rate up until a step is not good, and looks closer between that one and the last good one. A step that
 * isn't good is tried twice: a hiccup of the machine is no knee.
 */
export async function findKnee(
  { start, factor, max }: Climb,
  limits: Limits,
  measure: (rps: number) => Promise<Step>,
  signal: AbortSignal,
): Promise<Knee> {
  let good: number | null = null;
  let bad: { rps: number; because: string } | undefined;
  const isGood = async (rps: number): Promise<boolean> => {
    for (let attempt = 1; attempt <= 2 && !signal.aborted; attempt += 1) {
      const step = await measure(rps);
      if (signal.aborted) return false;
      const because = faultOf(step, limits);
      // Where the generator was late and all was good, the server was at least as good.
      if (because === undefined) return true;
      const self = generatorFault(step);
      if (attempt === 2) bad = { rps, because: self === undefined ? because : `${because}; ${self}` };
    }
    return false;
  };
  for (let rps = start; rps <= max; rps = Math.min(next(rps, factor), rps === max ? rps + 1 : max)) {
    if (!(await isGood(rps))) break;
    good = rps;
  }
  for (let times = 0; times < halvings && good !== null && bad && !signal.aborted; times += 1) {
    const middle: number = Math.round((good + bad.rps) / 2);
    if (middle <= good || middle >= bad.rps) break;
    if (await isGood(middle)) good = middle;
  }
  if (signal.aborted)
    return { rps: good, tooMuch: bad?.rps ?? null, because: "interrupted before it was found" };
  if (bad === undefined)
    return { rps: good, tooMuch: null, because: `${max} calls a second is the most that was tried` };
  return { rps: good, tooMuch: bad.rps, because: bad.because };
}

function next(rps: number, factor: number): number {
  return Math.max(rps + 1, Math.round(rps * factor));
}

function percent(share: number): string {
  const value = share * 100;
  return `${Number.isInteger(value) ? value : value.toFixed(1)} %`;
}
