import type { Report } from "../../cli/load/report.ts";
import { markdownTable as table } from "../section.ts";

/** What the baseline consists of. */
export interface Baseline {
  alone: Report;
  guarded: Report;
  steady: Report;
  limited: Report;
}

/** The figures of docs/load.md. */
export function figures({ alone, guarded, steady, limited }: Baseline): string {
  const { machine, startedAt } = guarded;
  return [
    [
      `Measured on ${startedAt.slice(0, 10)} on ${machine.cpus} cores (${machine.model}), ${machine.memoryGiB} GiB,`,
      `${machine.system}, Node ${machine.node.slice(1)}; load average ${machine.loadAverage} when it began.`,
      "Generator, guard and server shared these cores.",
    ].join("\n"),
    table(
      ["", "knee (calls a second)", "why not more"],
      [
        ["echo alone", String(alone.knee?.rps ?? "none"), why(alone)],
        ["echo behind the guard", String(guarded.knee?.rps ?? "none"), why(guarded)],
      ],
    ),
    table(
      ["behind the guard, calls a second", "p50", "p95", "p99", "max", "wrong"],
      [...guarded.steps]
        .sort((a, b) => a.rps - b.rps)
        .map(({ rps, latencyMs: { p50, p95, p99, max }, wrong }) => [
          String(rps),
          ...[p50, p95, p99, max].map(ms),
          String(wrong),
        ]),
    ),
    "![times over the rate, behind the guard](pictures/load-knee-guarded.png)",
    `At half of the knee, ${steady.steps[0]?.rps} calls a second for ${steady.steps[0]?.seconds} s:`,
    "![times over half a minute](pictures/load-steady.png)",
    bite(limited),
    "![answers over time, with the budget of a caller used up](pictures/load-limited.png)",
  ].join("\n\n");
}

function bite({ bites: [first], steps: [step] }: Report): string {
  if (first === undefined || step === undefined) return "No limit bit.";
  return [
    `With the guard's default budget, 120 calls in 60 s, one caller at ${step.rps} calls a second was refused`,
    `(${first.code}) after ${first.firstAtSeconds} s and ${first.rightBefore} right answers: "${first.message}".`,
  ].join("\n");
}

function why({ knee }: Report): string {
  if (!knee) return "";
  return knee.tooMuch === null ? knee.because : `at ${knee.tooMuch}: ${knee.because}`;
}

function ms(value: number | null): string {
  return value === null ? "-" : `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}
