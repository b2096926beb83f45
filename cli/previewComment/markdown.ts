import { redact } from "../diagnose/redact.ts";
import { visible } from "../visible.ts";

/** The most characters of one name or message; what is longer is cut, and says so. */
const NAME = 200;
const MESSAGE = 4_000;

/**
 * A name from elsewhere as code: nothing in it is Markdown, HTML, a mention or a link, also inside a table.
 *
 * Source of the rules: https://github.github.com/gfm/#code-spans and #tables-extension-.
 */
export function code(text: string): string {
  const shown = shortened(redact(visible(text.trim())), NAME) || " ";
  // In a table's cell a backslash before an escaped pipe would be taken for its escape, and the cell would end there.
  if (shown.includes("\\|")) return `<code>${inEntities(shown)}</code>`;
  const ticks = "`".repeat(longestRun(shown) + 1);
  // A tick at either end would be taken for the fence's.
  const inner = shown.startsWith("`") || shown.endsWith("`") ? ` ${shown} ` : shown;
  return `${ticks}${inner.replaceAll("|", "\\|")}${ticks}`;
}

/** A message from elsewhere, of one or several lines, as a block of code. */
export function block(text: string): string {
  const lines = redact(text.trim())
    .split("\n")
    .map((line) => visible(line.trimEnd().replaceAll("\t", "  ")));
  const shown = shortened(lines.join("\n"), MESSAGE);
  const fence = "`".repeat(Math.max(3, longestRun(shown) + 1));
  return `${fence}text\n${shown}\n${fence}`;
}

/** A table; cells are Markdown already. */
export function tableOf(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(headings), line(headings.map(() => "---")), ...rows.map(line)].join("\n");
}

/** What can be opened. */
export function folded(summary: string, content: string): string {
  return `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`;
}

function inEntities(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, (character) => `&#${character.codePointAt(0)};`);
}

function shortened(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most).join("")}...`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
