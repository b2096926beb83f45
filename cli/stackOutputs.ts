import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { exitCodes, UserError } from "./userError.ts";
import { visible } from "./visible.ts";

const run = promisify(execFile);

/** How the outputs of a stack are read. */
export interface StackOutputsOptions {
  env: NodeJS.ProcessEnv;
  /** When it aborts, reading has taken too long. */
  signal: AbortSignal;
  /** Read secrets in clear, too. @default false */
  secrets?: boolean;
  /** What can be typed instead where there is no pulumi, for example "name the chat app with --url". */
  instead: string;
}

/**
 * Reads the outputs of a stack.
 *
 * @throws {UserError} when there is no such stack, or it can't be read
 */
export async function stackOutputs(
  stack: string,
  { env, signal, secrets = false, instead }: StackOutputsOptions,
): Promise<unknown> {
  const shown = secrets ? ["--show-secrets"] : [];
  const args = ["stack", "output", "--json", ...shown, "-s", stack, "--non-interactive"];
  const unread = (why: string) =>
    new UserError(`the outputs of stack ${visible(stack)} can't be read: ${why}`, exitCodes.failed);
  let text: string;
  try {
    const running = run("pulumi", args, { env, maxBuffer: 2 ** 26, signal });
    // It only reads: however it hangs, there is nothing to tidy up. By itself the signal would only ask it to end.
    signal.addEventListener("abort", () => running.child.kill("SIGKILL"), { once: true });
    text = (await running).stdout;
  } catch (error) {
    if (signal.aborted) throw unread("pulumi didn't end in time; --timeout <seconds> waits longer");
    const { code, stderr = "" } = error as { code?: unknown; stderr?: string };
    if (code === "ENOENT") throw new UserError(`pulumi is not on PATH; ${instead}`, exitCodes.failed);
    // Never its output, which may have secrets.
    throw unread(visible(stderr.trim().split("\n").at(-1) || `pulumi ends with ${code}`));
  }
  try {
    return JSON.parse(text);
  } catch {
    throw unread("pulumi printed no JSON");
  }
}
