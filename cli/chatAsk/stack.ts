import { z } from "zod";
import { stackOutputs } from "../stackOutputs.ts";
import { exitCodes, UserError } from "../userError.ts";
import { visible } from "../visible.ts";

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
  const instead = "name the chat app with --url instead";
  const found = await stackOutputs(stack, { env, signal, secrets: true, instead });
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
