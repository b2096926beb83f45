import { z } from "zod";
import { stackOutputs } from "../stackOutputs.ts";
import { exitCodes, UserError } from "../userError.ts";
import { visible } from "../visible.ts";

/** An action group by the parts of its ARM id. */
export interface ActionGroupId {
  subscription: string;
  resourceGroup: string;
  name: string;
}

const outputs = z.object({
  alerts: z.object({ actionGroups: z.object({ critical: z.string() }) }).optional(),
});

const PATTERN =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.Insights\/actionGroups\/([^/]+)$/i;

/**
 * The parts of an action group's ARM id.
 *
 * @throws {UserError} when it is none
 */
export function parseActionGroupId(id: string): ActionGroupId {
  const [, subscription, resourceGroup, name] = PATTERN.exec(id) ?? [];
  if (subscription === undefined || resourceGroup === undefined || name === undefined) {
    throw new UserError(
      `${visible(id)} is not the ARM id of an action group; it must be /subscriptions/<id>/resourceGroups/<name>/providers/Microsoft.Insights/actionGroups/<name>`,
      exitCodes.usage,
    );
  }
  return { subscription, resourceGroup, name };
}

/**
 * The action group of a stack that has all its receivers: every one of them is told of critical alerts.
 *
 * @throws {UserError} when the stack can't be read, or has no alerts
 */
export async function actionGroupOfStack(
  stack: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<ActionGroupId> {
  const instead = "name the action group with --action-group instead";
  const parsed = outputs.safeParse(await stackOutputs(stack, { env, signal, instead }));
  const id = parsed.data?.alerts?.actionGroups.critical;
  if (id === undefined) {
    const name = visible(stack);
    throw new UserError(
      `stack ${name} has no alerts; \`pulumi config set --path mcpaas:alerts.enabled true -s ${name}\` and \`pulumi up -s ${name}\` make them`,
      exitCodes.failed,
    );
  }
  return parseActionGroupId(id);
}
