import { stripVTControlCharacters } from "node:util";

/** A piece of a line in one style. */
export interface Span {
  text: string;
  colour?: "green" | "red" | "cyan" | "yellow";
  bold?: true;
  dim?: true;
}

/** A line of the picture, and how many seconds after the start the run had printed it. */
export interface ScreenLine {
  spans: Span[];
  at: number;
}

/** Parts of the summary whose lines are only counted: there are too many of them for a picture. */
const COUNTED = /^\s*Resources \(\d+\)$/;

type Style = Partial<Omit<Span, "text">>;
const PLAIN: Style = { bold: undefined, dim: undefined, colour: undefined };

/** What the codes change that `styleText` writes; others are ignored. */
const styles: Readonly<Record<string, Style>> = {
  "0": PLAIN,
  "1": { bold: true },
  "2": { dim: true },
  "22": { bold: undefined, dim: undefined },
  "31": { colour: "red" },
  "32": { colour: "green" },
  "33": { colour: "yellow" },
  "36": { colour: "cyan" },
  "39": { colour: undefined },
};

/**
 * What a terminal shows of a run in the end: phases that are over, and the summary. What a terminal shows in one
 * place for a while, and a file has on lines of its own, is left out; so is this machine's folder.
 *
 * @param recording what `npm run rehearse` printed, with colours
 */
export function screenOf(recording: string): ScreenLine[] {
  const shown: ScreenLine[] = [];
  let seconds = 0;
  let running = false;
  let counted = 0;
  let counting = false;
  for (const raw of recording.trimEnd().split("\n")) {
    const plain = stripVTControlCharacters(raw);
    if (plain.startsWith("▶ ")) {
      running = true;
    } else if (/^[✔✘] /.test(plain)) {
      running = false;
      seconds += secondsIn(plain);
      shown.push({ spans: spansOf(raw), at: seconds });
    } else if (!running && !plain.trimStart().startsWith("Logs: ")) {
      if (counting && plain.trim() === "") {
        shown.push({ spans: [{ text: `    ${counted} kinds`, dim: true }], at: seconds });
        counting = false;
      }
      if (counting) counted += 1;
      else shown.push({ spans: spansOf(raw), at: seconds });
      if (COUNTED.test(plain)) [counting, counted] = [true, 0];
    }
  }
  return shown;
}

/** The text of a screen, a line each. */
export function textOf(screen: readonly ScreenLine[]): string[] {
  return screen.map(({ spans }) =>
    spans
      .map(({ text }) => text)
      .join("")
      .trimEnd(),
  );
}

/** `(0.4 s)`, `(12.3 s)` or `(2 m 05 s)` at the end of a line. */
function secondsIn(line: string): number {
  const [, minutes = "0", rest = "0"] = /\((?:(\d+) m )?([\d.]+) s\)$/.exec(line.trimEnd()) ?? [];
  return Number(minutes) * 60 + Number(rest);
}

function spansOf(raw: string): Span[] {
  const spans: Span[] = [];
  let now = PLAIN;
  // The escape that begins a code is what is looked for.
  for (const part of raw.split("\u001b[")) {
    const [, codes, text] = /^([\d;]*)m(.*)$/s.exec(part) ?? [undefined, undefined, part];
    for (const code of codes?.split(";") ?? []) now = { ...now, ...styles[code || "0"] };
    const { colour, bold, dim } = now;
    if (text) spans.push({ text, ...(colour && { colour }), ...(bold && { bold }), ...(dim && { dim }) });
  }
  return spans;
}
