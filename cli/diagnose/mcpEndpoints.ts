import { connect } from "../mcp/connection.ts";
import { explained, HttpRefusal } from "../mcp/failure.ts";
import { allTools } from "../mcp/lists.ts";
import type { HttpPlace } from "../mcp/place.ts";
import type { Cluster } from "./cluster.ts";
import { type ProxiedRequest, type Reader, reachedPod } from "./reader.ts";
import { readinessOf } from "./readiness.ts";
import { redact } from "./redact.ts";
import type { McpAnswer } from "./snapshot.ts";
import type { Subject } from "./subject.ts";

/** Where an MCP server is called. */
export interface Endpoint {
  /** "namespace/name" of the MCPServer. */
  key: string;
  /** Path of the API server at which its proxy has the endpoint. */
  path: string;
}

/** Longer than the proxy's: who can't reach a server is to say so before. */
const timeoutMs = 15_000;

/**
 * The endpoints of those MCP servers that are ready, as far as pods go. A stdio server's guard has a Service of its
 * own; source: serverAddress in components/mcpServerDeployment/address.ts.
 */
export function endpointsWorthAsking(cluster: Cluster, subjects: readonly Subject[]): Endpoint[] {
  return subjects.flatMap((subject) => {
    const { mcp, namespace, name } = subject;
    if (mcp === undefined || readinessOf(cluster, subject).state !== "ready") return [];
    const own = cluster.find("services", namespace, `${name}-guard`);
    const service = own?.metadata.name ?? name;
    const port = own?.spec?.ports?.[0]?.port ?? mcp.spec?.deployment?.port ?? 3000;
    const path = mcp.spec?.httpTransport?.path || "/mcp";
    // The older transport answers on a stream that stays open, which isn't waited for here.
    if (path.endsWith("/sse")) return [];
    return [
      {
        key: `${namespace}/${name}`,
        path: `/api/v1/namespaces/${namespace}/services/${service}:${port}/proxy${path}`,
      },
    ];
  });
}

/** Opens a session as a client does, lists the tools, and ends the session. */
export async function askEndpoint(reader: Reader, { path }: Endpoint): Promise<McpAnswer> {
  const place: HttpPlace = { transport: "http", url: new URL(`${reader.server}${path}`), headers: {} };
  const { fetch, unreached } = proxyFetch(reader);
  const { signal } = new AbortController();
  try {
    const { client, close } = await connect(place, { timeoutMs, signal, onServerLog: () => {}, fetch });
    try {
      return { state: "answers", tools: (await allTools(client, { timeout: timeoutMs })).length };
    } finally {
      await close();
    }
  } catch (error) {
    const failed = unreached();
    if (failed) return failed;
    if (error instanceof HttpRefusal && [401, 403, 429].includes(error.status)) return { state: "closed" };
    const { message } = explained(error, place, timeoutMs);
    return { state: "wrong", message: redact(message.replace(place.url.href, "It")) };
  }
}

/** A fetch by the API server's proxy, and what came in its way when that was not the server. */
function proxyFetch(reader: Reader) {
  let unreached: McpAnswer | undefined;
  const fetched: typeof fetch = async (input, init = {}) => {
    const { pathname, search } = new URL(`${input}`);
    // The stream beside the requests would never end.
    if ((init.method ?? "GET") === "GET") return new Response(null, { status: 405 });
    const answer = await reader.proxied(`${pathname}${search}`, {
      method: init.method as ProxiedRequest["method"],
      headers: Object.fromEntries(new Headers(init.headers)),
      body: typeof init.body === "string" ? init.body : undefined,
    });
    const reached = reachedPod(answer);
    if (!reached.ok) {
      const refused = /connection refused/.test(reached.message);
      unreached = refused
        ? { state: "wrong", message: `Nobody listens there: ${redact(reached.message)}` }
        : { state: "unknown", message: redact(reached.message), forbidden: reached.refusal === "forbidden" };
      throw new Error(reached.message);
    }
    const { status, headers, text } = reached.body;
    const empty = [204, 205, 304].includes(status);
    return new Response(empty ? null : text, { status, headers });
  };
  return { fetch: fetched, unreached: () => unreached };
}
