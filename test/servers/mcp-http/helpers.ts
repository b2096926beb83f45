import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { pino } from "pino";
import { onTestFinished } from "vitest";
import { z } from "zod";
import { type HttpConfig, readHttpConfig } from "../../../servers/mcp-http/config.ts";
import type { CreateMcpServer } from "../../../servers/mcp-http/endpoint.ts";
import { type RunningServer, startHttpServer } from "../../../servers/mcp-http/server.ts";

/** The least that can be called. */
function createMcpServer(): McpServer {
  const server = new McpServer({ name: "fixture", version: "1" });
  server.registerTool("echo", { inputSchema: { message: z.string() } }, ({ message }) => ({
    content: [{ type: "text", text: `Echo: ${message}` }],
  }));
  return server;
}

interface StartOptions extends Partial<HttpConfig> {
  now?: () => number;
  createMcpServer?: CreateMcpServer;
}

/** A server on a free port of 127.0.0.1, closed after the test. */
export async function start(options: StartOptions = {}): Promise<RunningServer> {
  const { now, createMcpServer: create = createMcpServer, ...changes } = options;
  const config = { ...readHttpConfig({ HOST: "127.0.0.1", PORT: "0" }), ...changes };
  const log = pino({ level: "silent" });
  const server = await startHttpServer({ config, log, createMcpServer: create, now });
  let closed: Promise<void> | undefined;
  const once = {
    url: server.url,
    close: () => {
      closed ??= server.close();
      return closed;
    },
  };
  onTestFinished(once.close);
  return once;
}

/** The official client, connected; closed after the test. */
export async function connect(url: URL): Promise<Client> {
  const client = new Client({ name: "test", version: "1" });
  await client.connect(new StreamableHTTPClientTransport(url));
  onTestFinished(() => client.close());
  return client;
}

const jsonHeaders = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
};

/** Posts a body as it is, with the headers that MCP asks for and more. */
export function post(url: URL, body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, { method: "POST", headers: { ...jsonHeaders, ...headers }, body });
}

/** The text of a JSON-RPC request. */
export function request(method: string, params: object = {}): string {
  return JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
}

export const initialize = request("initialize", {
  protocolVersion: "2025-06-18",
  capabilities: {},
  clientInfo: { name: "test", version: "1" },
});

/** Opens a session by hand and returns its id as a header. */
export async function openSession(url: URL): Promise<{ "mcp-session-id": string }> {
  const response = await post(url, initialize);
  await response.text();
  return { "mcp-session-id": response.headers.get("mcp-session-id") ?? "" };
}

/** Status and JSON-RPC error code of a refusal, read to its end. */
export async function refusal(response: Response): Promise<{ status: number; code: number }> {
  const body = (await response.json()) as { jsonrpc: string; error: { code: number }; id: null };
  if (body.jsonrpc !== "2.0" || body.id !== null) throw new Error(`not a refusal: ${JSON.stringify(body)}`);
  return { status: response.status, code: body.error.code };
}
