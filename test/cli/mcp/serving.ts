import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { SSEServerTransport } from "@modelcontextprotocol/sdk/server/sse.js";
import { pino } from "pino";
import { afterEach } from "vitest";
import { readHttpConfig } from "../../../servers/mcp-http/config.ts";
import { startHttpServer } from "../../../servers/mcp-http/server.ts";
import { type Ended, runHere } from "../running.ts";

/** Runs `mcpaas mcp` here. */
export function mcp(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  return runHere(["mcp", ...args], { NO_PROXY: "127.0.0.1", ...env });
}

/** An MCP server of the test's making. */
export function serverWith(add: (server: McpServer) => void, capabilities: object = {}): () => McpServer {
  return () => {
    const server = new McpServer({ name: "fixture", version: "1.2.3" }, { capabilities });
    add(server);
    return server;
  };
}

/** Servers for the tests of the file that calls this; each ends with its test. */
export function serving() {
  const running: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of running.splice(0)) await each.close();
  });

  /** Serves whatever the test answers; gives a URL that ends in /mcp. */
  const answer = async (listener: RequestListener, make: () => Server = createServer): Promise<string> => {
    const server = make().on("request", listener).listen(0, "127.0.0.1");
    await once(server, "listening");
    running.push({
      close: async () => {
        server.closeAllConnections();
        server.close();
        await once(server, "close");
      },
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  };

  return {
    answer,

    /** Serves one refusal for every request. */
    refusing: (status: number, headers: Record<string, string> = {}, body = ""): Promise<string> =>
      answer((_request, response) => {
        response.writeHead(status, headers).end(body);
      }),

    /** Serves an MCP server by streamable HTTP; `log` gets its log, line by line. */
    async serve(create: () => McpServer, log: (line: string) => void = () => {}): Promise<string> {
      const config = readHttpConfig({ HOST: "127.0.0.1", PORT: "0" });
      const logger = pino({}, { write: log });
      const server = await startHttpServer({ config, log: logger, createMcpServer: create });
      running.push(server);
      return server.url.href;
    },

    /** Serves it by HTTP with SSE, as MCP had it before 2025. */
    async serveSse(create: () => McpServer): Promise<string> {
      const open = new Map<string, SSEServerTransport>();
      const url = await answer(async (request, response) => {
        if (request.method === "GET") {
          const transport = new SSEServerTransport("/messages", response);
          open.set(transport.sessionId, transport);
          await create().connect(transport);
          return;
        }
        const id = new URL(request.url ?? "", "http://here").searchParams.get("sessionId") ?? "";
        await open.get(id)?.handlePostMessage(request, response);
      });
      return url.replace(/mcp$/, "sse");
    },
  };
}

/** The JSON-RPC message that a request has in its body. */
export async function messageOf(request: IncomingMessage): Promise<{ id?: number; method?: string }> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text === "" ? {} : JSON.parse(text);
}
