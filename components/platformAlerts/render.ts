import { stringify } from "yaml";
import { type AlertRule, isAlert, type Rule, type RuleGroup, SEVERITY_NAMES } from "./rules/rule.ts";
import { runbookUrl } from "./runbooks.ts";

/** What the fired alert is told to carry, in both renderings. */
function annotationsOf(rule: AlertRule, runbookBase: string | undefined) {
  const { summary, description } = rule;
  return { summary, description, runbook_url: runbookUrl(rule, runbookBase) };
}

/** A rules file of Prometheus, for promtool and for whoever has a Prometheus of their own. */
export function prometheusRules(groups: readonly RuleGroup[], runbookBase?: string): string {
  const rendered = groups.map(({ name, intervalMinutes = 1, rules }) => ({
    name,
    interval: `${intervalMinutes}m`,
    rules: rules.map((rule) => prometheusRule(rule, runbookBase)),
  }));
  return stringify({ groups: rendered }, { lineWidth: 0, aliasDuplicateObjects: false });
}

function prometheusRule(rule: Rule, runbookBase: string | undefined) {
  if (!isAlert(rule)) return { record: rule.record, expr: rule.expr, labels: rule.labels };
  return {
    alert: rule.alert,
    expr: rule.expr,
    for: `${rule.forMinutes}m`,
    labels: { severity: SEVERITY_NAMES[rule.severity] },
    annotations: annotationsOf(rule, runbookBase),
  };
}

/**
 * A rule as Azure takes it: times in ISO 8601, and a severity by number.
 * Source: PrometheusRule of Microsoft.AlertsManagement/prometheusRuleGroups 2023-03-01.
 *
 * @param actionGroupId whom to tell, by severity
 */
export function azureRule<Id>(
  rule: Rule,
  actionGroupId: (severity: AlertRule["severity"]) => Id,
  runbookBase?: string,
) {
  if (!isAlert(rule)) {
    return {
      record: rule.record,
      expression: rule.expr,
      labels: rule.labels && { ...rule.labels },
      enabled: true,
    };
  }
  return {
    alert: rule.alert,
    expression: rule.expr,
    for: rule.forMinutes === 0 ? undefined : `PT${rule.forMinutes}M`,
    severity: rule.severity,
    labels: { severity: SEVERITY_NAMES[rule.severity] },
    annotations: annotationsOf(rule, runbookBase),
    enabled: true,
    // Azure's alert ends when the condition has been gone for so long; without this it would stay for good.
    resolveConfiguration: { autoResolved: true, timeToResolve: "PT10M" },
    actions: [{ actionGroupId: actionGroupId(rule.severity) }],
  };
}
