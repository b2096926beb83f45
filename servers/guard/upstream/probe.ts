import { listedTools } from "../mcp/catalogue.ts";
import { piecesOf } from "../mcp/events.ts";
import { isObject, type RpcMessage } from "../mcp/message.ts";
import { letEnd, type Upstream, type UpstreamAnswer } from "./client.ts";

const VERSION = "2025-06-18";
/** Pages of a list of tools that are read; a server that always has a next one must not keep the guard busy. */
const MAX_PAGES = 20;

/** What a server that works says of itself. */
export interface Probed {
  /** The tools that it lists; empty where it has none. */
  tools: unknown[];
  /** Whether it opened a session for `initialize`. */
  session: boolean;
}

/**
 * Opens a session of the guard's own as a client does, reads the list of tools if asked to, and ends the session
 * again. Throws what is wrong with the server.
 */
export async function probe(
  upstream: Upstream,
  { signal, listTools }: { signal: AbortSignal; listTools: boolean },
): Promise<Probed> {
  const headers: Record<string, string> = { accept: "application/json, text/event-stream" };
  const post = (message: object) =>
    upstream.send({
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", ...message }),
      signal,
    });

  const opened = await post({
    id: 0,
    method: "initialize",
    params: {
      protocolVersion: VERSION,
      capabilities: {},
      clientInfo: { name: "mcp-guard", version: "0.1.0" },
    },
  });
  const session = opened.headers["mcp-session-id"];
  if (typeof session === "string") headers["mcp-session-id"] = session;
  try {
    const { protocolVersion, capabilities } = await resultOf(opened, 0, "initialize");
    if (typeof protocolVersion !== "string") throw new Error("The MCP server's answer to initialize is none");
    headers["mcp-protocol-version"] = protocolVersion;
    if (!listTools || !isObject(capabilities) || capabilities["tools"] === undefined) {
      return { tools: [], session: typeof session === "string" };
    }
    (await post({ method: "notifications/initialized" })).body.resume();
    const tools: unknown[] = [];
    let cursor: unknown;
    for (let page = 1; page <= MAX_PAGES; page++) {
      const answer = await post({
        id: page,
        method: "tools/list",
        params: cursor === undefined ? {} : { cursor },
      });
      const result = await resultOf(answer, page, "tools/list");
      tools.push(...(listedTools({ jsonrpc: "2.0", result }) ?? []));
      cursor = result["nextCursor"];
      if (cursor === undefined) break;
    }
    return { tools, session: typeof session === "string" };
  } finally {
    if (typeof session === "string") {
      // Not every server lets a client end its session; then it ends by itself.
      await upstream.send({ method: "DELETE", headers, signal }).then(
        ({ body }) => body.resume(),
        () => {},
      );
    }
  }
}

/**
 * Opens a session at the server as a client does that says this in `initialize`, and returns its id; undefined if the
 * server has no sessions. Throws what is wrong with the server.
 */
export async function openSession(
  upstream: Pick<Upstream, "send">,
  handshake: object,
  signal: AbortSignal,
): Promise<string | undefined> {
  const headers: Record<string, string> = {
    accept: "application/json, text/event-stream",
    "content-type": "application/json",
  };
  const post = (message: object) =>
    upstream.send({ method: "POST", headers, body: JSON.stringify({ jsonrpc: "2.0", ...message }), signal });
  const opened = await post({ id: 0, method: "initialize", params: handshake });
  const id = opened.headers["mcp-session-id"];
  const { protocolVersion } = await resultOf(opened, 0, "initialize");
  if (typeof id !== "string") return undefined;
  headers["mcp-session-id"] = id;
  if (typeof protocolVersion === "string") headers["mcp-protocol-version"] = protocolVersion;
  (await post({ method: "notifications/initialized" })).body.resume();
  return id;
}

async function resultOf(
  answer: UpstreamAnswer,
  id: number,
  method: string,
): Promise<Record<string, unknown>> {
  const { status, contentType, body } = answer;
  if (status !== 200) {
    body.resume();
    throw new Error(`The MCP server answered ${status} to ${method}`);
  }
  let found: RpcMessage | undefined;
  for await (const { messages } of piecesOf(contentType, body)) {
    found = messages.find((message) => message.id === id && message.method === undefined);
    if (found) break;
  }
  letEnd(body);
  if (found === undefined) throw new Error(`The MCP server gave no answer to ${method}`);
  if (isObject(found.result)) return found.result;
  throw new Error(`The MCP server answered ${method} with an error`);
}
