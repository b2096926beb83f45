import { randomUUID } from "node:crypto";
import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { isInitializeRequest } from "@modelcontextprotocol/sdk/types.js";
import type { Request, RequestHandler, Response } from "express";
import type { Logger } from "pino";
import { refuse } from "./guards.ts";
import type { Sessions } from "./sessions.ts";

/** Makes the MCP server of one session. */
export type CreateMcpServer = () => Pick<McpServer, "connect" | "close">;

/**
 * The MCP endpoint: finds a request's session, or opens one for `initialize`, and leaves the protocol to the
 * SDK's transport.
 */
export function mcpEndpoint(
  sessions: Sessions,
  log: Logger,
  createMcpServer: CreateMcpServer,
): RequestHandler {
  return async (req, res) => {
    if (req.method === "POST" && !req.is("application/json")) {
      return refuse(res, 415, "Content-Type must be application/json");
    }
    const id = req.get("mcp-session-id");
    if (id !== undefined) return continueSession(id, sessions, req, res);
    if (req.method !== "POST" || !isInitializeRequest(req.body)) {
      return refuse(res, 400, "Bad request: no mcp-session-id header, and not an initialize request");
    }
    if (sessions.isFull()) {
      res.set("Retry-After", "30");
      return refuse(res, 503, "Too many sessions are open; try again later");
    }
    const transport = newTransport(sessions, log, res);
    const server = createMcpServer();
    await server.connect(transport);
    await transport.handleRequest(req, res, req.body);
    // Refused by the transport, for example because of the Accept header: nothing refers to it any more.
    if (transport.sessionId === undefined) await server.close();
  };
}

/** The same without sessions: each request has a server and a transport of its own, which end with its answer. */
export function statelessEndpoint(createMcpServer: CreateMcpServer): RequestHandler {
  return async (req, res) => {
    if (req.method !== "POST") {
      // No stream to listen on, and no session to end.
      return refuse(res.set("Allow", "POST"), 405, "Method not allowed: this server has no sessions");
    }
    if (!req.is("application/json")) return refuse(res, 415, "Content-Type must be application/json");
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
    const server = createMcpServer();
    res.once("close", () => void server.close());
    await server.connect(transport);
    await transport.handleRequest(req, res, req.body);
  };
}

async function continueSession(id: string, sessions: Sessions, req: Request, res: Response): Promise<void> {
  const transport = sessions.get(id);
  if (transport === undefined) return refuse(res, 404, "Session not found", -32_001);
  res.once("close", sessions.hold(id));
  await transport.handleRequest(req, res, req.body);
}

function newTransport(sessions: Sessions, log: Logger, res: Response): StreamableHTTPServerTransport {
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => {
      sessions.add(id, transport);
      res.once("close", sessions.hold(id));
      log.info({ session: shortId(id), sessions: sessions.size }, "session opened");
    },
    onsessionclosed: (id) => {
      sessions.remove(id);
      log.info({ session: shortId(id), sessions: sessions.size }, "session closed by its client");
    },
  });
  return transport;
}

/** As much of a session id as a log may show: whoever knows all of it can use the session. */
export function shortId(id: string): string {
  return id.slice(0, 8);
}
