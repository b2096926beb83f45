import type { ActionDetail, ActionGroupResource } from "@azure/arm-monitor";
import { exitCodes, UserError } from "../userError.ts";
import { visible } from "../visible.ts";
import { adviceFor } from "./advice.ts";
import type { ActionGroups, ReceiverList } from "./azure.ts";

/** What became of one receiver. */
export interface Tested {
  receiver: string;
  kind: string;
  confirmed: boolean;
  /** What Azure says of it, if anything. */
  detail?: string;
  /** What to do, where it wasn't confirmed. */
  advice?: string;
}

/** The lists of an action group, by what their receivers are called here. */
const KINDS: Readonly<Record<string, ReceiverList>> = {
  email: "emailReceivers",
  webhook: "webhookReceivers",
  "logic app": "logicAppReceivers",
  "text message": "smsReceivers",
  "phone call": "voiceReceivers",
  "Azure app": "azureAppPushReceivers",
  "Azure role": "armRoleReceivers",
  function: "azureFunctionReceivers",
  "event hub": "eventHubReceivers",
  runbook: "automationRunbookReceivers",
  ITSM: "itsmReceivers",
  incident: "incidentReceivers",
};

interface Found {
  kind: string;
  list: ReceiverList;
  receiver: { name: string; status?: string };
}

/** How Azure says that a receiver has it: "Completed" of e-mail, "Succeeded" of what answers. */
const CONFIRMED = /^(succeeded|completed)$/i;

/**
 * Tests the receivers of an action group.
 *
 * @param only names of the receivers to test
 * @throws {UserError} when there is no group, nobody to tell, or no receiver of such a name
 */
export async function testReceivers(
  azure: ActionGroups,
  name: string,
  only?: readonly string[],
): Promise<Tested[]> {
  const group = await azure.get();
  if (group === undefined) {
    const reason = `Azure has no action group ${visible(name)}; \`pulumi up\` makes it`;
    throw new UserError(reason, exitCodes.failed);
  }
  const found = chosen(receiversOf(group), only, name);
  const request = Object.fromEntries(
    Object.values(KINDS).flatMap((list) => {
      const receivers = found.filter((each) => each.list === list).map(({ receiver }) => receiver);
      return receivers.length === 0 ? [] : [[list, receivers]];
    }),
  );
  const details = await azure.test(request);
  return found.map(({ kind, receiver }) => outcomeOf(kind, receiver, details));
}

function receiversOf(group: ActionGroupResource): Found[] {
  return Object.entries(KINDS).flatMap(([kind, list]) =>
    ((group[list] ?? []) as Found["receiver"][]).map((receiver) => ({ kind, list, receiver })),
  );
}

function chosen(all: Found[], only: readonly string[] | undefined, group: string): Found[] {
  if (all.length === 0) {
    throw new UserError(
      `nobody is told: the action group ${visible(group)} has no receivers; add some under mcpaas:alerts.receivers (docs/alerting.md) and run \`pulumi up\``,
      exitCodes.failed,
    );
  }
  if (only === undefined) return all;
  const names = all.map(({ receiver }) => receiver.name);
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    const there = names.map(visible).join(", ");
    throw new UserError(
      `no receiver is called ${unknown.map(visible).join(", ")}; there are ${there}`,
      exitCodes.usage,
    );
  }
  return all.filter(({ receiver }) => only.includes(receiver.name));
}

function outcomeOf(
  kind: string,
  { name, status }: Found["receiver"],
  details: readonly ActionDetail[],
): Tested {
  const detail = details.find((each) => each.name === name);
  const confirmed = CONFIRMED.test(detail?.status ?? "");
  const said = detail?.detail ?? (confirmed ? undefined : (detail?.status ?? "Azure says nothing of it"));
  return {
    receiver: name,
    kind,
    confirmed,
    detail: said === undefined ? undefined : visible(said),
    advice: confirmed ? undefined : adviceFor(kind, name, said ?? "", status),
  };
}
