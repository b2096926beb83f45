import { isService } from "../mcp/forwarding.ts";
import { isLoopback, keepFromProxy, mayLeadToCluster } from "../proxy.ts";
import { exitCodes, UserError } from "../userError.ts";
import { ChatApi } from "./api.ts";
import { forward } from "./forward.ts";
import { chatOfStack } from "./stack.ts";

/** Which chat app, and who asks, as it was typed. */
export interface PlaceOptions {
  /** Address of the page. @default - the stack's chat app */
  url?: string;
  /** @default - the administrator, who is known of a stack only */
  email?: string;
  stack: string;
  /** Ask the stack's app at its address in the cluster. @default - only where it has no public one */
  inCluster?: boolean;
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

/** How long a proxy may take to show that it leads to the chat app. */
const proofMs = 5000;

/**
 * Finds the chat app and the account. A stack's app is called at its public address, if it has one; else at its
 * address in the cluster, through a port that is forwarded for as long, or by a proxy on this machine that is seen to
 * lead to it. The password goes by no other proxy in the clear.
 *
 * @param env Node's own: addresses that are no affair of proxies are added to its NO_PROXY
 * @throws {UserError} with exit code 2 when something is missing on the command line
 */
export async function placeOf(
  options: PlaceOptions,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Place> {
  const { kubeconfig, ...place } = await namedBy(options, env, signal);
  const { url } = place;
  const leads = isService(url) && mayLeadToCluster(env) && (await isThere(url, signal));
  keepFromProxy(url, env, leads);
  if (leads || !isService(url) || options.url !== undefined) return { ...place, close: async () => {} };
  if (kubeconfig === undefined) {
    throw new UserError(
      `stack ${options.stack} has no output kubeconfig; forward the chat app's port, and name it with --url`,
      exitCodes.failed,
    );
  }
  const forwarded = await forward(kubeconfig, url, signal);
  keepFromProxy(forwarded.url, env);
  return { ...place, ...forwarded };
}

/** What is known of the chat app and the account before anything of it is called. */
async function namedBy(
  { url, email, stack, inCluster }: PlaceOptions,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Omit<Place, "close"> & { kubeconfig?: string }> {
  const password = env["CHAT_PASSWORD"] || undefined;
  if (url !== undefined) {
    const base = checkedUrl(url);
    if (inCluster) throw usage("--in-cluster is for the chat app of a stack, and can't be used with --url");
    if (email === undefined || password === undefined) {
      throw usage("--url needs --email, and the account's password in the variable CHAT_PASSWORD");
    }
    return { url: base, shown: base.origin, page: base.origin, email, password };
  }
  if (email !== undefined && password === undefined) {
    throw usage("--email needs the account's password in the variable CHAT_PASSWORD");
  }
  const chat = await chatOfStack(stack, env, signal);
  const base = new URL((inCluster ? undefined : chat.publicUrl) ?? chat.url);
  return {
    url: base,
    shown: base.origin,
    page: chat.publicUrl,
    email: email ?? chat.email,
    password: password ?? chat.password,
    kubeconfig: chat.kubeconfig,
  };
}

/** Whether the chat app answers by the proxy, which is told nothing: it could lead anywhere. */
async function isThere(url: URL, signal: AbortSignal): Promise<boolean> {
  return await new ChatApi(url, AbortSignal.any([signal, AbortSignal.timeout(proofMs)])).isThere();
}

/** Whether the password would cross a network in the clear. */
export function isExposed({ url }: Pick<Place, "url">): boolean {
  return url.protocol === "http:" && !isLoopback(url) && !isService(url);
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
