import { COMMON_ADVICE, COMMON_HEADLINES, detailOf, problemOf } from "../../components/azure/errors.ts";
import { interruptible } from "../interrupt.ts";
import { progressOn } from "../progress.ts";
import { exitCodes, UserError } from "../userError.ts";
import { visible } from "../visible.ts";
import { actionGroupOfStack, parseActionGroupId } from "./actionGroup.ts";
import { actionGroups } from "./azure.ts";
import { asJson, asText, type Report } from "./print.ts";
import { testReceivers } from "./test.ts";

/** What the command was asked. */
export interface AlertTestOptions {
  stack: string;
  /** ARM id. @default - the stack's */
  actionGroup?: string;
  /** @default - all */
  receivers?: readonly string[];
  timeoutMs: number;
}

/** Tests, prints, and says whether every receiver confirmed. */
export async function run(options: AlertTestOptions, json = false): Promise<boolean> {
  const told = "interrupted; what was sent still arrives";
  const report = await interruptible((signal) => test(options, process.env, signal), told);
  console.log(json ? asJson(report) : asText(report, process.stdout.columns));
  return report.ok;
}

/** @throws {UserError} when nothing could be tested */
export async function test(
  { stack, actionGroup, receivers: only, timeoutMs }: AlertTestOptions,
  env: NodeJS.ProcessEnv,
  interrupted: AbortSignal,
): Promise<Report> {
  const signal = AbortSignal.any([interrupted, AbortSignal.timeout(timeoutMs)]);
  const given = actionGroup === undefined ? undefined : parseActionGroupId(actionGroup);
  const group = given ?? (await actionGroupOfStack(stack, env, signal));
  const progress = progressOn(process.stderr, env);
  progress.show(() => `Azure sends a test to the receivers of ${visible(group.name)} ...`);
  try {
    const receivers = await testReceivers(await actionGroups(group, env, signal), group.name, only);
    return { actionGroup: group.name, ok: receivers.every(({ confirmed }) => confirmed), receivers };
  } catch (error) {
    if (error instanceof UserError || interrupted.aborted) throw error;
    throw unasked(error, signal.aborted, timeoutMs);
  } finally {
    progress.end();
  }
}

/** Why Azure could not be asked, and what to do. */
function unasked(error: unknown, timedOut: boolean, timeoutMs: number): UserError {
  if (timedOut) {
    const seconds = timeoutMs / 1000;
    const reason = `not every receiver was through after ${seconds} s; --timeout <seconds> waits longer`;
    return new UserError(reason, exitCodes.failed);
  }
  const problem = problemOf(error);
  if (problem === "forbidden") {
    return new UserError(
      `you may not test action groups (${visible(detailOf(error))}); the role Monitoring Contributor on the resource group lets you`,
      exitCodes.azureUnavailable,
    );
  }
  if (problem === "refused" || problem === "not-found") {
    return new UserError(`Azure refuses the test: ${visible(detailOf(error))}`, exitCodes.failed);
  }
  const text = `${COMMON_HEADLINES[problem]}: ${visible(detailOf(error))}; ${COMMON_ADVICE[problem]}`;
  return new UserError(text, exitCodes.azureUnavailable);
}
