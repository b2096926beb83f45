import type { Panel, PanelUnit, Thresholds } from "../panel.ts";

/** Grafana's ids of units. Source: packages/grafana-data/src/valueFormats/categories.ts */
const UNITS: Record<PanelUnit, string> = {
  count: "short",
  "per-second": "cps",
  ratio: "percentunit",
  percent: "percent",
  seconds: "s",
  bytes: "bytes",
  gigabytes: "decgbytes",
  "tokens-per-second": "suffix: tok/s",
  celsius: "celsius",
  watts: "watt",
  days: "suffix: days",
  state: "none",
};

const COLOURS = { warning: "orange", critical: "red" } as const;

interface Step {
  color: string;
  value: number | null;
}

/** Steps in Grafana's order, from the lowest value on; the first has none. */
export function thresholdSteps(thresholds: Thresholds | undefined): Step[] {
  if (thresholds === undefined) return [{ color: "green", value: null }];
  const steps = [...thresholds.steps].sort((one, other) => one.value - other.value);
  const coloured = steps.map(({ value, level }) => ({ value, color: COLOURS[level] }));
  if (thresholds.when === "above") return [{ color: "green", value: null }, ...coloured];
  // Below a value is bad: what lies under the lowest one has its colour, and what lies over the highest is fine.
  const colours = [...coloured.map(({ color }) => color), "green"];
  return [null, ...coloured.map(({ value }) => value)].map((value, index) => ({
    value,
    color: colours[index] ?? "green",
  }));
}

/** What holds for all of a panel's values. */
export function fieldConfig({ kind, unit, max, thresholds, query }: Panel): object {
  const overTime = kind === "lines" || kind === "areas";
  return {
    defaults: {
      unit: UNITS[unit],
      ...(unit === "count" && kind !== "table" ? { decimals: 0 } : {}),
      ...(kind === "table" ? {} : { min: unit === "ratio" && max === 1 ? undefined : 0, max }),
      // Lines have a colour each; single values have that of their threshold.
      color: { mode: overTime ? "palette-classic" : "thresholds" },
      thresholds: { mode: "absolute", steps: thresholdSteps(thresholds) },
      ...("kql" in query && overTime ? { displayName: seriesName(query.columns) } : {}),
      ...(overTime ? { custom: lineOptions(kind, thresholds !== undefined) } : {}),
    },
    overrides: [],
  };
}

/** Log queries over time have the columns time, label and value; the label names the series. */
function seriesName([, label = ""]: readonly string[]): string {
  return `\${__field.labels.${label}}`;
}

function lineOptions(kind: Panel["kind"], marked: boolean): object {
  const stacked = kind === "areas";
  return {
    drawStyle: "line",
    lineWidth: 1,
    fillOpacity: stacked ? 40 : 0,
    showPoints: "never",
    spanNulls: false,
    stacking: { mode: stacked ? "normal" : "none", group: "A" },
    thresholdsStyle: { mode: marked ? "line" : "off" },
  };
}
