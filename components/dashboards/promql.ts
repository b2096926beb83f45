/** Several quantiles of a histogram, as series with a label `quantile` (p50, p95 ...). */
export function quantiles(
  bucket: string,
  range: string,
  { by = [], of }: { by?: readonly string[]; of: readonly number[] },
): string {
  const rate = `sum by (${["le", ...by].join(", ")}) (rate(${bucket}[${range}]))`;
  const one = (quantile: number) =>
    `label_replace(histogram_quantile(${quantile}, ${rate}), "quantile", "p${quantile * 100}", "", "")`;
  return of.map(one).join(" or ");
}

/** Share of bad events in all; 0 where none was bad, nothing where nothing happened. */
export function share(bad: string, all: string, range: string, by: readonly string[] = []): string {
  const sum = (series: string) => `sum by (${by.join(", ")}) (rate(${series}[${range}]))`;
  const total = sum(all);
  return `(${sum(bad)} or 0 * ${total}) / (${total} > 0)`;
}

/** A count that is 0, not nothing, when there is nothing to count. */
export function countOrZero(query: string): string {
  return `count(${query}) or vector(0)`;
}
