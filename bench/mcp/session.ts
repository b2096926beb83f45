/** An MCP session that was opened over streamable HTTP: the headers that each of its calls needs. */
export type SessionHeaders = Record<string, string>;

const PROTOCOL = "2025-11-25";

/** Opens a session as a client does, and ends with the headers for its calls. */
export async function openSession(url: URL, headers: Record<string, string>): Promise<SessionHeaders> {
  const call = {
    ...headers,
    accept: "application/json, text/event-stream",
    "content-type": "application/json",
  };
  const initialize = await fetch(url, {
    method: "POST",
    headers: call,
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 0,
      method: "initialize",
      params: {
        protocolVersion: PROTOCOL,
        capabilities: {},
        clientInfo: { name: "bench", version: "1.0.0" },
      },
    }),
  });
  const said = await initialize.text();
  const id = initialize.headers.get("mcp-session-id");
  if (!initialize.ok || id === null) throw new Error(`initialize: HTTP ${initialize.status}: ${said}`);
  const session = { ...call, "mcp-session-id": id, "mcp-protocol-version": PROTOCOL };
  const initialized = await fetch(url, {
    method: "POST",
    headers: session,
    body: JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" }),
  });
  if (!initialized.ok) throw new Error(`notifications/initialized: HTTP ${initialized.status}`);
  return session;
}

/** Ends a session, as a client does that goes away. */
export async function endSession(url: URL, session: SessionHeaders): Promise<void> {
  const ended = await fetch(url, { method: "DELETE", headers: session });
  await ended.text();
  if (!ended.ok) throw new Error(`DELETE: HTTP ${ended.status}`);
}

/** The result of a call, out of an answer in JSON or as a stream of events; undefined when there is none. */
export function resultOf(body: string): { isError?: boolean; content?: unknown } | undefined {
  const json = body.startsWith("{") ? body : /^data: (\{"(?:result|jsonrpc)".*)$/m.exec(body)?.[1];
  if (json === undefined) return undefined;
  return (JSON.parse(json) as { result?: { isError?: boolean; content?: unknown } }).result;
}
