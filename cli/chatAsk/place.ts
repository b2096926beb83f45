import { isService } from "../mcp/forwarding.ts";
import { exitCodes, UserError } from "../userError.ts";
import { forward } from "./forward.ts";
import { chatOfStack } from "./stack.ts";

/** Which chat app, and who asks, as it was typed. */
export interface PlaceOptions {
  /** Address of the page. @default - the stack's chat app */
  url?: string;
  /** @default - the administrator, who is known of a stack only */
  email?: string;
  stack: string;
}

/** A chat app that can be called, and who signs in. */
export interface Place {
  /** Where it is called. */
  url: URL;
  /** What it is called in messages. */
  shown: string;
  /** Where people see the chat; undefined when that is not known. */
  page?: string;
  email: string;
  /** It is in no message. */
  password: string;
  /** Why the way there is closed, if it is known. */
  problem?(): string | undefined;
  close(): Promise<void>;
}

/**
 * Finds the chat app and the account. A stack's app is called at its public address, if it has one; else at its
 * address in the cluster, by HTTP_PROXY or through a port that is forwarded for as long.
 *
 * @throws {UserError} with exit code 2 when something is missing on the command line
 */
export async function placeOf(options: PlaceOptions, env: NodeJS.ProcessEnv): Promise<Place> {
  const { url, email, stack } = options;
  const password = env["CHAT_PASSWORD"] || undefined;
  if (url !== undefined) {
    const base = checkedUrl(url);
    if (email === undefined || password === undefined) {
      throw usage("--url needs --email, and the account's password in the variable CHAT_PASSWORD");
    }
    const place = { url: base, shown: base.origin, page: base.origin, email, password };
    return { ...place, close: async () => {} };
  }
  if (email !== undefined && password === undefined) {
    throw usage("--email needs the account's password in the variable CHAT_PASSWORD");
  }
  const chat = await chatOfStack(stack, env);
  const account = { email: email ?? chat.email, password: password ?? chat.password, page: chat.publicUrl };
  const base = new URL(chat.publicUrl ?? chat.url);
  const place = { url: base, shown: base.origin, ...account, close: async () => {} };
  if (!isService(base) || (env["HTTP_PROXY"] && env["NODE_USE_ENV_PROXY"])) return place;
  if (chat.kubeconfig === undefined) {
    throw new UserError(
      `stack ${stack} has no output kubeconfig; forward the chat app's port, and name it with --url`,
      exitCodes.failed,
    );
  }
  return { ...place, ...(await forward(chat.kubeconfig, base)) };
}

function checkedUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw usage("--url must be the address of the chat app's page, such as https://chat.example.com");
  }
  if (url.username || url.password) {
    throw usage("--url must have no user and password; they go by --email and the variable CHAT_PASSWORD");
  }
  if (url.pathname !== "/" || url.search || url.hash) {
    throw usage("--url must have no path: the chat app is always at the root of its host");
  }
  return url;
}

function usage(message: string): UserError {
  return new UserError(message, exitCodes.usage);
}
