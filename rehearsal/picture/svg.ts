import { type ScreenLine, type Span, textOf } from "./recording.ts";

const colours = { green: "#3fb950", red: "#f85149", cyan: "#39c5cf", yellow: "#d29922" } as const;
const FOREGROUND = "#e6edf3";
const DIMMED = "#8b949e";
/** Size of a character in a monospaced font of 13 pixels; each line's width is set, whatever the font's own is. */
const [WIDTH, HEIGHT] = [7.8, 19];
const [LEFT, TOP] = [18, 54];
/** Characters of a line; what is longer goes on in the next. */
const COLUMNS = 124;
/** The picture is played faster than the run was. */
export const FASTER = 20;

/**
 * A screen as an SVG: lines appear in the order and, {@link FASTER} times faster, at the times at which they did.
 * A viewer that doesn't animate, or is asked not to, shows all of them.
 *
 * @param command what was typed
 */
export function svgOf(command: string, screen: readonly ScreenLine[]): string {
  const lines = [{ spans: [{ text: `$ ${command}`, bold: true as const }], at: 0 }, ...screen].flatMap(
    wrapped,
  );
  const [width, height] = [Math.ceil(LEFT * 2 + COLUMNS * WIDTH), TOP + lines.length * HEIGHT];
  const said = ["What a terminal shows:", ...textOf(lines)].map(escaped).join("\n");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(command)}</title>`,
    `<desc>${said}</desc>`,
    "<style>",
    "text { font: 13px ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; white-space: pre }",
    "@media (prefers-reduced-motion: no-preference) {",
    "  .l { animation: come 0.05s linear both } @keyframes come { from { opacity: 0 } to { opacity: 1 } }",
    "}",
    "</style>",
    `<rect width="${width}" height="${height}" rx="10" fill="#0d1117"/>`,
    ...["#ff5f57", "#febc2e", "#28c840"].map(
      (fill, index) => `<circle cx="${24 + index * 20}" cy="22" r="6" fill="${fill}"/>`,
    ),
    `<text x="${width - LEFT}" y="26" text-anchor="end" fill="${DIMMED}">recorded; played ${FASTER} times faster</text>`,
    ...lines.map(({ spans, at }, index) => {
      const y = TOP + index * HEIGHT;
      const delay = (at / FASTER + 0.6).toFixed(2);
      return `<g class="l" style="animation-delay:${delay}s">${spansAt(spans, y)}</g>`;
    }),
    "</svg>",
    "",
  ].join("\n");
}

function spansAt(spans: readonly Span[], y: number): string {
  let column = 0;
  return spans
    .map(({ text, colour, bold, dim }) => {
      const x = (LEFT + column * WIDTH).toFixed(1);
      column += text.length;
      if (text.trim() === "") return "";
      const fill = colour ? colours[colour] : dim ? DIMMED : FOREGROUND;
      const weight = bold ? ' font-weight="bold"' : "";
      const length = (text.length * WIDTH).toFixed(1);
      return `<text xml:space="preserve" x="${x}" y="${y}" textLength="${length}" fill="${fill}"${weight}>${escaped(text)}</text>`;
    })
    .join("");
}

/** A line that is too long goes on, indented, in the next. */
function wrapped({ spans, at }: ScreenLine): ScreenLine[] {
  const lines: ScreenLine[] = [{ spans: [], at }];
  let room = COLUMNS;
  for (const span of spans) {
    let { text } = span;
    while (text.length > room) {
      lines.at(-1)?.spans.push({ ...span, text: text.slice(0, room) });
      text = `      ${text.slice(room)}`;
      lines.push({ spans: [], at });
      room = COLUMNS;
    }
    lines.at(-1)?.spans.push({ ...span, text });
    room -= text.length;
  }
  return lines;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
