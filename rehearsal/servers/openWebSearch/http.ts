import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { SSEServerTransport } from "@modelcontextprotocol/sdk/server/sse.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";

/** A server that listens. */
export interface Listening {
  url: URL;
  close(): Promise<void>;
}

/**
 * Serves both of MCP's HTTP transports, with the answers that the real server gives: a session that isn't
 * there is 400 (MCP asks for 404), any Origin and any Host may call, and a session lives until its client
 * ends it. Source: src/index.ts.
 */
export async function serveHttp(
  createMcpServer: () => McpServer,
  host: string,
  port: number,
): Promise<Listening> {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const streams = new Map<string, SSEServerTransport>();

  const begin = async (request: IncomingMessage, response: ServerResponse) => {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, transport),
    });
    transport.onclose = () => void sessions.delete(transport.sessionId ?? "");
    await createMcpServer().connect(transport);
    await transport.handleRequest(request, response);
    // What was no `initialize` has been refused, and began nothing.
    if (transport.sessionId === undefined) await transport.close();
  };
  const stream = async (response: ServerResponse) => {
    const transport = new SSEServerTransport("/messages", response);
    streams.set(transport.sessionId, transport);
    transport.onclose = () => void streams.delete(transport.sessionId);
    await createMcpServer().connect(transport);
  };
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    const id = String(request.headers["mcp-session-id"] ?? "");
    const route = `${request.method} ${pathname}`;
    if (/^(POST|GET|DELETE) \/mcp$/.test(route)) {
      const transport = sessions.get(id);
      if (transport) return transport.handleRequest(request, response);
      if (request.method === "POST" && id === "") return begin(request, response);
      if (request.method === "POST") return json(response, 400, refusal);
      return plain(response, 400, "Invalid or missing session ID");
    }
    if (route === "GET /sse") return stream(response);
    if (route === "POST /messages") {
      const transport = streams.get(searchParams.get("sessionId") ?? "");
      if (transport) return transport.handlePostMessage(request, response);
      return plain(response, 400, "No transport found for sessionId");
    }
    plain(response, 404, "Not found");
  };

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(port, host);
  await once(server, "listening");
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: new URL(`http://${host}:${taken}/mcp`),
    async close() {
      for (const transport of [...sessions.values(), ...streams.values()]) await transport.close();
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

const refusal = {
  jsonrpc: "2.0",
  error: { code: -32000, message: "Bad Request: No valid session ID provided" },
  id: null,
};

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain" }).end(text);
}
