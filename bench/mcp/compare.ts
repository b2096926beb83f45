import { type Load, load } from "./load.ts";
import type { RunningServer } from "./servers.ts";
import type { ToolCall } from "./targets.ts";

/** What is measured, and how long. */
export interface Comparison {
  server: string;
  bare: RunningServer;
  guard: RunningServer;
  call: ToolCall;
  clients: number;
  seconds: number;
  rounds: number;
  /** Calls a second of each client, where it doesn't call as fast as it can. */
  rate: number;
}

/** What the guard may add, in milliseconds. */
const ALLOWED = { p50: 5, p99: 20 };

/**
 * Calls a server alone and through its guard in turns, at a pace and as fast as it goes, and compares.
 *
 * What is added is judged at a pace, where no call waits for another: with every client calling as fast as it can,
 * the time of a call is the number of clients divided by the calls that two cores can do in a second, load
 * generator included, and says nothing of the way through the guard. Both are printed.
 *
 * @returns rows for a table, and what is not as it should be.
 */
export async function compare({ server, bare, guard, call, ...pressure }: Comparison) {
  const { clients, seconds, rounds, rate } = pressure;
  const [rows, wrong]: [string[][], string[]] = [[], []];
  const what = `${server}, ${call.tool}`;
  for (const ratePerClient of [rate, undefined]) {
    const pace = ratePerClient === undefined ? "as fast as it goes" : `${clients * ratePerClient} calls/s`;
    const runs: { alone: Load[]; guarded: Load[] } = { alone: [], guarded: [] };
    // The first round warms both up.
    for (let round = 0; round <= rounds; round += 1) {
      for (const [name, { url, headers }] of [
        ["alone", bare],
        ["guarded", guard],
      ] as const) {
        const run = await load({ url, headers, ...call }, { clients, seconds, ratePerClient });
        if (run.wrong > 0) wrong.push(`${what}, ${name}, ${pace}: ${run.wrong} wrong answers`);
        if (round > 0) runs[name].push(run);
      }
    }
    const [alone, guarded] = [middle(runs.alone), middle(runs.guarded)];
    const added = { p50: guarded.p50 - alone.p50, p99: guarded.p99 - alone.p99 };
    rows.push([`alone, ${pace}`, ...cells(alone), "1.00", "", ""]);
    rows.push([
      `guarded, ${pace}`,
      ...cells(guarded),
      (guarded.p50 / alone.p50).toFixed(2),
      milliseconds(added.p50),
      milliseconds(added.p99),
    ]);
    if (ratePerClient === undefined) continue;
    for (const key of ["p50", "p99"] as const) {
      if (!(added[key] <= ALLOWED[key])) {
        wrong.push(
          `${what}: the guard adds ${milliseconds(added[key])} to ${key}; ${ALLOWED[key]} ms are allowed`,
        );
      }
    }
    if (call.mostP50 !== undefined && !(guarded.p50 <= call.mostP50)) {
      wrong.push(`${what}: p50 is ${milliseconds(guarded.p50)}; ${call.mostP50} ms are allowed`);
    }
  }
  return { rows, wrong };
}

/** The middle of several runs, figure by figure. */
function middle(runs: Load[]): Load {
  const of = (key: keyof Load) => {
    const sorted = runs.map((run) => run[key]).sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  };
  return {
    ...{ calls: of("calls"), wrong: of("wrong"), callsPerSecond: of("callsPerSecond") },
    ...{ p50: of("p50"), p95: of("p95"), p99: of("p99") },
  };
}

function cells({ callsPerSecond, p50, p95, p99 }: Load): string[] {
  return [callsPerSecond.toFixed(0), ...[p50, p95, p99].map(milliseconds)];
}

function milliseconds(value: number): string {
  return `${value.toFixed(1)} ms`;
}
