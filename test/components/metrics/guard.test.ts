import { expect, test } from "vitest";
import { guardMetrics } from "../../../components/metrics/guard.ts";
import { createMetrics } from "../../../servers/guard/metrics.ts";

interface Family {
  type: string;
  labels: Set<string>;
}

/** The families of an exposition in Prometheus' text format, with the labels of their samples. */
function families(text: string): Map<string, Family> {
  const found = new Map<string, Family>();
  for (const [, name = "", type = ""] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    found.set(name, { type, labels: new Set() });
  }
  for (const [, series = "", labels = ""] of text.matchAll(/^([^#\s{]+)\{(.*)\} \S+$/gm)) {
    const family = found.get(series) ?? found.get(series.replace(/_(bucket|sum|count)$/, ""));
    for (const [, label = ""] of labels.matchAll(/(\w+)="/g)) if (label !== "le") family?.labels.add(label);
  }
  return found;
}

test("the catalogue has exactly the metrics that a guard exports, with their types and labels", async () => {
  const metrics = createMetrics("echo");
  metrics.toolsListed(["search"]);
  metrics.called({ tool: "search", outcome: "ok", seconds: 0.1 });
  metrics.engineFellBack("bing");
  metrics.engineAsked("bing");
  metrics.engineFailed("bing", "blocked");

  const exported = [...families(await metrics.text())]
    .map(([name, { type, labels }]) => ({ name, type, labels: [...labels].sort() }))
    .sort((one, other) => one.name.localeCompare(other.name));
  const listed = guardMetrics.metrics
    .map(({ name, type, labels }) => ({ name, type, labels: [...labels].sort() }))
    .sort((one, other) => one.name.localeCompare(other.name));
  expect(listed).toEqual(exported);
});
