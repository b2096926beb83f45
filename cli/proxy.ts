import { isService } from "./mcp/forwarding.ts";

/** Whether an address is this machine's own. */
export function isLoopback({ hostname }: URL): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

/**
 * Whether the proxy that Node sends plain HTTP by may lead into the cluster that an address is of: it is on this
 * machine, and NO_PROXY doesn't except the address. The proxy of a company, which the same variables name, is
 * somewhere else. One on this machine may still lead elsewhere: it is proven by what answers.
 */
export function mayLeadTo(url: URL, env: NodeJS.ProcessEnv): boolean {
  const proxy = proxyOf(env);
  return proxy !== undefined && env["NODE_USE_ENV_PROXY"] === "1" && isLoopback(proxy) && !excepted(url, env);
}

/**
 * Has Node ask an address without a proxy, which would see in the clear what is sent by plain HTTP: this machine's
 * own, always, and a Service of a cluster, unless the proxy leads there. Without a proxy the name of a Service
 * resolves in its cluster only, so that elsewhere nothing is sent.
 *
 * @param env Node's own, in which the address is added to NO_PROXY: Node looks there at each request
 * @param leads whether the proxy leads to it
 */
export function keepFromProxy(url: URL, env: NodeJS.ProcessEnv, leads = mayLeadTo(url, env)): void {
  if (url.protocol !== "http:" || !(isLoopback(url) || (isService(url) && !leads))) return;
  // As Node does, the one in small letters comes first.
  const name = env["no_proxy"] === undefined ? "NO_PROXY" : "no_proxy";
  env[name] = [env[name], url.hostname].filter(Boolean).join(",");
}

function proxyOf(env: NodeJS.ProcessEnv): URL | undefined {
  const text = env["http_proxy"] ?? env["HTTP_PROXY"] ?? "";
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** Source: EnvHttpProxyAgent of undici, which is Node's. Here an entry without a dot in front has its subdomains, too. */
function excepted({ hostname, port }: URL, env: NodeJS.ProcessEnv): boolean {
  const entries = (env["no_proxy"] ?? env["NO_PROXY"] ?? "")
    .toLowerCase()
    .split(/[,\s]+/)
    .filter(Boolean);
  const asked = port || "80";
  return entries.some((entry) => {
    const [, host = "", only = asked] = /^(?:\*?\.)?(.*?)(?::(\d+))?$/.exec(entry) ?? [];
    return entry === "*" || (only === asked && (hostname === host || hostname.endsWith(`.${host}`)));
  });
}
