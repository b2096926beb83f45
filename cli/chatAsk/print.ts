import { visibleLines } from "../mcp/print.ts";
import { visible } from "../visible.ts";
import type { ToolCall } from "./message.ts";
import type { Problem } from "./problems.ts";
import type { Source } from "./sources.ts";

/** What came of a question. */
export interface Report {
  question: string;
  model: string;
  /** Null when there is none. */
  answer: string | null;
  sources: Source[];
  calls: ToolCall[];
  problems: Problem[];
  /** Tools that could have been called, when none was and they are known. */
  offered?: string[];
  seconds: number;
  /** Where the chat is, when it was kept. */
  chat?: string;
}

/** All of a report for people, but for the answer, which stands above it. */
export function beneath(report: Report): string {
  const { sources, calls, offered, chat, seconds, model } = report;
  const cited = sources.filter((source) => source.cited);
  const shown = cited.length > 0 ? cited : sources;
  return [
    ...section(cited.length > 0 ? "Sources" : "Looked at, but not cited", shown.map(sourceLine)),
    ...section("Tools called", calls.map(callLine)),
    ...(calls.length === 0 && offered ? ["", unusedLine(offered)] : []),
    "",
    `${visible(model)}, ${seconds} s${chat === undefined ? "" : `, ${visible(chat)}`}`,
  ].join("\n");
}

/** Problems, for stderr. */
export function problemLines(problems: readonly Problem[]): string {
  return problems.map(({ what, remedy }) => `error: ${what}\n  ${remedy}`).join("\n");
}

/** An answer's text as it may be printed. */
export const answerText = visibleLines;

function section(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", `${heading}:`, ...lines.map((line) => `  ${line}`)];
}

function sourceLine({ url, title, cited, found }: Source): string {
  const doubt = cited && !found ? " (no tool has found it: it may be made up)" : "";
  return `${title ? `${visible(title)}: ` : ""}${visible(url)}${doubt}`;
}

function callLine({ tool, arguments: given, status, error, seconds }: ToolCall): string {
  const took = seconds === undefined ? "" : `, ${seconds} s`;
  const ended =
    status === "failed"
      ? `failed: ${visible((error ?? "").slice(0, 200))}`
      : status === "skipped"
        ? "not called any more"
        : status;
  return `${visible(tool)} ${visible(JSON.stringify(given))}: ${ended}${took}`;
}

function unusedLine(offered: readonly string[]): string {
  return offered.length === 0
    ? "No tool was called."
    : `No tool was called; the model was offered ${offered.map(visible).join(", ")}.`;
}
