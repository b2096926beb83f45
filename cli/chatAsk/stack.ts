import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";
import { exitCodes, UserError } from "../userError.ts";
import { visible } from "../visible.ts";

const run = promisify(execFile);

const outputs = z.object({
  chat: z
    .object({
      url: z.string(),
      publicUrl: z.string().optional(),
      administrator: z.object({ email: z.string(), password: z.string() }),
    })
    .optional(),
  kubeconfig: z.string().optional(),
});

/** What a stack says of its chat app. */
export interface ChatOfStack {
  /** The address inside the cluster. */
  url: string;
  publicUrl?: string;
  email: string;
  password: string;
  kubeconfig?: string;
}

/**
 * Reads the outputs of a stack, with its secrets.
 *
 * @throws {UserError} when there is no such stack, it can't be read, or it has no chat app
 */
export async function chatOfStack(
  stack: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<ChatOfStack> {
  const found = await outputsOf(stack, env, signal);
  const parsed = outputs.safeParse(found);
  if (!parsed.success) {
    // Never the values, which may be secret.
    const wrong = [...new Set(parsed.error.issues.map(({ path }) => path.join(".") || "all of them"))];
    throw new UserError(
      `the outputs of stack ${visible(stack)} aren't those of this version (${wrong.join(", ")}); \`pulumi up -s ${visible(stack)}\` brings them up to date`,
      exitCodes.failed,
    );
  }
  const { chat, kubeconfig } = parsed.data;
  if (chat === undefined) {
    throw new UserError(
      `stack ${visible(stack)} has no chat app; \`pulumi config set chat.enabled true --path -s ${visible(stack)}\` and \`pulumi up\` make one, or name another with --url`,
      exitCodes.failed,
    );
  }
  return { url: chat.url, publicUrl: chat.publicUrl, ...chat.administrator, kubeconfig };
}

async function outputsOf(stack: string, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<unknown> {
  const args = ["stack", "output", "--json", "--show-secrets", "-s", stack, "--non-interactive"];
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
    if (code === "ENOENT") {
      throw new UserError("pulumi is not on PATH; name the chat app with --url instead", exitCodes.failed);
    }
    // Never its output, which has the secrets.
    throw unread(visible(stderr.trim().split("\n").at(-1) || `pulumi ends with ${code}`));
  }
  try {
    return JSON.parse(text);
  } catch {
    throw unread("pulumi printed no JSON");
  }
}
