import { isObject } from "../../azure/values.ts";
import { durationSeconds } from "../durations.ts";
import { refusal } from "../errors.ts";
import type { Properties } from "../store.ts";
import { checkActionGroups } from "./actionGroups.ts";
import { pick } from "./clusterDefaults.ts";
import { type TypeRow, type Write, withDefaults } from "./row.ts";

// Source: the descriptions of the SDK, and https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-log-alert-rule
const frequencies = [
  ...["PT1M", "PT5M", "PT10M", "PT15M", "PT30M", "PT45M", "PT1H", "PT2H", "PT3H", "PT4H", "PT5H", "PT6H"],
  ...["P1D", "PT24H"],
];
const windows = [...frequencies, "P2D", "PT48H"];

/** Alerts on what a query of logs finds. Source: the REST specifications, preview/2025-01-01-preview. */
export const scheduledQueryTypes: TypeRow[] = [
  {
    type: "Microsoft.Insights/scheduledQueryRules",
    scope: "group",
    apiVersions: ["2021-08-01", "2022-06-15", "2023-03-15-preview", "2023-12-01", "2025-01-01-preview"],
    name: /^[^*:@/#{}%&+<>?\\]{1,260}$/,
    located: true,
    stateful: false,
    bareErrors: true,
    rules: [
      { path: "kind", oneOf: ["LogAlert", "LogToMetric", "EventLogAlert", "SimpleLogAlert"] },
      { path: "properties.scopes", required: true },
      { path: "properties.criteria.allOf", required: true },
      { path: "properties.severity", min: 0, max: 4 },
      { path: "properties.evaluationFrequency", oneOf: frequencies },
      { path: "properties.windowSize", oneOf: windows },
      { path: "properties.overrideQueryTimeRange", oneOf: windows },
      { path: "properties.criteria.allOf[].query", required: true, pattern: /\S/ },
      {
        path: "properties.criteria.allOf[].timeAggregation",
        required: true,
        oneOf: ["Count", "Average", "Minimum", "Maximum", "Total"],
      },
      {
        path: "properties.criteria.allOf[].operator",
        required: true,
        oneOf: ["Equals", "GreaterThan", "GreaterThanOrEqual", "LessThan", "LessThanOrEqual"],
      },
      { path: "properties.criteria.allOf[].threshold", required: true },
      { path: "properties.criteria.allOf[].dimensions[].name", required: true },
      {
        path: "properties.criteria.allOf[].dimensions[].operator",
        required: true,
        oneOf: ["Include", "Exclude"],
      },
      { path: "properties.criteria.allOf[].dimensions[].values", required: true },
      { path: "properties.criteria.allOf[].failingPeriods.numberOfEvaluationPeriods", min: 1, max: 6 },
      { path: "properties.criteria.allOf[].failingPeriods.minFailingPeriodsToAlert", min: 1, max: 6 },
    ],
    immutable: ["kind"],
    complete: completeRule,
  },
];

function completeRule({ world, body }: Write): void {
  const rule = body.properties;
  const kind = body["kind"] ?? "LogAlert";
  const scopes = Array.isArray(rule["scopes"]) ? rule["scopes"].map(String) : [];
  const lost = scopes.find((scope) => /\/providers\//i.test(scope) && !world.store.get(scope));
  if (scopes.length === 0 || lost) {
    throw invalid(`the scope '${lost ?? ""}' was not found`, "scopes");
  }
  if (kind === "LogAlert") {
    const missing = ["severity", "evaluationFrequency", "windowSize"].find(
      (name) => rule[name] === undefined,
    );
    if (missing) {
      throw invalid("it is required", missing);
    }
  }
  const [every = 0, over = 0] = ["evaluationFrequency", "windowSize"].map((name) =>
    durationSeconds(rule[name]),
  );
  if (every > over) {
    throw invalid("the window must be at least as long as the time between evaluations", "windowSize");
  }
  if (rule["muteActionsDuration"] !== undefined && rule["autoMitigate"] === true) {
    throw invalid("it can't be used with autoMitigate", "muteActionsDuration");
  }
  const conditions = pick(rule, "criteria", "allOf");
  for (const condition of Array.isArray(conditions) ? conditions.filter(isObject) : []) {
    checkCondition(condition, body["identity"]);
  }
  const groups = pick(rule, "actions", "actionGroups");
  checkActionGroups(world, Array.isArray(groups) ? groups : [], "properties.actions.actionGroups");
  body["identity"] = completeIdentity(world, body["identity"]);
  if (body["identity"] === undefined) {
    delete body["identity"];
  }
  body.properties = {
    ...withDefaults(rule, {
      enabled: true,
      autoMitigate: rule["muteActionsDuration"] === undefined,
      skipQueryValidation: false,
      checkWorkspaceAlertsStorageConfigured: false,
      targetResourceTypes: [],
    }),
    createdWithApiVersion: "2025-01-01-preview",
    isLegacyLogAnalyticsRule: false,
    isWorkspaceAlertsStorageConfigured: false,
  };
  body["kind"] = kind;
}

function checkCondition(condition: Properties, identity: unknown): void {
  const { timeAggregation, metricMeasureColumn, failingPeriods, query } = condition;
  if (timeAggregation !== "Count" && metricMeasureColumn === undefined) {
    throw invalid(`${timeAggregation} needs a metricMeasureColumn`, "criteria.allOf");
  }
  const { numberOfEvaluationPeriods: of = 1, minFailingPeriodsToAlert: failing = 1 } = (failingPeriods ??
    {}) as Record<string, number>;
  if (failing > of) {
    throw invalid(`${failing} of ${of} periods can't fail`, "criteria.allOf");
  }
  // Source: https://learn.microsoft.com/azure/azure-monitor/logs/azure-monitor-data-explorer-proxy
  if (/\b(arg|adx)\s*\(/.test(String(query)) && !isObject(identity)) {
    throw invalid("a query that leaves the workspace needs a managed identity", "identity");
  }
}

function completeIdentity(world: Write["world"], asked: unknown): unknown {
  const users = isObject(asked)
    ? Object.keys((asked["userAssignedIdentities"] as object | undefined) ?? {})
    : [];
  if (users.length === 0) {
    return asked;
  }
  const found = users.map((user) => {
    const identity = world.store.get(user)?.body.properties;
    if (!identity) {
      throw invalid(`the identity '${user}' was not found`, "identity");
    }
    return [user, { principalId: identity["principalId"], clientId: identity["clientId"] }] as const;
  });
  return { ...(asked as object), userAssignedIdentities: Object.fromEntries(found) };
}

function invalid(reason: string, at: string): Error {
  const target = at === "identity" ? at : `properties.${at}`;
  return refusal(400, "BadRequest", `The scheduled query rule is invalid: ${target}: ${reason}.`, target);
}
