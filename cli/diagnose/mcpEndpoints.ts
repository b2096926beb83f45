import { connect } from "../mcp/connection.ts";
import { explained, HttpRefusal } from "../mcp/failure.ts";
import { allTools } from "../mcp/lists.ts";
import type { HttpPlace } from "../mcp/place.ts";
import type { Cluster } from "./cluster.ts";
import { isPodReady } from "./matching.ts";
import { mcpPlace } from "./mcpPlace.ts";
import type { PodPort, PodRequest } from "./portForward.ts";
import type { Reader } from "./reader.ts";
import { readinessOf } from "./readiness.ts";
import { redact } from "./redact.ts";
import type { McpAnswer } from "./snapshot.ts";
import type { Subject } from "./subject.ts";

/** Where an MCP server is asked. */
export interface Endpoint extends PodPort {
  /** "namespace/name" of the MCP server. */
  key: string;
  path: string;
  /** Whether there must be an endpoint at the path. */
  surePath: boolean;
}

/** Longer than each request has: who can't reach a server is to say so before. */
const timeoutMs = 15_000;

/** The endpoints of those MCP servers that are ready, as far as pods go; in one pod each, where sessions are. */
export function endpointsWorthAsking(cluster: Cluster, subjects: readonly Subject[]): Endpoint[] {
  return subjects.flatMap((subject) => {
    const { role, namespace, name, pods } = subject;
    const pod = pods.find(isPodReady) ?? pods[0];
    if (role !== "mcp" || pod === undefined || readinessOf(cluster, subject).state !== "ready") return [];
    const { port, path, surePath } = mcpPlace(cluster, subject);
    // The older transport answers on a stream that stays open, which isn't waited for here.
    if (path.endsWith("/sse")) return [];
    return [{ key: `${namespace}/${name}`, namespace, pod: pod.metadata.name, port, path, surePath }];
  });
}

/** Opens a session as a client does, lists the tools, and ends the session. */
export async function askEndpoint(reader: Reader, endpoint: Endpoint): Promise<McpAnswer> {
  const url = new URL(endpoint.path, "http://localhost");
  const place: HttpPlace = { transport: "http", url, headers: {} };
  const { fetch, unreached } = podFetch(reader, endpoint);
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
    if (!endpoint.surePath && error instanceof HttpRefusal && error.status === 404) {
      return { state: "unknown", message: `it is not at ${endpoint.path}; the cluster doesn't say where` };
    }
    const { message } = explained(error, place, timeoutMs);
    return { state: "wrong", message: redact(message.replace(place.url.href, "It")) };
  }
}

/** A fetch from the pod, and what came in its way when that was not the server. */
function podFetch(reader: Reader, endpoint: PodPort) {
  let unreached: McpAnswer | undefined;
  const fetched: typeof fetch = async (input, init = {}) => {
    const { pathname, search } = new URL(`${input}`);
    // The stream beside the requests would never end.
    if ((init.method ?? "GET") === "GET") return new Response(null, { status: 405 });
    const reached = await reader.askPod(endpoint, `${pathname}${search}`, {
      method: init.method as PodRequest["method"],
      headers: Object.fromEntries(new Headers(init.headers)),
      body: typeof init.body === "string" ? init.body : undefined,
    });
    if (!reached.ok) {
      const refused = /connection refused/i.test(reached.message);
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
