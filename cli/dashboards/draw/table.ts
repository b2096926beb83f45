import { COLOURS } from "./colours.ts";
import { cut, escaped } from "./format.ts";

const rowHeight = 21;
const fontSize = 11.5;

/** Rows of text below their columns' names, as SVG. */
export function table(
  columns: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  { width, height }: { width: number; height: number },
): string {
  const shown = rows.slice(0, Math.floor(height / rowHeight) - 1);
  const cell = (value: string | number) => (typeof value === "number" ? value.toLocaleString("en") : value);
  const widest = columns.map((name, column) =>
    Math.max(name.length, ...shown.map((row) => cell(row[column] ?? "").length)),
  );
  const room = width - 28;
  const letters = widest.reduce((sum, one) => sum + one + 2, 0);
  const line = (values: readonly (string | number)[], y: number, style: string) => {
    let x = 14;
    return values.map((value, column) => {
      const wide = (((widest[column] ?? 0) + 2) / letters) * room;
      const number = typeof value === "number" || shown.every((row) => typeof row[column] === "number");
      const [anchor, at] = number ? ["end", x + wide - 14] : ["start", x];
      x += wide;
      const text = escaped(cut(cell(value), wide, fontSize));
      return `<text x="${at.toFixed(1)}" y="${y}" text-anchor="${anchor}" ${style}>${text}</text>`;
    });
  };
  const rules = shown.map((_, index) => {
    const y = (index + 1) * rowHeight + 1;
    return `<line x1="14" x2="${width - 14}" y1="${y}" y2="${y}" stroke="${COLOURS.line}"/>`;
  });
  return [
    ...line(columns, 15, `font-size="${fontSize}" fill="${COLOURS.faint}"`),
    ...rules,
    ...shown.flatMap((row, index) =>
      line(row, (index + 1) * rowHeight + 15, `font-size="${fontSize}" fill="${COLOURS.text}"`),
    ),
  ].join("");
}
