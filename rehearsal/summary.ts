import type { RehearsalResult } from "./rehearsal.ts";
import { seconds } from "./report.ts";

/** Everything that the summary tells, as `--json` prints it. */
export interface Summary extends RehearsalResult {
  ok: boolean;
  scenario: string;
  toolchain: { buildMs: number; pulumi: string };
  /** The version of the Docker that built the images; absent when there is none here. */
  builder?: string;
  /** Milliseconds from the first line to the summary. */
  totalMs: number;
  peakMemoryMiB: number;
  /** The folder with every log. */
  logs: string;
}

/** The summary for people, a line each. */
export function summaryLines(summary: Summary): string[] {
  return [
    "",
    ...resourceLines(summary),
    ...vmSizeLines(summary.stack?.outputs ?? {}),
    ...imageLines(summary),
    ...policyLines(summary),
    "Time",
    ...summary.phases.map(
      ({ name, ok, durationMs }) => `  ${name.padEnd(14)} ${seconds(durationMs)}${ok ? "" : "  failed"}`,
    ),
    `  ${"in all".padEnd(14)} ${seconds(summary.totalMs)}, peak memory ${summary.peakMemoryMiB} MiB`,
    "",
    `Logs: ${summary.logs}`,
    summary.ok ? "The rehearsal went well." : "The rehearsal failed.",
  ];
}

function resourceLines({ stack }: Summary): string[] {
  if (!stack) {
    return [];
  }
  const kinds = Object.entries(stack.resources).sort(([a], [b]) => a.localeCompare(b));
  const total = kinds.reduce((sum, [, count]) => sum + count, 0);
  return [
    `Resources (${total})`,
    ...kinds.map(([type, count]) => `  ${String(count).padStart(3)}  ${type}`),
    "",
  ];
}

/** What was chosen and what was refused; candidates that would have done as well are counted. */
function vmSizeLines(outputs: Record<string, unknown>): string[] {
  const verdicts = (outputs["verdicts"] ?? {}) as Record<string, string[]>;
  const lines = Object.entries(verdicts).flatMap(([pool, candidates]) => {
    const spare = candidates.filter((line) => /^[^> ]+: ok: /.test(line));
    return [
      `  ${pool}`,
      ...candidates.filter((line) => !spare.includes(line)).map((line) => `    ${line}`),
      ...(spare.length > 0 ? [`    and ${spare.length} more that would fit`] : []),
    ];
  });
  return lines.length === 0 ? [] : ["VM sizes", ...lines, ""];
}

/** How the images were made that were pushed: without Docker they are less than what they stand for. */
function imageLines({ stack, builder }: Summary): string[] {
  const count = stack?.resources["docker:index/image:Image"] ?? 0;
  if (count === 0) {
    return [];
  }
  return [
    `Images (${count})`,
    builder === undefined
      ? "  made of the files that their Dockerfiles copy: no Docker answers here, so no base image and no RUN is in them"
      : `  built by Docker ${builder}`,
    "  pushed to the stack's registry with the stack's own login",
    "",
  ];
}

function policyLines({ policyPacks, violations }: Summary): string[] {
  // A pack that is given as a folder is reported as `org|local|folder`.
  const packs = Object.entries(policyPacks).map(([name, version]) => `${name.split("|").at(-1)} ${version}`);
  const refused = violations.filter(({ level }) => level === "mandatory");
  const advices = violations.filter(({ level }) => level !== "mandatory").map(({ policy }) => policy);
  return [
    "Policies",
    `  ${packs.join(", ") || "no pack ran"}: ${refused.length || "no"} violations, ${advices.length || "no"} advices`,
    ...refused.map(({ policy, urn, message }) => `  ${policy}: ${urn.split("::").at(-1)}: ${message}`),
    ...[...new Set(advices)].map(
      (policy) => `  advice of ${policy}: ${advices.filter((each) => each === policy).length}`,
    ),
    "",
  ];
}
