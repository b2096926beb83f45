import { stringify } from "yaml";
import { isAlert, type Rule, SEVERITY_NAMES } from "../../components/platformAlerts/rules/rule.ts";
import { runbookPath } from "../../components/platformAlerts/runbooks.ts";
import { type AlertCase, type Fired, matchers, type RecordCase } from "./case.ts";

/** A file for `promtool test rules`. */
export function testFile(
  ruleFile: string,
  rules: readonly Rule[],
  alerts: readonly AlertCase[],
  records: readonly RecordCase[],
): string {
  const tests = [
    ...alerts.map((it) => ({
      name: `${it.alert}: ${it.when}`,
      interval: "1m",
      input_series: seriesOf(it.series),
      alert_rule_test: [
        {
          eval_time: it.at,
          alertname: it.alert,
          exp_alerts: it.fires.map((fired) => expected(rules, it.alert, fired)),
        },
      ],
    })),
    ...situations(records).map(([first, all]) => ({
      name: `${first.objective}: ${first.when}`,
      interval: "1m",
      input_series: seriesOf(first.series),
      promql_expr_test: all.map(({ record, objective, at, samples }) => ({
        // Rounded: rates are extrapolated, and binary fractions are none of what is tested.
        expr: `round(${record}${matchers({ objective })}, 0.0001)`,
        eval_time: at,
        exp_samples: samples.map(({ labels, value }) => ({
          labels: matchers({ objective, ...labels }),
          value,
        })),
      })),
    })),
  ];
  return stringify(
    { rule_files: [ruleFile], evaluation_interval: "1m", tests },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
}

/** Cases with the same series are one test: all rules are computed for each, which takes its time. */
function situations(records: readonly RecordCase[]): [RecordCase, RecordCase[]][] {
  const groups = Map.groupBy(records, ({ series }) => JSON.stringify(series));
  return [...groups.values()].map((all) => [all[0] as RecordCase, all]);
}

const seriesOf = (series: Record<string, string>) =>
  Object.entries(series).map(([name, values]) => ({ series: name, values }));

/** The alert with its annotations, in which the rule's templates are filled in by hand. */
function expected(rules: readonly Rule[], name: string, { labels, value }: Fired) {
  const rule = rules.filter(isAlert).find(({ alert }) => alert === name);
  if (rule === undefined) throw new Error(`there is no alert ${name}`);
  const filled = (text: string) =>
    text.replace(/\{\{ (?:\$labels\.(\w+)|(\$value)[^}]*) \}\}/g, (_, label: string | undefined) => {
      if (label !== undefined) return labels[label] ?? "";
      if (value === undefined) throw new Error(`${name} tells its value: the case must say which`);
      return value;
    });
  return {
    exp_labels: { ...labels, severity: SEVERITY_NAMES[rule.severity] },
    exp_annotations: {
      summary: filled(rule.summary),
      description: filled(rule.description),
      runbook_url: runbookPath(rule),
    },
  };
}
