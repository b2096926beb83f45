/** One sample of a metric. */
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** A metric, with all of its samples. */
export interface Family {
  name: string;
  type: string;
  help: string;
  samples: Sample[];
}

const metricName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const labelPattern = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\n"])*)"(?:,|$)/y;

/**
 * Reads Prometheus' text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats) more strictly
 * than Prometheus does: HELP and TYPE once and before the samples, the samples of a metric together, no
 * series twice, counters that end in _total, histograms that add up. Throws what it finds wrong.
 */
export function parseExposition(text: string): Map<string, Family> {
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  const families = new Map<string, Family>();
  const seen = new Set<string>();
  let current: Family | undefined;
  for (const line of text.slice(0, -1).split("\n")) {
    if (line === "") continue;
    const comment = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line);
    if (comment) {
      const [, kind, name = "", rest = ""] = comment;
      if (kind === "HELP") {
        if (!metricName.test(name) || families.has(name))
          throw new Error(`HELP twice or of no metric: ${line}`);
        current = { name, type: "", help: rest, samples: [] };
        families.set(name, current);
      } else if (current?.name === name && current.type === "" && current.samples.length === 0) {
        current.type = rest;
      } else throw new Error(`TYPE out of place: ${line}`);
      continue;
    }
    const sample = parseSample(line);
    if (current === undefined || !belongs(sample.name, current))
      throw new Error(`a sample out of place: ${line}`);
    const series = `${sample.name} ${JSON.stringify(Object.entries(sample.labels).sort())}`;
    if (seen.has(series)) throw new Error(`a series twice: ${line}`);
    seen.add(series);
    current.samples.push(sample);
  }
  for (const family of families.values()) check(family);
  return families;
}

function parseSample(line: string): Sample {
  const match = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/s.exec(line);
  if (!match) throw new Error(`not a sample: ${line}`);
  const [, name = "", inner = "", number = ""] = match;
  const labels: Record<string, string> = {};
  labelPattern.lastIndex = 0;
  while (labelPattern.lastIndex < inner.length) {
    const found = labelPattern.exec(inner);
    if (!found?.[1] || found[1] in labels) throw new Error(`labels that can't be read: ${line}`);
    labels[found[1]] = (found[2] ?? "").replace(/\\(.)/g, (_, char) => (char === "n" ? "\n" : char));
  }
  const value = number === "+Inf" ? Number.POSITIVE_INFINITY : Number(number);
  if (Number.isNaN(value)) throw new Error(`not a number: ${line}`);
  return { name, labels, value };
}

function belongs(sample: string, { name, type }: Family): boolean {
  if (type === "histogram") return ["_bucket", "_sum", "_count"].some((suffix) => sample === name + suffix);
  return sample === name;
}

function check({ name, type, samples }: Family): void {
  if (!["counter", "gauge", "histogram"].includes(type)) throw new Error(`${name} has the type "${type}"`);
  if ((type === "counter") !== name.endsWith("_total")) throw new Error(`${name} is a ${type}`);
  if (type === "counter" && samples.some(({ value }) => value < 0)) throw new Error(`${name} is negative`);
  if (type === "histogram") checkHistogram(name, samples);
}

function checkHistogram(name: string, samples: readonly Sample[]): void {
  const series = new Map<string, Sample[]>();
  for (const sample of samples) {
    const { le: _, ...labels } = sample.labels;
    const key = JSON.stringify(Object.entries(labels).sort());
    series.set(key, [...(series.get(key) ?? []), sample]);
  }
  for (const [key, group] of series) {
    const buckets = group.filter((sample) => sample.name === `${name}_bucket`);
    const bounds = buckets.map(({ labels }) =>
      labels["le"] === "+Inf" ? Number.POSITIVE_INFINITY : Number(labels["le"]),
    );
    const values = buckets.map(({ value }) => value);
    const rises = (list: number[], strictly: boolean) =>
      list.every((item, i) => i === 0 || item > (list[i - 1] ?? 0) || (!strictly && item === list[i - 1]));
    if (!rises(bounds, true) || !rises(values, false)) throw new Error(`${name}${key}: buckets out of order`);
    const count = group.find((sample) => sample.name === `${name}_count`)?.value;
    const sum = group.find((sample) => sample.name === `${name}_sum`)?.value;
    const complete =
      bounds.at(-1) === Number.POSITIVE_INFINITY && count === values.at(-1) && sum !== undefined;
    if (!complete) throw new Error(`${name}${key}: doesn't add up`);
  }
}
