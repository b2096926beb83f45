/** An alert that is expected. */
export interface Fired {
  /** Its labels, but for the severity, which the rule says. */
  labels: Record<string, string>;
  /** `$value` as the annotations have it, where they do. */
  value?: string;
}

/** One situation, and what an alert makes of it. */
export interface AlertCase {
  alert: string;
  /** The situation in words. */
  when: string;
  /** Series in promtool's notation, a sample a minute. */
  series: Record<string, string>;
  /** When it is looked at, such as "20m". */
  at: string;
  /** Empty when nobody is to be told. */
  fires: Fired[];
}

/** What a recorded series has in a situation. */
export interface RecordCase {
  record: string;
  objective: string;
  when: string;
  series: Record<string, string>;
  at: string;
  /** The label set besides `objective`, and the value; empty when there is no such series. */
  samples: { labels: Record<string, string>; value: number }[];
}

/** Labels as PromQL writes them. */
export function matchers(labels: Record<string, string>): string {
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(", ")}}`;
}
