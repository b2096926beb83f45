/** What there is to say about a list of figures. */
export interface Spread {
  count: number;
  mean: number;
  p50: number;
  p95: number;
}

/** Mean and percentiles, or null when there is no figure. */
export function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((one, other) => one - other);
  return {
    count: values.length,
    mean: meanOf(values) ?? 0,
    p50: percentile(sorted, 50),
    p95: percentile(sorted, 95),
  };
}

/** The mean, or null when there is no figure. */
export function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, each) => sum + each, 0) / values.length;
}

/** The smallest figure that at least so many percent aren't above (nearest rank): always one that was measured. */
function percentile(sorted: readonly number[], percent: number): number {
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}
