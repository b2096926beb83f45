import { listWorkflowTriggerCallbackUrlOutput } from "@pulumi/azure-native/logic/listWorkflowTriggerCallbackUrl.js";
import { Workflow } from "@pulumi/azure-native/logic/workflow.js";
import * as pulumi from "@pulumi/pulumi";
import { type LogicAppReceiver, secretUrl, TEAMS_URL } from "./receivers.ts";

const TRIGGER = "alert";

/** What a fired alert says of itself, as expressions of a Logic App. Source: the common alert schema of Azure Monitor. */
const essential = (name: string) => `@{triggerBody()?['data']?['essentials']?['${name}']}`;

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
          { type: "TextBlock", wrap: true, text: essential("description") },
          {
            type: "FactSet",
            facts: [
              { title: "Fired", value: essential("firedDateTime") },
              { title: "Resolved", value: essential("resolvedDateTime") },
              {
                title: "On",
                value: "@{join(triggerBody()?['data']?['essentials']?['configurationItems'], ', ')}",
              },
              {
                title: "Runbook",
                value:
                  "@{coalesce(triggerBody()?['data']?['customProperties']?['runbook_url'], triggerBody()?['data']?['alertContext']?['annotations']?['runbook_url'], '')}",
              },
            ],
          },
        ],
      },
    },
  ],
};

/** A Logic App of one step: what Azure sends becomes a card in a channel. */
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
      },
      // The run history would show the address otherwise.
      runtimeConfiguration: { secureData: { properties: ["inputs"] } },
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
