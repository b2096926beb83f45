import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { CallToolResult, Tool } from "@modelcontextprotocol/sdk/types.js";
import type { ChatConfig, ToolConnection } from "./config.ts";
import type { User } from "./store.ts";

/** An MCP server that a session is open with. */
export interface OpenServer {
  id: string;
  tools: Tool[];
  call(tool: string, args: Record<string, unknown>): Promise<string>;
  close(): Promise<void>;
}

/** How long a handshake or a list may take. Source: MCP_INITIALIZE_TIMEOUT in env.py. */
const handshakeMs = 10_000;

/** The id of a connection, as chats name it. Source: routers/tools.py. */
export function toolIdOf({ type = "openapi", info }: ToolConnection): string {
  return type === "mcp" ? `server:mcp:${info?.id}` : `server:${info?.id}`;
}

/** The connections that somebody may use. Source: has_connection_access in utils/access_control. */
export function connectionsFor(user: User, { tools }: Pick<ChatConfig, "tools">): ToolConnection[] {
  return tools.filter(
    ({ config }) =>
      config?.enable &&
      (user.role === "admin" ||
        config.access_grants?.some(
          ({ principal_type: type, principal_id: id }) => type === "user" && (id === "*" || id === user.id),
        )),
  );
}

/**
 * Opens a session with an MCP server, and asks for its tools.
 *
 * @throws {Error} when it can't be reached, or refuses
 */
export async function openServer(connection: ToolConnection, toolTimeoutMs?: number): Promise<OpenServer> {
  const { url = "", auth_type, key, config, info } = connection;
  const headers = auth_type === "bearer" ? { Authorization: `Bearer ${key}` } : undefined;
  const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } });
  const client = new Client({ name: "mcp", version: "0.1.0" });
  const close = async () => {
    await transport.terminateSession().catch(() => {});
    await client.close();
  };
  const request = { timeout: handshakeMs };
  try {
    await client.connect(transport, request);
    const { tools } = await client.listTools(undefined, request);
    const wanted = [config?.function_name_filter_list ?? ""].flat().flatMap((names) => names.split(","));
    return {
      id: info?.id ?? "",
      tools: tools.filter(({ name }) => isAllowed(name, wanted.filter(Boolean))),
      call: (name, args) => call(client, name, args, toolTimeoutMs),
      close,
    };
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** Source: is_string_allowed in utils/misc.py: names that end so; "!" before one shuts it out. */
function isAllowed(name: string, list: readonly string[]): boolean {
  const allowed = list.filter((each) => !each.startsWith("!"));
  const shut = list.filter((each) => each.startsWith("!")).map((each) => each.slice(1));
  if (allowed.length > 0 && !allowed.some((each) => name.endsWith(each))) return false;
  return !shut.some((each) => name.endsWith(each));
}

/** What a call comes back with as text; an error is JSON with a member `error`. Source: execute_tool_call. */
async function call(
  client: Client,
  name: string,
  args: Record<string, unknown>,
  toolTimeoutMs: number | undefined,
): Promise<string> {
  try {
    // No limit: as long as a timer can be.
    const options = { timeout: toolTimeoutMs ?? 2 ** 31 - 1 };
    const result = (await client.callTool({ name, arguments: args }, undefined, options)) as CallToolResult;
    const text = result.content.map((block) => (block.type === "text" ? block.text : "")).join("\n");
    if (result.isError) throw new Error(text || "MCP tool call returned an error.");
    return text;
  } catch (error) {
    return JSON.stringify({ error: wordsOf(error as Error) }, undefined, 2);
  }
}

/** What an error of the protocol says, also one that came with a status of HTTP. The SDK puts words before it. */
function wordsOf({ message }: Error): string {
  const [body] = /\{.*\}$/s.exec(message) ?? [];
  try {
    const { error } = JSON.parse(body ?? "") as { error?: { message?: string } };
    if (error?.message) return error.message;
  } catch {
    // It is no such message.
  }
  return message.replace(/^MCP error -?\d+: /, "");
}
