import { describe, expect, it } from "vitest";
import { labelsOf, metricOfSeries } from "../../../components/metrics.ts";
import { objectivesOf } from "../../../components/platformAlerts/objectives.ts";
import { BUDGET_REMAINING } from "../../../components/platformAlerts/rules/burnRates.ts";
import { isAlert } from "../../../components/platformAlerts/rules/rule.ts";
import { RECORDED, ruleGroups, thresholdsOf } from "../../../components/platformAlerts/rules.ts";
import type { Watched } from "../../../components/platformAlerts/watched.ts";
import { ALL_GROUPS, EVERYTHING } from "../../promtool/everything.ts";
import { readPromql } from "../../support/promql.ts";

const rules = ALL_GROUPS.flatMap((group) => group.rules);
const named = rules.map(
  (rule) => [isAlert(rule) ? rule.alert : `${rule.record} ${rule.labels?.["objective"]}`, rule] as const,
);
const recorded: readonly string[] = RECORDED;
/** The labels of recorded series: what they are told, and what their subjects are told apart by. */
const OF_RECORDED = ["objective", "server", "workspace"];

describe("every rule", () => {
  it.each(named)("%s reads series that somebody exports, by labels that they have", (_, { expr }) => {
    const { selectors } = readPromql(expr);
    expect(selectors).not.toEqual([]);
    for (const { metric, labels } of selectors) {
      const known = recorded.includes(metric) ? OF_RECORDED : labelsOf(metric);
      expect(recorded.includes(metric) || metricOfSeries(metric) !== undefined, metric).toBe(true);
      expect(
        labels.filter((label) => !known.includes(label)),
        `labels of ${metric}`,
      ).toEqual([]);
    }
  });

  it.each(named)("%s groups by labels that its series have", (_, { expr }) => {
    const { selectors, grouping } = readPromql(expr);
    const known = selectors.flatMap(({ metric }) =>
      recorded.includes(metric) ? OF_RECORDED : labelsOf(metric),
    );
    expect(grouping.filter((label) => !known.includes(label))).toEqual([]);
  });

  it("has a name of its own", () => {
    const names = named.map(([name]) => name);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  it("records what is exported as recorded, and no more", () => {
    const found = rules.flatMap((rule) => (isAlert(rule) ? [] : [rule.record]));
    expect(new Set(found)).toEqual(new Set(recorded));
  });
});

describe("groups", () => {
  it("have no more rules than Azure takes, and names that Azure takes", () => {
    for (const { name, rules: ofGroup, intervalMinutes = 1 } of ALL_GROUPS) {
      expect(ofGroup.length, name).toBeGreaterThan(0);
      expect(ofGroup.length, name).toBeLessThanOrEqual(20);
      expect(name).toMatch(/^[a-z][a-z-]*$/);
      expect(intervalMinutes).toBeGreaterThanOrEqual(1);
      expect(intervalMinutes).toBeLessThanOrEqual(15);
    }
    expect(new Set(ALL_GROUPS.map(({ name }) => name)).size).toBe(ALL_GROUPS.length);
  });

  const without = (part: Partial<Watched>) =>
    ruleGroups({ ...EVERYTHING, ...part }, objectivesOf(), thresholdsOf())
      .flatMap((group) => group.rules)
      .map((rule) => (isAlert(rule) ? rule.alert : rule.expr));

  it.each<[string, Partial<Watched>, RegExp]>([
    ["MCP servers", { mcp: false, search: false }, /Mcp|SearchEngine|mcp_guard/],
    ["a search server", { search: false }, /SearchEngine/],
    ["models", { models: false }, /Model(Availability|Latency|Queue|Cache)|vllm:/],
    ["a namespace of models", { modelNamespace: undefined, models: false }, /^Model|Tuning/],
    ["GPUs", { gpu: false, gpuMetrics: false }, /Gpu|DCGM/],
    ["GPU metrics", { gpuMetrics: false }, /GpuIdle|GpuError|DCGM/],
    ["tuning jobs", { tuning: false }, /Tuning/],
    ["a chat app", { chat: undefined }, /Chat|istio|objective:ready/],
    ["a gateway of Istio's", { istio: false }, /Chat(Availability|Latency)|istio/],
    ["certificates", { certificates: false }, /Certificate/],
    ["autoscalers", { autoscaling: false }, /ScaledToMaximum/],
    ["jobs", { jobs: [] }, /TargetDown|ControllerFailing/],
  ])("say nothing of %s that aren't there", (_, part, about) => {
    expect(without({}).filter((each) => about.test(each))).not.toEqual([]);
    expect(without(part).filter((each) => about.test(each))).toEqual([]);
  });

  it("leave out objectives that are switched off", () => {
    const groups = ruleGroups(EVERYTHING, objectivesOf({ mcp: false, chat: false }), thresholdsOf());
    const names = groups.map(({ name }) => name).filter((name) => name.startsWith("objective-"));
    expect(names).toEqual(["objective-model-availability", "objective-model-latency"]);
  });

  it("compute the budget seldom, because it looks far back", () => {
    const budgets = ALL_GROUPS.filter((group) =>
      group.rules.some((rule) => !isAlert(rule) && rule.record === BUDGET_REMAINING),
    );
    expect(budgets.length).toBeGreaterThan(5);
    expect(budgets.map(({ intervalMinutes }) => intervalMinutes)).toEqual(budgets.map(() => 15));
  });
});
