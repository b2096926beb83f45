import { parser } from "@prometheus-io/lezer-promql";
import { isObject } from "../../azure/values.ts";
import { clusterType } from "../agentPools.ts";
import { durationSeconds } from "../durations.ts";
import { refusal } from "../errors.ts";
import type { Properties } from "../store.ts";
import { checkActionGroups } from "./actionGroups.ts";
import { monitorWorkspaceType } from "./monitorWorkspaces.ts";
import { type TypeRow, type Write, withDefaults } from "./row.ts";

/** ARM type of groups of Prometheus' rules. */
export const ruleGroupType = "Microsoft.AlertsManagement/prometheusRuleGroups";

// Source: https://learn.microsoft.com/azure/azure-monitor/fundamentals/service-limits#prometheus-metrics
const mostRules = 20;
const metricName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/**
 * Groups of Prometheus' rules. Sources: the REST specifications, stable/2023-03-01, and
 * https://learn.microsoft.com/azure/azure-monitor/metrics/prometheus-rule-groups
 */
export const ruleGroupTypes: TypeRow[] = [
  {
    type: ruleGroupType,
    scope: "group",
    apiVersions: ["2023-03-01"],
    name: /^[^:@/#{}%&+*<>?]{1,260}$/,
    located: true,
    stateful: false,
    rules: [
      { path: "properties.scopes", required: true },
      { path: "properties.rules", required: true },
      { path: "properties.rules[].expression", required: true, pattern: /\S/ },
      { path: "properties.rules[].severity", min: 0, max: 4 },
    ],
    complete: completeGroup,
  },
];

function completeGroup({ world, body, existing }: Write): void {
  const group = body.properties;
  const rules = listOf(group["rules"]);
  const scopes = Array.isArray(group["scopes"]) ? group["scopes"].map(String) : [];
  const targets = scopes.map((id) => world.store.get(id));
  const workspace = targets.find((target) => target?.type === monitorWorkspaceType);
  const cluster = targets.find((target) => target?.type === clusterType);
  if (!workspace || targets.some((target) => !target || (target !== workspace && target !== cluster))) {
    throw invalid("it names one Azure Monitor workspace and at most one cluster, which exist", "scopes");
  }
  if (workspace.body["location"] !== body["location"]) {
    throw invalid(`it is in ${body["location"]}, its workspace in ${workspace.body["location"]}`, "location");
  }
  const was = existing?.body.properties["scopes"];
  if (Array.isArray(was) && !was.map(String).some((id) => world.store.get(id) === workspace)) {
    throw invalid("its workspace can't be changed", "scopes");
  }
  if (rules.length === 0 || rules.length > mostRules) {
    throw invalid(`it has ${rules.length} rules, and can have 1 to ${mostRules}`, "rules");
  }
  const seconds = durationSeconds(group["interval"] ?? "PT1M");
  if (seconds === undefined || seconds < 60 || seconds > 15 * 60) {
    throw invalid(`'${group["interval"]}' is no duration of 1 to 15 minutes`, "interval");
  }
  rules.forEach((rule, index) => {
    checkRule(rule, `rules[${index}]`);
    const actions = listOf(rule["actions"]).map((action) => action["actionGroupId"]);
    checkActionGroups(world, actions, `properties.rules[${index}].actions`);
  });
  body.properties = {
    ...withDefaults(group, { enabled: true, interval: "PT1M" }),
    rules: rules.map((rule) => withDefaults(rule, rule["alert"] ? alertDefaults : { enabled: true })),
  };
}

const alertDefaults = {
  enabled: true,
  severity: 3,
  resolveConfiguration: { autoResolved: true, timeToResolve: "PT5M" },
};

function checkRule(rule: Properties, at: string): void {
  const { record, alert, expression } = rule;
  if ((record === undefined) === (alert === undefined)) {
    throw invalid("a rule has either a record or an alert", at);
  }
  if (record !== undefined && !metricName.test(String(record))) {
    throw invalid(`'${record}' is no name of a metric`, `${at}.record`);
  }
  const alertsOnly = ["for", "severity", "annotations", "actions", "resolveConfiguration"];
  const stray = record === undefined ? undefined : alertsOnly.find((name) => rule[name] !== undefined);
  if (stray) {
    throw invalid(`'${stray}' is for alerts only`, `${at}.${stray}`);
  }
  for (const [path, text] of [
    ["for", rule["for"]],
    [
      "resolveConfiguration.timeToResolve",
      (rule["resolveConfiguration"] as Properties | undefined)?.["timeToResolve"],
    ],
  ]) {
    if (text !== undefined && durationSeconds(text) === undefined) {
      throw invalid(`'${text}' is no ISO 8601 duration`, `${at}.${path}`);
    }
  }
  for (const kind of ["labels", "annotations"]) {
    for (const [name, value] of Object.entries((rule[kind] as object | undefined) ?? {})) {
      if (!labelName.test(name) || typeof value !== "string") {
        throw invalid(
          `'${name}' is no name of a ${kind.slice(0, -1)}, or its value no text`,
          `${at}.${kind}`,
        );
      }
    }
  }
  const wrong = firstError(String(expression));
  if (wrong !== undefined) {
    throw invalid(`the expression can't be read from '${wrong}' on`, `${at}.expression`);
  }
}

/** Where PromQL's own grammar stops understanding; undefined when it understands all. */
function firstError(expression: string): string | undefined {
  let at: number | undefined;
  parser.parse(expression).iterate({
    enter: (node) => {
      at ??= node.type.isError ? node.from : undefined;
    },
  });
  return at === undefined ? undefined : expression.slice(at, at + 40);
}

function listOf(value: unknown): Properties[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function invalid(reason: string, at: string): Error {
  const target = at === "location" ? at : `properties.${at}`;
  return refusal(400, "BadRequest", `The Prometheus rule group is invalid: ${reason}.`, target);
}
