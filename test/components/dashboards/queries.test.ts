import { describe, expect, test } from "vitest";
import { legendLabels } from "../../../components/dashboards/panel.ts";
import { plainScope, prometheusQuery, SECTIONS } from "../../../components/dashboards.ts";
import { labelsOf, metricOfSeries } from "../../../components/metrics.ts";
import { RECORDED } from "../../../components/platformAlerts/rules.ts";
import { metricsOf, readPromql } from "../../support/promql.ts";

/** The labels of recorded series, which their rules group by. */
const OF_RECORDED = ["objective", "server", "workspace"];

const panels = SECTIONS.flatMap(({ panels }) => panels);
const queries = panels.flatMap((panel) => {
  const query = prometheusQuery(panel);
  return query === undefined
    ? []
    : [{ id: panel.id, promql: query.promql(plainScope("aks-dev")), legend: query.legend }];
});
const byId = queries.map((query) => [query.id, query] as const);

const isRecorded = (metric: string) => RECORDED.some((name) => name === metric);
const labelsThatExist = (metric: string) => (isRecorded(metric) ? OF_RECORDED : labelsOf(metric));
/** The labels that `label_replace` makes. */
const made = (promql: string) =>
  [...promql.matchAll(/label_replace\([^"]*(?:"[^"]*"[^"]*)*?, "(\w+)", "[^"]*", "[^"]*", "[^"]*"\)/g)].map(
    ([, label = ""]) => label,
  );

describe("the panel's query", () => {
  test("is there", () => expect(queries.length).toBeGreaterThan(40));

  test.each(byId)("%s reads nothing but series that somebody exports or records", (_, { promql }) => {
    const unknown = metricsOf(promql).filter(
      (name) => !isRecorded(name) && metricOfSeries(name) === undefined,
    );
    expect(unknown).toEqual([]);
  });

  test.each(byId)("%s selects by labels that its series have", (_, { promql }) => {
    for (const { metric, labels } of readPromql(promql).selectors) {
      expect(labelsThatExist(metric)).toEqual(expect.arrayContaining(labels));
    }
  });

  test.each(byId)("%s groups by labels that one of its series has", (_, { promql }) => {
    const { selectors, grouping } = readPromql(promql);
    const existing = [...selectors.flatMap(({ metric }) => labelsThatExist(metric)), ...made(promql)];
    expect(existing).toEqual(expect.arrayContaining(grouping));
  });

  test.each(byId)("%s has a legend of labels that its result has", (_, { promql, legend }) => {
    const left = [...readPromql(promql).grouping, ...made(promql)];
    expect(left).toEqual(expect.arrayContaining(legendLabels(legend)));
    expect(legend).not.toBe("");
  });

  test.each(byId)("%s looks at one cluster", (_, { promql }) => {
    const selectors = readPromql(promql).selectors.filter(({ metric }) => !isRecorded(metric));
    for (const { labels } of selectors) expect(labels).toContain("cluster");
  });

  test.each(byId)("%s takes the rates of counters and the values of gauges", (_, { promql }) => {
    for (const name of metricsOf(promql)) {
      const counts = metricOfSeries(name)?.type === "counter" || name.endsWith("_bucket");
      const rated = new RegExp(`(rate|increase)\\(${name}\\{`).test(promql);
      expect({ name, rated }).toEqual({ name, rated: counts });
    }
  });
});

test("a label that label_replace makes is seen", () => {
  expect(made('label_replace(sum by (a) (rate(b{c="d"}[5m])), "kind", "prompt", "", "")')).toEqual(["kind"]);
});
