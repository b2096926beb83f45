import { COLUMNS, layOut, type Section } from "../../../components/dashboards.ts";
import type { PanelSample } from "../sample.ts";
import { COLOURS } from "./colours.ts";
import { escaped } from "./format.ts";
import { drawnPanel } from "./panel.ts";

const width = 1400;
const margin = 14;
const gap = 10;
const headHeight = 62;
/** Pixels of a row of the grid: eight of them make a chart that can be read. */
const rowHeight = 30;

/** A section as SVG, on a page of its own. */
export function sectionSvg(section: Section, sample: Readonly<Record<string, PanelSample>>): string {
  const { places, bottom } = layOut(section.panels);
  const column = (width - 2 * margin + gap) / COLUMNS;
  const height = headHeight + bottom * rowHeight + margin;
  const panels = section.panels.map((panel, index) => {
    const { x, y, w, h } = places[index] ?? { x: 0, y: 0, w: COLUMNS, h: 8 };
    const data = sample[panel.id];
    if (data === undefined) throw new Error(`there is no sample data for the panel ${panel.id}`);
    return drawnPanel(panel, data, {
      x: margin + x * column,
      y: headHeight + y * rowHeight,
      width: w * column - gap,
      height: h * rowHeight - gap,
    });
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`,
    ' font-family="DejaVu Sans">',
    `<rect width="${width}" height="${height}" fill="${COLOURS.page}"/>`,
    `<text x="${margin}" y="27" font-size="19" font-weight="bold" fill="${COLOURS.text}">`,
    `${escaped(section.title)}</text>`,
    `<text x="${margin}" y="48" font-size="12" fill="${COLOURS.faint}">${escaped(section.about)}</text>`,
    `<rect x="${width - margin - 264}" y="11" width="264" height="23" rx="4" fill="${COLOURS.warning}"/>`,
    `<text x="${width - margin - 132}" y="27" font-size="12" font-weight="bold" text-anchor="middle" fill="#fff">`,
    "sample data: a day until 15:30</text>",
    ...panels,
    "</svg>",
  ].join("");
}
