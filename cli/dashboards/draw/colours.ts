import type { Panel } from "../../../components/dashboards.ts";

export const COLOURS = {
  good: "#3a9a5b",
  warning: "#e0912a",
  critical: "#d2453c",
  text: "#1f2933",
  faint: "#66727f",
  line: "#dde3e9",
  page: "#f3f5f8",
  card: "#ffffff",
} as const;

/** Told apart by people who see fewer colours, too. */
export const SERIES_COLOURS = [
  "#2f6db5",
  "#e0912a",
  "#3a9a5b",
  "#b5476f",
  "#7a5cc0",
  "#1f9aa8",
  "#8a6d3b",
  "#66727f",
];

/** The colour that a value's threshold gives it. */
export function colourOf(value: number, { thresholds }: Panel): string {
  if (thresholds === undefined) return COLOURS.good;
  const { when, steps } = thresholds;
  const met = steps.filter(({ value: limit }) => (when === "above" ? value >= limit : value < limit));
  const worst = met.at(-1);
  return worst === undefined ? COLOURS.good : COLOURS[worst.level];
}
