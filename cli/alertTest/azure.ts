import {
  type ActionDetail,
  type ActionGroupResource,
  MonitorClient,
  type NotificationRequestBody,
} from "@azure/arm-monitor";
import { azureSession } from "../../components/azure/session.ts";
import type { ActionGroupId } from "./actionGroup.ts";

/** A list of receivers of one kind, as an action group has it. */
export type ReceiverList = keyof Omit<NotificationRequestBody, "alertType">;

/** What is asked of Azure. */
export interface ActionGroups {
  /** The group, or nothing when there is no such group. */
  get(): Promise<ActionGroupResource | undefined>;
  /** Sends a test to those receivers; what became of each, when all of them are through. */
  test(receivers: Pick<NotificationRequestBody, ReceiverList>): Promise<ActionDetail[]>;
}

/**
 * What the test looks like: the alert of a query on logs. Azure takes some kinds only, and none of them is a
 * Prometheus alert. Source: alertType of NotificationRequestBody, API 2024-10-01-preview.
 */
const ALERT_TYPE = "logalertv2";

/** Talks to Azure Resource Manager about one action group. */
export async function actionGroups(
  { subscription, resourceGroup, name }: ActionGroupId,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<ActionGroups> {
  const session = await azureSession(env);
  const client = new MonitorClient(session.credential, subscription, {
    endpoint: session.endpoint,
    credentials: { scopes: session.scopes },
  });
  const options = { abortSignal: signal };
  return {
    async get() {
      try {
        return await client.actionGroups.get(resourceGroup, name, options);
      } catch (error) {
        const { statusCode } = error as { statusCode?: unknown };
        if (String(statusCode) === "404") return undefined;
        throw error;
      }
    },
    async test(receivers) {
      const poller = client.actionGroups.createNotificationsAtActionGroupResourceLevel(
        resourceGroup,
        name,
        { alertType: ALERT_TYPE, ...receivers },
        { ...options, updateIntervalInMs: 2000 },
      );
      const { actionDetails = [] } = await poller.pollUntilDone(options);
      return actionDetails;
    },
  };
}
