import type { Compared, Reply } from "./compare.ts";
import type { Message } from "./parsePrompt.ts";
import type { Report, SideSummary } from "./report.ts";
import type { Spread } from "./statistics.ts";

/** The report for people, side by side. */
export function asMarkdown(report: Report): string {
  const { base, tuned, settings, pairs, prompts } = report;
  return [
    "# Base and tuned model side by side",
    "",
    ...table([
      ["", "base", "tuned"],
      ["model", cell(base.model), cell(tuned.model)],
      ["endpoint", cell(base.url), cell(tuned.url)],
      ...figureRows(report),
    ]),
    "",
    `- Prompts: ${prompts.length}, from ${cell(settings.prompts)}; both models answered ${pairs.count}`,
    `- The same answer to the letter: ${pairs.identical} of ${pairs.count}`,
    ...(pairs.closer
      ? [
          `- Closer to the reference: base ${pairs.closer.base}, tuned ${pairs.closer.tuned}, ` +
            `neither ${pairs.closer.equal}`,
        ]
      : []),
    `- Asked with temperature ${settings.temperature} for at most ${settings.maxTokens} tokens, ` +
      `${settings.concurrency} at a time, on ${report.createdAt}`,
    "",
    "How it is measured:",
    "",
    ...Object.entries(report.measures).map(([name, how]) => `- ${labels[name] ?? name}: ${how}`),
    "",
    ...prompts.flatMap(promptSection),
  ].join("\n");
}

const labels: Record<string, string> = {
  latencyMs: "latency",
  firstTokenMs: "first token",
  tokensPerSecond: "tokens/s",
};

/** The figures of both models in rows; the same ones are printed when the command ends. */
export function figureRows({ base, tuned }: Report): string[][] {
  const row = (name: string, of: (summary: SideSummary) => string) => [name, of(base), of(tuned)];
  const spread = (value: Spread | null, unit: string) =>
    value === null
      ? "none"
      : `${[value.mean, value.p50, value.p95].map((each) => round(each)).join(" / ")} ${unit}`.trimEnd();
  return [
    row("answered", ({ answered, failed }) => `${answered} of ${answered + failed}`),
    row("latency: mean / p50 / p95", ({ latencyMs }) => spread(latencyMs, "ms")),
    row("first token: mean / p50 / p95", ({ firstTokenMs }) => spread(firstTokenMs, "ms")),
    row("tokens/s: mean / p50 / p95", ({ tokensPerSecond }) => spread(tokensPerSecond, "")),
    row("tokens counted by", ({ tokensFrom: { usage, pieces } }) =>
      pieces === 0 ? (usage === 0 ? "none" : "the endpoint") : `pieces (${pieces} of ${usage + pieces})`,
    ),
    row("ROUGE-L F1: mean", ({ similarity }) =>
      similarity === null ? "no reference" : similarity.toFixed(3),
    ),
  ];
}

function promptSection(
  { line, messages, reference, replies: { base, tuned } }: Compared,
  index: number,
): string[] {
  const withReference = (first: string, between: string, ...rest: string[]) =>
    reference === undefined ? [first, ...rest] : [first, between, ...rest];
  const row = (name: string, of: (reply: Exclude<Reply, { error: string }>) => string) =>
    withReference(name, "", ...[base, tuned].map((reply) => ("error" in reply ? "" : of(reply))));
  const text = (reply: Reply) => ("error" in reply ? `**failed:** ${cell(reply.error)}` : cell(reply.text));
  return [
    `## Prompt ${index + 1} (line ${line})`,
    "",
    ...table([["role", "message"], ...messages.map(({ role, content }: Message) => [role, cell(content)])]),
    "",
    ...table([
      withReference("", "reference", "base", "tuned"),
      withReference("answer", cell(reference ?? ""), text(base), text(tuned)),
      ...(reference === undefined
        ? []
        : [row("ROUGE-L F1", ({ similarity }) => similarity?.toFixed(3) ?? "")]),
      row("latency", ({ latencyMs }) => `${round(latencyMs)} ms`),
      row("first token", ({ firstTokenMs }) =>
        firstTokenMs === null ? "none" : `${round(firstTokenMs)} ms`,
      ),
      row("tokens", ({ tokens, tokensPerSecond }) =>
        tokensPerSecond === null ? `${tokens}` : `${tokens}, ${round(tokensPerSecond)}/s`,
      ),
      row("ended by", ({ finishReason }) => cell(finishReason)),
    ]),
    "",
  ];
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}

function table([head = [], ...rows]: string[][]): string[] {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

/**
 * A text as it looks in a cell of a table. Whatever could be markup of Markdown, HTML or of a site that shows it
 * (mentions, issue numbers, formulas) is written as a character reference, which is never markup; line breaks and
 * white space at which a text would change are kept visible. Control characters become their pictures.
 */
export function cell(text: string): string {
  if (text === "") return "*(empty)*";
  return text
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(/[&<>"'\\`*_~[\](){}|@#$^=!:]/g, (each) => `&#${each.charCodeAt(0)};`)
    .replaceAll(/[^\P{Cc}\n\t]/gu, (each) => picture(each.charCodeAt(0)))
    .replaceAll("\t", "&emsp;")
    .replaceAll(/^ | $|(?<= ) /gm, "&nbsp;")
    .replaceAll("\n", "<br>");
}

function picture(code: number): string {
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? "\u2421" : "\ufffd";
}
