import { isService } from "./mcp/forwarding.ts";

/** Whether an address is this machine's own. */
export function isLoopback({ hostname }: URL): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

/**
 * Whether the proxy that Node sends plain HTTP by may lead into a cluster: it is on this machine. The proxy of a
 * company, which the same variables name, is somewhere else. One on this machine may still lead elsewhere, or be
 * ruled out by NO_PROXY, where Node looks itself: it is proven by what answers.
 */
export function mayLeadToCluster(env: NodeJS.ProcessEnv): boolean {
  const proxy = proxyOf(env);
  return proxy !== undefined && env["NODE_USE_ENV_PROXY"] === "1" && isLoopback(proxy);
}

/**
 * Has Node ask an address without a proxy, which would see in the clear what is sent by plain HTTP: this machine's
 * own, always, and a Service of a cluster, unless the proxy leads there. Without a proxy the name of a Service
 * resolves in its cluster only, so that elsewhere nothing is sent.
 *
 * @param env Node's own, in which the address is added to NO_PROXY: Node looks there at each request
 * @param leads whether the proxy leads to it. @default - whether it may
 */
export function keepFromProxy(url: URL, env: NodeJS.ProcessEnv, leads = mayLeadToCluster(env)): void {
  if (url.protocol !== "http:" || !(isLoopback(url) || (isService(url) && !leads))) return;
  // As Node does, the one in small letters comes first.
  const name = env["no_proxy"] === undefined ? "NO_PROXY" : "no_proxy";
  env[name] = [env[name], url.hostname].filter(Boolean).join(",");
}

function proxyOf(env: NodeJS.ProcessEnv): URL | undefined {
  const text = env["http_proxy"] ?? env["HTTP_PROXY"] ?? "";
  return URL.canParse(text) ? new URL(text) : undefined;
}
