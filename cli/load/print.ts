import { table, wrap } from "../table.ts";
import { visible } from "../visible.ts";
import type { Report } from "./report.ts";

/** A report as people read it. */
export function reportText(report: Report): string {
  const { steps, sessions, bites, knee, target } = report;
  const steppedUp = steps.map(({ rps, latencyMs, rightPerSecond, right, wrong }) => {
    const { p50, p95, p99, max } = latencyMs;
    return [String(rps), rightPerSecond.toFixed(0), ...[p50, p95, p99, max].map(ms), `${right}`, `${wrong}`];
  });
  const errors = steps.flatMap(({ rps, errors }) =>
    errors.map(({ kind, code, message, count, firstAtSeconds }) => [
      `${rps}`,
      `${count}`,
      kind,
      code ?? "",
      `${firstAtSeconds} s`,
      visible(message ?? ""),
    ]),
  );
  return [
    `${target.tool} at ${target.url}, ${sessions.opened} ${sessions.opened === 1 ? "session" : "sessions"}`,
    table(["rate", "right/s", "p50", "p95", "p99", "max", "right", "wrong"], steppedUp),
    errors.length > 0 &&
      table(["rate", "errors", "kind", "code", "first after", "what was said"], errors, 110),
    bites.length > 0 &&
      [
        "Limits that began to bite:",
        ...bites.map(({ kind, message, rps, firstAtSeconds, rightBefore }) =>
          lines(
            `${kind} at ${rps} calls a second, after ${firstAtSeconds} s and ${rightBefore} right answers: ` +
              visible(message ?? ""),
          ),
        ),
      ].join("\n"),
    knee && kneeText(knee),
  ]
    .filter(Boolean)
    .join("\n\n");
}

function kneeText({ rps, tooMuch, because }: NonNullable<Report["knee"]>): string {
  if (rps === null)
    return lines(`No knee: ${tooMuch ?? "the first"} calls a second are too much: ${because}.`);
  if (tooMuch === null) return lines(`No knee up to ${rps} calls a second: ${because}.`);
  return lines(`Knee: ${rps} calls a second. At ${tooMuch} ${because}.`);
}

function lines(text: string): string {
  return wrap(text, 80).join("\n");
}

function ms(value: number | null): string {
  return value === null ? "-" : `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
}
