import { styleText } from "node:util";
import { wrap } from "../table.ts";
import type { Evidence, Step } from "./finding.ts";
import type { Judgement } from "./judge.ts";
import type { Report, SubjectReport } from "./report.ts";

const WIDTH = 100;
const LONGEST_VALUE = 600;

/** The report for people. */
export function asText(report: Report, columns = WIDTH): string {
  const width = Math.min(Math.max(columns, 40), WIDTH);
  const { server, context, takenAt } = report;
  const bad = report.subjects.filter(({ state }) => state !== "ready");
  const good = report.subjects.filter(({ state }) => state === "ready");
  const shown = new Map<string, string>();
  return [
    ...wrap(`${server}${context ? ` (context ${context})` : ""} at ${takenAt.slice(0, 19)}Z`, width),
    "",
    ...bad.flatMap((subject) => [...badText(subject, width, shown), ""]),
    ...good.flatMap((subject) => goodText(subject, width)),
    ...(report.subjects.length === 0 ? ["Nothing to look at: no model, RAG engine or MCP server."] : []),
    ...(good.length > 0 || report.subjects.length === 0 ? [""] : []),
    ...unreadText(report, width),
    verdict(report),
  ].join("\n");
}

/** The report for machines. */
export function asJson(report: Report): string {
  return JSON.stringify(report, undefined, 2);
}

function verdict({ subjects, ready }: Report): string {
  const not = subjects.filter(({ state }) => state === "not ready").length;
  if (!ready) return styleText(["bold", "red"], `${not} of ${subjects.length} not ready`);
  const warned = subjects.filter(({ warnings }) => warnings.length > 0).length;
  const words = `All ready${warned > 0 ? `, ${warned} with a warning` : ""}`;
  return styleText(["bold", warned > 0 ? "yellow" : "green"], words);
}

function titleOf({ kind, role, namespace, name }: SubjectReport): string {
  const what = role === "tuning" ? "tuning" : kind;
  return `${what} ${namespace === "" || kind === "component" ? "" : `${namespace}/`}${name}`;
}

function goodText(subject: SubjectReport, width: number): string[] {
  const line = `${titleOf(subject)}: ${subject.line}`;
  return [
    ...marked(styleText("green", "ok"), 2, line, width),
    ...subject.warnings.flatMap((warning) => [
      ...indented(4, `warning: ${warning.summary}`, width).map((each) => styleText("yellow", each)),
      ...warning.evidence.slice(0, 3).flatMap((each) => evidenceText(each, width)),
      ...nextText(warning.next, width),
    ]),
  ];
}

function badText(subject: SubjectReport, width: number, shown: Map<string, string>): string[] {
  const unknown = subject.state === "unknown";
  const mark = unknown ? styleText("yellow", "??") : styleText("red", "NO");
  const title = marked(mark, 2, `${titleOf(subject)}: ${subject.line}`, width);
  return [
    ...title.map((line, index) => (index === 0 ? styleText("bold", line) : line)),
    ...subject.causes.flatMap((cause, index) => causeText(subject, cause, index + 1, width, shown)),
  ];
}

function causeText(
  subject: SubjectReport,
  cause: Judgement,
  number: number,
  width: number,
  shown: Map<string, string>,
): string[] {
  const head = `${number}. ${likelihoodText(cause.likelihood)}: ${cause.summary}`;
  const lines = indented(3, head, width, 3).map((line) => (number === 1 ? styleText("bold", line) : line));
  // The same cause for the second model needs no second explanation.
  const key = `${cause.cause} ${cause.summary} ${JSON.stringify(cause.next)}`;
  const before = shown.get(key);
  const consequences = cause.consequences.flatMap(({ summary }) => indented(6, `so: ${summary}`, width, 4));
  if (before !== undefined) return [...lines, ...indented(6, `as with ${before}`, width), ...consequences];
  shown.set(key, titleOf(subject));
  return [
    ...lines,
    ...cause.evidence.flatMap((each) => evidenceText(each, width)),
    ...consequences,
    ...nextText(cause.next, width),
  ];
}

/** A number between 0 and 1 in words. */
export function likelihoodText(likelihood: number): string {
  if (likelihood >= 0.9) return "very likely";
  if (likelihood >= 0.6) return "likely";
  return likelihood >= 0.3 ? "possible" : "unclear";
}

function evidenceText({ object, field, value = "", count }: Evidence, width: number): string[] {
  const times = count !== undefined && count > 1 ? ` (${count} times)` : "";
  const head = `${object}${field ? `, ${field}` : ""}${times}`;
  const text = value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)} …` : value;
  const short = `- ${head}${text ? `: ${text}` : ""}`;
  if (short.length + 6 <= width && !text.includes("\n")) return [styleText("dim", `      ${short}`)];
  const body = text.split("\n").flatMap((line) => indented(10, line.trim(), width));
  return [...indented(6, `- ${head}${text ? ":" : ""}`, width, 2), ...(text ? body : [])].map((line) =>
    styleText("dim", line),
  );
}

function nextText(steps: readonly Step[], width: number): string[] {
  return steps.flatMap(({ text, command }) => [
    ...(text ? indented(6, `> ${text}${command ? ":" : "."}`, width, 2) : []),
    // In one line whatever its length, so that it can be copied.
    ...(command ? [`        ${styleText("cyan", command)}`] : []),
  ]);
}

function unreadText({ unread }: Report, width: number): string[] {
  const forbidden = unread.filter((each) => each.forbidden).map(({ what }) => what);
  const failed = unread.filter((each) => !each.forbidden);
  return [
    ...(forbidden.length > 0
      ? [
          "Not allowed to read, so that nothing is concluded from it:",
          ...indented(2, forbidden.join(", "), width),
        ]
      : []),
    ...(failed.length > 0 ? ["Could not be read:"] : []),
    ...failed.flatMap(({ what, why }) => indented(2, `- ${what}: ${why}`, width, 2)),
    ...(unread.length > 0 ? [""] : []),
  ];
}

/** A text under a mark of some characters; the mark's own may be colours. */
function marked(mark: string, length: number, text: string, width: number): string[] {
  return wrap(text, width - length - 1).map((line, index) =>
    index === 0 ? `${mark} ${line}` : `${" ".repeat(length + 1)}${line}`,
  );
}

function indented(indent: number, text: string, width: number, hanging = 0): string[] {
  return wrap(text, width - indent - hanging).map(
    (line, index) => `${" ".repeat(index === 0 ? indent : indent + hanging)}${line}`,
  );
}
