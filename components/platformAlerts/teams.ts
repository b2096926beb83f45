import { listWorkflowTriggerCallbackUrlOutput } from "@pulumi/azure-native/logic/listWorkflowTriggerCallbackUrl.js";
import { Workflow } from "@pulumi/azure-native/logic/workflow.js";
import * as pulumi from "@pulumi/pulumi";
import { type LogicAppReceiver, secretUrl, TEAMS_URL } from "./receivers.ts";

const TRIGGER = "alert";

/** A place in what Azure sends. Source: the common alert schema of Azure Monitor. */
const at = (...path: (string | number)[]) =>
  `triggerBody()?['data']${path.map((part) => (typeof part === "number" ? `?[${part}]` : `?['${part}']`)).join("")}`;

/** The first of these that is there; what isn't there is null to a Logic App. */
const first = (...places: string[]) => `@{coalesce(${places.join(", ")}, '')}`;
const essential = (name: string) => first(at("essentials", name));

/**
 * Rules on metrics put their annotations and labels into the alert, rules on logs their properties and dimensions.
 * Source: the samples of https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-payload-samples
 */
const SUMMARY = first(at("alertContext", "annotations", "summary"), at("essentials", "description"));
const RUNBOOK = first(
  at("alertContext", "annotations", "runbook_url"),
  at("alertContext", "properties", "runbook_url"),
  at("customProperties", "runbook_url"),
);
const DIMENSIONS = at("alertContext", "condition", "allOf", 0, "dimensions");
const SUBJECT = `@{string(coalesce(${at("alertContext", "labels")}, ${DIMENSIONS}, ''))}`;
const ITEMS = `@{join(coalesce(${at("essentials", "configurationItems")}, createArray()), ', ')}`;

/**
 * The card. Source: https://adaptivecards.io/explorer, and for the message around it "Post a message in a channel with
 * webhooks" of Microsoft Teams' documentation.
 */
const CARD = {
  type: "message",
  attachments: [
    {
      contentType: "application/vnd.microsoft.card.adaptive",
      content: {
        $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
        type: "AdaptiveCard",
        version: "1.4",
        body: [
          {
            type: "TextBlock",
            size: "Medium",
            weight: "Bolder",
            wrap: true,
            text: `${essential("monitorCondition")}: ${essential("alertRule")} (${essential("severity")})`,
          },
          { type: "TextBlock", wrap: true, text: SUMMARY },
          {
            type: "FactSet",
            facts: [
              { title: "Fired", value: essential("firedDateTime") },
              { title: "Resolved", value: essential("resolvedDateTime") },
              { title: "On", value: ITEMS },
              { title: "What", value: SUBJECT },
              { title: "Runbook", value: RUNBOOK },
            ],
          },
        ],
      },
    },
  ],
};

/**
 * A Logic App of two steps: what Azure sends becomes a card in a channel, and what Teams says to it is the answer.
 * Without an answer of its own a trigger says 202 to everything, and a test would be confirmed that nobody saw.
 */
export const TEAMS_WORKFLOW = {
  $schema:
    "https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#",
  contentVersion: "1.0.0.0",
  parameters: { teamsUrl: { type: "SecureString" } },
  triggers: { [TRIGGER]: { type: "Request", kind: "Http", inputs: { schema: {} } } },
  actions: {
    post: {
      type: "Http",
      runAfter: {},
      inputs: {
        method: "POST",
        uri: "@parameters('teamsUrl')",
        headers: { "Content-Type": "application/json" },
        body: CARD,
        // Azure tries again by itself, and waits for the answer meanwhile.
        retryPolicy: { type: "none" },
      },
      // The run history would show the address otherwise.
      runtimeConfiguration: { secureData: { properties: ["inputs"] } },
    },
    answer: {
      type: "Response",
      kind: "Http",
      runAfter: { post: ["Succeeded", "Failed", "TimedOut"] },
      inputs: { statusCode: "@coalesce(outputs('post')?['statusCode'], 502)" },
    },
  },
  outputs: {},
};

/** Where Logic Apps are made. */
export interface TeamsPlace {
  resourceGroupName: pulumi.Input<string>;
  location: pulumi.Input<string>;
  clusterName: string;
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** Makes the Logic App of a channel. It costs by the call, a fraction of a cent each. */
export function teamsLogicApp(
  parent: pulumi.Resource,
  name: string,
  receiverName: string,
  url: pulumi.Input<string>,
  { resourceGroupName, location, clusterName, tags }: TeamsPlace,
): LogicAppReceiver["logicApp"] {
  const workflow = new Workflow(
    `${name}-teams-${receiverName}`,
    {
      resourceGroupName,
      location,
      workflowName: `logic-${clusterName}-${receiverName}`.slice(0, 80),
      state: "Enabled",
      definition: TEAMS_WORKFLOW,
      parameters: {
        teamsUrl: {
          type: "SecureString",
          value: secretUrl(`receivers.${receiverName}.teams`, url, TEAMS_URL),
        },
      },
      tags,
    },
    { parent },
  );
  // By its id, so that a preview that makes the Logic App doesn't ask for what isn't there.
  const callback = workflow.id.apply(() =>
    listWorkflowTriggerCallbackUrlOutput(
      { resourceGroupName, workflowName: workflow.name, triggerName: TRIGGER },
      { parent },
    ),
  );
  return { resourceId: workflow.id, callbackUrl: pulumi.secret(callback.value) };
}
