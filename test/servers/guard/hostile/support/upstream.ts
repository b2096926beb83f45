import { randomUUID } from "node:crypto";
import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { McpServer, ResourceTemplate } from "@modelcontextprotocol/sdk/server/mcp.js";
import { SSEServerTransport } from "@modelcontextprotocol/sdk/server/sse.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { z } from "zod";

/** A request that reached the server, as it came over the wire. */
export interface Seen {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  rawHeaders: string[];
  body: string;
}

/** A server behind the guard that keeps what it sees. */
export interface Upstream {
  url: URL;
  seen: Seen[];
  close(): Promise<void>;
}

type Answer = (req: IncomingMessage, res: ServerResponse, body: string) => unknown;

/** Keeps every request, and answers it as told. */
export async function recording(answer: Answer): Promise<Upstream> {
  const seen: Seen[] = [];
  return {
    ...(await serve(async (req, res) => {
      const { method = "", url = "", headers, rawHeaders } = req;
      const body = (await buffer(req)).toString("utf8");
      seen.push({ method, url, headers, rawHeaders, body });
      await answer(req, res, body);
    })),
    seen,
  };
}

/** Serves requests on a free port of 127.0.0.1. */
export async function serve(listener: RequestListener): Promise<{ url: URL; close(): Promise<void> }> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** An MCP server made with the official SDK: streamable HTTP on /mcp, SSE on /sse. */
export async function sdkUpstream(createMcp: () => McpServer = createTools): Promise<Upstream> {
  const transports = new Map<string, StreamableHTTPServerTransport>();
  const lines = new Map<string, SSEServerTransport>();
  return recording(async (req, res, text) => {
    const { pathname, searchParams } = new URL(req.url ?? "/", "http://upstream");
    if (pathname === "/sse") {
      const line = new SSEServerTransport("/messages", res);
      lines.set(line.sessionId, line);
      return createMcp().connect(line);
    }
    const body = text === "" ? undefined : JSON.parse(text);
    if (pathname === "/messages") {
      return lines.get(searchParams.get("sessionId") ?? "")?.handlePostMessage(req, res, body);
    }
    const id = req.headers["mcp-session-id"];
    const known = id === undefined ? await newTransport(transports, createMcp) : transports.get(String(id));
    if (known === undefined) return res.writeHead(404).end();
    await known.handleRequest(req, res, body);
  });
}

async function newTransport(
  transports: Map<string, StreamableHTTPServerTransport>,
  createMcp: () => McpServer,
): Promise<StreamableHTTPServerTransport> {
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => void transports.set(id, transport),
    onsessionclosed: (id) => void transports.delete(id),
  });
  await createMcp().connect(transport);
  return transport;
}

const text = (value: string) => ({ content: [{ type: "text" as const, text: value }] });

/** Tools of every kind that the tests attack. */
export function createTools(): McpServer {
  const mcp = new McpServer({ name: "upstream", version: "1" });
  mcp.registerTool(
    "echo",
    { inputSchema: { message: z.string() }, annotations: { readOnlyHint: true } },
    ({ message }) => text(message),
  );
  mcp.registerTool("wipe", { description: "the secret tool" }, () => text("wiped"));
  mcp.registerTool("fail", {}, () => ({ ...text("no"), isError: true }));
  mcp.registerTool(
    "search",
    { inputSchema: { query: z.string(), engines: z.array(z.string()).optional() } },
    ({ query, engines = [] }) =>
      text(JSON.stringify({ query, engines, results: engines.map((engine) => ({ title: query, engine })) })),
  );
  mcp.registerResource(
    "note",
    new ResourceTemplate("note://{name}", { list: undefined, complete: { name: () => ["a"] } }),
    {},
    (uri) => ({ contents: [{ uri: uri.href, text: "a note" }] }),
  );
  return mcp;
}
