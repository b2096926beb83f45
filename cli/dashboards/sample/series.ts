import { chance, hourOf, STEPS } from "./day.ts";

/** A series as a query answers it: labels, and its values until now. */
export interface SampleSeries {
  labels: Record<string, string>;
  values: number[];
}

/** What a panel is drawn from: series of Prometheus, or the rows of a log or resource query. */
export type PanelSample = { series: SampleSeries[] } | { rows: (string | number)[][] };

/** Values of a curve from midnight until now, with some unrest; never below 0. */
export function over(
  labels: Record<string, string>,
  curve: (hour: number) => number,
  unrest = 0.08,
): SampleSeries {
  // The noon's value is in it, so that panels with the same labels aren't restless in the same way.
  const random = chance(JSON.stringify(labels) + curve(12).toPrecision(6));
  const values = Array.from({ length: STEPS }, (_, step) => {
    const value = curve(hourOf(step)) * (1 + unrest * (2 * random() - 1));
    return Math.max(0, value);
  });
  return { labels, values };
}

/** A number of things: whole, and without unrest. */
export const count = (labels: Record<string, string>, curve: (hour: number) => number): SampleSeries => {
  const { values } = over(labels, curve, 0);
  return { labels, values: values.map(Math.round) };
};

/** One value, of bars and tables. */
export const at = (labels: Record<string, string>, value: number): SampleSeries => ({
  labels,
  values: [value],
});

/** The value that single numbers show. */
export function latest({ values }: SampleSeries): number {
  return values.at(-1) ?? 0;
}
