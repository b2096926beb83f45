import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { SSEServerTransport } from "@modelcontextprotocol/sdk/server/sse.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { z } from "zod";

/** What the engines of the fixture's search tool do; others answer. One that hides its failure finds nothing. */
export type Engines = Record<string, "fails" | "throws" | "hides">;

/** What a fixture saw, and how a test steers it. */
export interface Fixture {
  url: URL;
  /** The JSON-RPC messages that were posted, with the headers they came with. */
  received: {
    message: { id?: unknown; method?: string; params?: Record<string, unknown> };
    headers: IncomingHttpHeaders;
  }[];
  /** Sessions that are open. */
  sessions: Set<string>;
  /** Resolves once the tool `wait` runs. */
  waiting: Promise<void>;
  /** Resolves once the tool `wait` was told that nobody wants its answer. */
  aborted: Promise<void>;
  /** Lets the tool `wait` answer. */
  release(): void;
  engines: Engines;
  close(): Promise<void>;
}

/** An MCP server made with the official SDK, for streamable HTTP and SSE. */
export async function startFixture({ json: answersJson = false } = {}): Promise<Fixture> {
  const waiting = Promise.withResolvers<void>();
  const aborted = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const received: Fixture["received"] = [];
  const engines: Engines = {};
  const transports = new Map<string, StreamableHTTPServerTransport>();
  const lines = new Map<string, SSEServerTransport>();
  const sessions = new Set<string>();

  const listener: RequestListener = async (req, res) => {
    const { pathname, searchParams } = new URL(req.url ?? "/", "http://fixture");
    const body = req.method === "POST" ? await json(req) : undefined;
    if (body !== undefined) received.push({ message: body as never, headers: req.headers });
    const mcp = () =>
      createMcp({ waiting: waiting.resolve, aborted: aborted.resolve, released: released.promise, engines });
    if (pathname === "/sse") {
      const line = new SSEServerTransport("/messages", res);
      lines.set(line.sessionId, line);
      res.once("close", () => lines.delete(line.sessionId));
      return mcp().connect(line);
    }
    if (pathname === "/messages") {
      const line = lines.get(searchParams.get("sessionId") ?? "");
      return line ? line.handlePostMessage(req, res, body) : void res.writeHead(404).end();
    }
    let transport = transports.get(String(req.headers["mcp-session-id"]));
    if (transport === undefined) {
      const made = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        enableJsonResponse: answersJson,
        onsessioninitialized: (id) => {
          transports.set(id, made);
          sessions.add(id);
        },
        onsessionclosed: (id) => {
          transports.delete(id);
          sessions.delete(id);
        },
      });
      await mcp().connect(made);
      transport = made;
    }
    await transport.handleRequest(req, res, body);
  };
  const { url, close } = await serve(listener);
  return {
    url,
    received,
    sessions,
    waiting: waiting.promise,
    aborted: aborted.promise,
    release: released.resolve,
    engines,
    close,
  };
}

/** Serves requests on a free port of 127.0.0.1. */
export async function serve(
  listener: RequestListener,
): Promise<{ url: URL; server: Server; close(): Promise<void> }> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);
  return {
    url,
    server,
    async close() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

interface Told {
  waiting: () => void;
  aborted: () => void;
  released: Promise<void>;
  engines: Engines;
}

function createMcp(told: Told): McpServer {
  const mcp = new McpServer({ name: "fixture", version: "1" });
  const text = (value: string) => ({ content: [{ type: "text" as const, text: value }] });
  mcp.registerTool(
    "echo",
    { inputSchema: { message: z.string() }, annotations: { readOnlyHint: true } },
    ({ message }) => text(`Echo: ${message}`),
  );
  mcp.registerTool("write", { inputSchema: {} }, () => text("written"));
  mcp.registerTool("fail", {}, () => ({ ...text("it failed"), isError: true }));
  mcp.registerTool("wait", {}, async ({ signal }) => {
    told.waiting();
    signal.addEventListener("abort", told.aborted);
    await Promise.race([told.released, new Promise((resolve) => signal.addEventListener("abort", resolve))]);
    return text("too late");
  });
  mcp.registerTool("progress", {}, async ({ _meta, sendNotification }) => {
    const progressToken = _meta?.progressToken ?? 0;
    for (const progress of [1, 2]) {
      await sendNotification({
        method: "notifications/progress",
        params: { progressToken, progress, total: 2 },
      });
    }
    return text("done");
  });
  const inputSchema = { query: z.string(), engines: z.array(z.string()).optional() };
  mcp.registerTool(
    "search",
    { inputSchema },
    async ({ query, engines: asked = [] }, { _meta, sendNotification }) => {
      if (_meta?.progressToken !== undefined) {
        const params = { progressToken: _meta.progressToken, progress: 1, message: asked.join() };
        await sendNotification({ method: "notifications/progress", params });
      }
      if (asked.some((engine) => told.engines[engine] === "throws")) {
        return { ...text(`Search failed: ${asked} blocked`), isError: true };
      }
      const partialFailures = asked
        .filter((engine) => told.engines[engine] === "fails")
        .map((engine) => ({ engine, code: "engine_error", message: "blocked" }));
      const results = asked
        .filter((engine) => told.engines[engine] === undefined)
        .map((engine) => ({ title: query, engine }));
      return text(
        JSON.stringify({ query, engines: asked, totalResults: results.length, results, partialFailures }),
      );
    },
  );
  return mcp;
}
