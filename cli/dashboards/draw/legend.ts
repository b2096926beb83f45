import { COLOURS, SERIES_COLOURS } from "./colours.ts";
import { cut, escaped, widthOf } from "./format.ts";

const fontSize = 11;
const lineHeight = 16;
const sample = 18;
const gap = 14;

interface Entry {
  name: string;
  colour: string;
  x: number;
  line: number;
}

/** The names of series beside their colours, in as many lines as they need. */
export function legend(
  names: readonly string[],
  width: number,
): { svg: (top: number) => string; height: number } {
  const room = width - 28;
  const entries: Entry[] = [];
  let [x, line] = [0, 0];
  for (const [index, full] of names.entries()) {
    const name = cut(full, room - sample, fontSize);
    const wide = sample + widthOf(name, fontSize);
    if (x > 0 && x + wide > room) [x, line] = [0, line + 1];
    entries.push({ name, colour: SERIES_COLOURS[index % SERIES_COLOURS.length] ?? COLOURS.text, x, line });
    x += wide + gap;
  }
  const svg = (top: number) =>
    entries
      .map(({ name, colour, x, line }) => {
        const [left, middle] = [(14 + x).toFixed(1), top + line * lineHeight];
        const text = (14 + x + sample).toFixed(1);
        return (
          `<rect x="${left}" y="${middle}" width="12" height="6" fill="${colour}"/>` +
          `<text x="${text}" y="${middle + 7}" font-size="${fontSize}" fill="${COLOURS.faint}">${escaped(name)}</text>`
        );
      })
      .join("");
  return { svg, height: (line + 1) * lineHeight };
}
