import { isObject } from "../../azure/values.ts";
import { refusal } from "../errors.ts";
import type { Properties } from "../store.ts";
import { checkActionGroups } from "./actionGroups.ts";
import { type TypeRow, type Write, withDefaults } from "./row.ts";

const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/;
const time = /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/;

/** When alerts are not told, or told to others, too. Source: the REST specifications, stable/2021-08-08. */
export const alertProcessingTypes: TypeRow[] = [
  {
    type: "Microsoft.AlertsManagement/actionRules",
    scope: "group",
    apiVersions: ["2021-08-08"],
    name: /^[^:@/#{}%&+*<>?]{1,260}$/,
    stateful: false,
    rules: [
      { path: "location", required: true, pattern: /^global$/i },
      { path: "properties.scopes", required: true },
      { path: "properties.scopes[]", pattern: /^\/subscriptions\//i },
      { path: "properties.actions", required: true },
      {
        path: "properties.actions[].actionType",
        required: true,
        oneOf: ["AddActionGroups", "RemoveAllActionGroups"],
      },
      {
        path: "properties.conditions[].operator",
        oneOf: ["Equals", "NotEquals", "Contains", "DoesNotContain"],
      },
      { path: "properties.schedule.effectiveFrom", pattern: dateTime },
      { path: "properties.schedule.effectiveUntil", pattern: dateTime },
      // Windows' names of time zones, which have no slash as other systems' have.
      { path: "properties.schedule.timeZone", pattern: /^[^/]+$/ },
      {
        path: "properties.schedule.recurrences[].recurrenceType",
        required: true,
        oneOf: ["Daily", "Weekly", "Monthly"],
      },
      { path: "properties.schedule.recurrences[].startTime", pattern: time },
      { path: "properties.schedule.recurrences[].endTime", pattern: time },
      { path: "properties.schedule.recurrences[].daysOfWeek[]", oneOf: weekdays },
      { path: "properties.schedule.recurrences[].daysOfMonth[]", min: 1, max: 31 },
    ],
    complete: completeRule,
  },
];

function completeRule({ world, body }: Write): void {
  const { actions, scopes, schedule } = body.properties;
  for (const scope of lines(scopes)) {
    // A whole subscription is no resource here.
    if (/\/resourcegroups\//i.test(String(scope)) && !world.store.get(String(scope))) {
      throw refusal(400, "BadRequest", `The scope '${scope}' was not found.`, "properties.scopes");
    }
  }
  if (lines(scopes).length === 0 || lines(actions).length === 0) {
    throw refusal(400, "BadRequest", "An alert processing rule needs a scope and an action.", "properties");
  }
  for (const action of lines(actions).filter(isObject)) {
    checkActionGroups(world, lines(action["actionGroupIds"]), "properties.actions");
  }
  const { effectiveFrom, effectiveUntil, recurrences } = (schedule ?? {}) as Properties;
  // Both have the same form, so that they can be compared as text.
  if (effectiveFrom && effectiveUntil && String(effectiveFrom) >= String(effectiveUntil)) {
    throw refusal(400, "BadRequest", "The schedule ends before it begins.", "properties.schedule");
  }
  for (const recurrence of lines(recurrences).filter(isObject)) {
    const days = { Weekly: "daysOfWeek", Monthly: "daysOfMonth" }[String(recurrence["recurrenceType"])];
    if (days && lines(recurrence[days]).length === 0) {
      throw refusal(400, "BadRequest", `The recurrence needs ${days}.`, "properties.schedule.recurrences");
    }
  }
  body.properties = withDefaults(body.properties, { enabled: true });
}

function lines(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
