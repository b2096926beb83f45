import { isObject } from "../../azure/values.ts";
import { refusal } from "../errors.ts";
import type { Properties } from "../store.ts";
import type { World } from "../world.ts";
import { takesCall } from "./logicApps.ts";
import { type Action, type TypeRow, type Write, withDefaults } from "./row.ts";

/** ARM type of action groups. */
export const actionGroupType = "Microsoft.Insights/actionGroups";

/** Lists of receivers, with the most that a group can have of them where there is such a limit. */
const receiverLimits: Readonly<Record<string, number>> = {
  // Source of the limits: https://learn.microsoft.com/azure/azure-monitor/service-limits#action-groups
  ...{
    emailReceivers: 1000,
    smsReceivers: 10,
    webhookReceivers: 10,
    eventHubReceivers: 10,
    itsmReceivers: 10,
  },
  ...{ azureAppPushReceivers: 10, automationRunbookReceivers: 10, voiceReceivers: 10, logicAppReceivers: 10 },
  ...{ azureFunctionReceivers: 10, armRoleReceivers: 10, incidentReceivers: 10 },
};

/** Kinds of alerts that a test can be of. Source: the SDK's description of NotificationRequestBody. */
const alertTypes = [
  ...["servicehealth", "metricstaticthreshold", "metricsdynamicthreshold", "logalertv2", "smartalert"],
  ...["webtestalert", "logalertv1numresult", "logalertv1metricmeasurement", "resourcehealth", "activitylog"],
  ...["actualcostbudget", "forecastedbudget", "budget"],
];

/** Who is told of alerts. Source: the REST specifications, preview/2024-10-01-preview. */
export const actionGroupTypes: TypeRow[] = [
  {
    type: actionGroupType,
    scope: "group",
    apiVersions: ["2021-09-01", "2022-06-01", "2023-01-01", "2024-10-01-preview"],
    name: /^[^:<>+/&%\\?|]{1,260}$/,
    stateful: false,
    bareErrors: true,
    rules: [
      { path: "location", required: true, pattern: /^[a-zA-Z0-9 ]+$/ },
      { path: "properties.groupShortName", required: true, pattern: /^.{1,12}$/s },
      { path: "properties.enabled", required: true },
      { path: "properties.emailReceivers[].emailAddress", required: true, pattern: /^[^@\s]+@[^@\s]+$/ },
      { path: "properties.webhookReceivers[].serviceUri", required: true, pattern: /^https?:\/\/\S+$/ },
      { path: "properties.logicAppReceivers[].resourceId", required: true, pattern: /^\/subscriptions\// },
      { path: "properties.logicAppReceivers[].callbackUrl", required: true, pattern: /^https?:\/\/\S+$/ },
    ],
    complete: completeGroup,
    acceptedActions: { createnotifications: sendTest },
  },
];

function completeGroup({ path, body }: Write): void {
  const names = new Set<string>();
  for (const [list, most] of Object.entries(receiverLimits)) {
    const receivers = receiversOf(body.properties, list);
    if (receivers.length > most) {
      throw refusal(400, "BadRequest", `An action group can have at most ${most} of ${list}.`, list);
    }
    for (const { name } of receivers) {
      const key = String(name ?? "").toLowerCase();
      if (key === "" || names.has(key)) {
        throw refusal(
          400,
          "BadRequest",
          `Receivers need names, and a name for each: '${name ?? ""}' is there twice or empty.`,
          list,
        );
      }
      names.add(key);
    }
  }
  // Whether somebody has unsubscribed, which nobody has here.
  for (const list of ["emailReceivers", "smsReceivers"]) {
    body.properties[list] = receiversOf(body.properties, list).map((one) => ({ ...one, status: "Enabled" }));
  }
  // Azure spells the provider in lower case, whatever was asked for.
  body["id"] = path.id.replace(/\/providers\/[^/]+\//, "/providers/microsoft.insights/");
  body.properties = withDefaults(
    body.properties,
    Object.fromEntries(Object.keys(receiverLimits).map((list) => [list, []])),
  );
}

/** Begins to tell the receivers that the request names; the answer is where their fates can be read. */
function sendTest({ world, resource, body }: Action): string {
  if (!alertTypes.includes(String(body["alertType"]))) {
    throw refusal(400, "BadRequest", `The alert type '${body["alertType"]}' is not supported.`, "alertType");
  }
  // Azure's answer to a role in a test, as its command line recorded it.
  if (receiversOf(body, "armRoleReceivers").length > 0) {
    throw refusal(400, "NotSupportedArmRole", "NotSupportedArmRole");
  }
  const receivers = Object.keys(receiverLimits).flatMap((list) =>
    receiversOf(body, list).map((receiver) => ({ list, ...receiver })),
  );
  if (receivers.length === 0) {
    throw refusal(400, "BadRequest", "The request names no receiver.");
  }
  const id = world.notifications.send(String(body["alertType"]), resource.id, receivers, (address) =>
    takesCall(world, address),
  );
  return `${shownId(resource.body, resource.id)}/notificationStatus/${id}?api-version=2024-10-01-preview`;
}

/** Refuses what a rule has for action groups when they are none that exist, or more than five. */
export function checkActionGroups(world: World, asked: readonly unknown[], target: string): void {
  if (asked.length > 5) {
    throw refusal(400, "BadRequest", "An alert rule can have at most five action groups.", target);
  }
  for (const id of asked) {
    if (world.store.get(String(id))?.type !== actionGroupType) {
      throw refusal(400, "BadRequest", `The action group '${id}' was not found.`, target);
    }
  }
}

function receiversOf(value: Properties, list: string): Properties[] {
  const found = value[list];
  return Array.isArray(found) ? found.filter(isObject) : [];
}

function shownId(body: Record<string, unknown>, id: string): string {
  return String(body["id"] ?? id);
}
