import type { Machine } from "../../cli/load/report.ts";
import type { Step } from "../../cli/load/step.ts";

/** What bench/scaling.ts found. */
export interface Scaling {
  date: string;
  machine: Machine;
  rps: number;
  events: readonly { second: number; what: string }[];
  callsOfPods: readonly number[];
  sessions: { opened: number; reopened: number };
  steps: readonly Step[];
}

/** The section of docs/load.md. */
export function scalingText({ date, machine, events, callsOfPods, sessions, steps }: Scaling): string {
  const [step] = steps;
  if (step === undefined) throw new Error("nothing was measured");
  const { calls, right, wrong, latencyMs } = step;
  const all = callsOfPods.reduce((sum, count) => sum + count, 0);
  const shares = callsOfPods.map((count) => `${Math.round((100 * count) / Math.max(1, all))} %`);
  const when = events.map(({ second, what }) => `${what} at ${second} s`).join(", ");
  return [
    [
      `Measured on ${date.slice(0, 10)} on ${machine.cpus} cores, load average ${machine.loadAverage} when it began:`,
      `${when}.`,
    ].join("\n"),
    [
      `- ${right} of ${calls} calls were right, ${wrong} wrong.`,
      `- ${sessions.reopened} of ${sessions.opened} sessions had to be opened anew.`,
      `- p50 ${ms(latencyMs.p50)}, p99 ${ms(latencyMs.p99)}, the longest ${ms(latencyMs.max)}.`,
      `- While there were four, they got ${shares.join(", ")} of the calls: by connections, of which the`,
      "  generator has a handful.",
    ].join("\n"),
    "![times while pods come and go](pictures/load-scaling.png)",
  ].join("\n\n");
}

function ms(value: number | null): string {
  return value === null ? "-" : `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}
