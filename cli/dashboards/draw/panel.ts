import { legendLabels, type Panel } from "../../../components/dashboards.ts";
import { svgOf } from "../../picture.ts";
import type { PanelSample } from "../sample.ts";
import { bars, overTime, stat } from "./charts.ts";
import { COLOURS } from "./colours.ts";
import { cut, escaped, formatted, named } from "./format.ts";
import { legend } from "./legend.ts";
import { table } from "./table.ts";

/** Where a panel is drawn, in pixels. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const titleHeight = 30;

/** A panel with its frame and title, as SVG. */
export function drawnPanel(panel: Panel, sample: PanelSample, { x, y, width, height }: Box): string {
  const inside = { width: width - 2, height: height - titleHeight - 6 };
  return [
    `<g transform="translate(${x.toFixed(1)} ${y.toFixed(1)})">`,
    `<rect width="${width.toFixed(1)}" height="${height}" rx="5" fill="${COLOURS.card}" stroke="${COLOURS.line}"/>`,
    `<text x="14" y="20" font-size="13" font-weight="bold" fill="${COLOURS.text}">`,
    `${escaped(cut(panel.title, width - 28, 13))}</text>`,
    `<g transform="translate(1 ${titleHeight})">${content(panel, sample, inside)}</g>`,
    "</g>",
  ].join("");
}

function content(panel: Panel, sample: PanelSample, size: { width: number; height: number }): string {
  if ("rows" in sample) {
    const columns = "columns" in panel.query ? panel.query.columns : [];
    if (panel.kind === "table") return table(columns, sample.rows, size);
    const values = sample.rows.map(([name, value]) => ({ name: String(name), value: Number(value) }));
    return chart(panel, bars(panel, values, size.width), size);
  }
  const { series } = sample;
  const [first] = series;
  if (first === undefined) {
    return `<text x="14" y="24" font-size="12" fill="${COLOURS.faint}">nothing, which is good</text>`;
  }
  switch (panel.kind) {
    case "stat":
      return chart(panel, stat(panel, first), size);
    case "table": {
      const labels = legendLabels(legendOf(panel));
      const rows = series.map(({ labels: own, values: [value = 0] }) => [
        ...labels.map((label) => own[label] ?? ""),
        formatted(value, panel.unit),
      ]);
      return table([...labels, "value"], rows, size);
    }
    case "bars": {
      const values = series.map(({ labels, values: [value = 0] }) => ({
        name: named(legendOf(panel), labels),
        value,
      }));
      return chart(panel, bars(panel, values, size.width), size);
    }
    default: {
      const names = legend(
        series.map(({ labels }) => named(legendOf(panel), labels)),
        size.width,
      );
      const drawn = { ...size, height: size.height - names.height };
      return chart(panel, overTime(panel, series), drawn) + names.svg(drawn.height + 4);
    }
  }
}

/** What a panel's series are called. */
export function legendOf({ query }: Panel): string {
  if ("promql" in query) return query.legend;
  const [, label = ""] = query.columns;
  return `{{${label}}}`;
}

/** A chart of echarts inside the picture; what it names counts through the process, and must be the panel's own. */
function chart({ id }: Panel, option: Parameters<typeof svgOf>[0], size: { width: number; height: number }) {
  const whole = { width: Math.round(size.width), height: Math.round(size.height) };
  const names = new Map<string, string>();
  return svgOf({ ...option, backgroundColor: "transparent" }, whole).replace(
    /\bzr\d+-\w+(-\d+)?/g,
    (name) => {
      const own = names.get(name) ?? `${id}-${names.size}`;
      names.set(name, own);
      return own;
    },
  );
}
