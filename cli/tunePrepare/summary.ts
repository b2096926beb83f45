import { styleText } from "node:util";
import { table } from "../table.ts";
import { visible } from "../visible.ts";
import type { Figures } from "./collect.ts";
import type { Format } from "./format.ts";
import type { Prepared, Problem } from "./prepare.ts";

/** What was written, and where. */
export interface Written {
  input: string;
  output: string;
  format: Format;
  prepared: Prepared;
  figures: Figures;
  /** The seed of the sample; undefined when every record was wanted. */
  seed?: number;
}

/** English text has about four bytes a token with the tokenisers of the models that KAITO tunes. */
const bytesPerToken = 4;

/** The summary for machines. */
export function asJson({ input, output, format, prepared, figures, seed }: Written): string {
  const { recordsIn, blankLines, repeats, dropped } = prepared;
  const { records, characters, textBytes } = figures;
  return pretty({
    ok: true,
    input,
    output,
    format,
    recordsIn,
    recordsOut: records,
    skipped: { blankLines, repeats: dropped, notSampled: recordsIn - dropped - records },
    repeats: repeats ?? null,
    seed: seed ?? null,
    characters,
    estimatedTokens: { total: tokens(textBytes.total), max: tokens(textBytes.max) },
  });
}

/** The same for people. */
export function asText({ output, format, prepared, figures, seed }: Written, width = 80): string {
  const { recordsIn, blankLines, repeats, dropped } = prepared;
  const { records, characters, textBytes } = figures;
  const skipped = [
    counted(blankLines, "blank line"),
    ...(repeats === undefined ? [] : [`${counted(repeats, "repeat")} (${number(dropped)} dropped)`]),
    ...(seed === undefined ? [] : [`${number(recordsIn - dropped - records)} not sampled (seed ${seed})`]),
  ];
  const rows = [
    ["records", `${number(recordsIn)} read, ${number(records)} written as ${format}`],
    ["skipped", skipped.join(", ")],
    [
      "characters",
      `mean ${number(characters.mean)}, at most ${number(characters.max)} (line ${characters.maxLine})`,
    ],
    [
      "tokens",
      `about ${number(tokens(textBytes.total))}, at most about ${number(tokens(textBytes.max))} a record: ` +
        `an estimate, of ${bytesPerToken} bytes a token`,
    ],
  ];
  const [, ...lines] = table(["", ""], rows, width).split("\n");
  return [
    styleText(["bold", "green"], output === "stdout" ? "Wrote to stdout" : `Wrote ${output}`),
    "",
    ...lines,
  ].join("\n");
}

/** The problems for machines. */
export function problemsAsJson(input: string, { problems, stopped }: Prepared): string {
  return pretty({ ok: false, input, problems, stopped });
}

/** A problem as compilers print it, so that editors find the place; what the input has can't steer a terminal. */
export function asLine(input: string, { line, column, message }: Problem): string {
  return `${input}:${line}${column === undefined ? "" : `:${column}`}: ${visible(message)}`;
}

function tokens(bytes: number): number {
  return Math.ceil(bytes / bytesPerToken);
}

function counted(count: number, thing: string): string {
  return `${number(count)} ${thing}${count === 1 ? "" : "s"}`;
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}

function pretty(value: object): string {
  return JSON.stringify(value, undefined, 2);
}
