import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express, { type Express, type RequestHandler } from "express";
import type { Logger } from "pino";
import type { HttpConfig } from "./config.ts";
import { type CreateMcpServer, mcpEndpoint, shortId, statelessEndpoint } from "./endpoint.ts";
import { browserGuards, errorAnswer, refuse } from "./guards.ts";
import { Sessions } from "./sessions.ts";

/** A server that is listening. */
export interface RunningServer {
  /** For example `http://127.0.0.1:3000/mcp`. */
  url: URL;
  /** Stops accepting, lets running calls finish for the grace period, and ends every session. */
  close(): Promise<void>;
}

/** What a server is made of. */
export interface HttpServerOptions {
  config: HttpConfig;
  log: Logger;
  createMcpServer: CreateMcpServer;
  /** A clock in milliseconds. @default performance.now */
  now?: () => number;
}

/** Starts the server; rejects when it can't listen. */
export async function startHttpServer(options: HttpServerOptions): Promise<RunningServer> {
  const { config, now = () => performance.now() } = options;
  const sessions = new Sessions({ ttlSeconds: config.sessionTtlSeconds, max: config.maxSessions, now });
  const closing = new AbortController();
  const server = createServer(createApp(options, sessions, closing.signal));
  // While closing, a connection is not kept for a next request once its answer has ended.
  server.on("request", (_req, res) =>
    res.once("close", () => closing.signal.aborted && setImmediate(() => server.closeIdleConnections())),
  );
  // A client gets this long to send a request; answers and streams may take as long as they like.
  server.requestTimeout = 30_000;
  server.listen(config.port, config.host);
  await once(server, "listening");
  const sweeper = setInterval(() => sessions.sweep(), Math.min(config.sessionTtlSeconds, 60) * 1000);

  const { address, port, family } = server.address() as AddressInfo;
  const url = new URL(`http://${family === "IPv6" ? `[${address}]` : address}:${port}/mcp`);
  return {
    url,
    async close() {
      closing.abort();
      clearInterval(sweeper);
      const closed = once(server, "close");
      server.close();
      sessions.closeStreams();
      const grace = setTimeout(() => server.closeAllConnections(), config.shutdownGraceSeconds * 1000);
      await closed;
      clearTimeout(grace);
      await sessions.closeAll();
    },
  };
}

function createApp(options: HttpServerOptions, sessions: Sessions, closing: AbortSignal): Express {
  const { config, log, createMcpServer } = options;
  const app = express();
  app.disable("x-powered-by");
  // Before the guards: a kubelet names the pod's address as Host.
  app.get("/healthz", (_req, res) => {
    res.json({ status: "ok" });
  });
  app.use("/mcp", logRequests(log), (_req, res, next) => {
    if (!closing.aborted) return next();
    refuse(res.set("Connection", "close"), 503, "The server is shutting down");
  });
  app.use("/mcp", browserGuards(config));
  // Not strict: a bare number is JSON, and so it is MCP that has to refuse it.
  app.post("/mcp", express.json({ limit: config.maxBodyBytes, strict: false }));
  const endpoint =
    config.sessions === "stateless"
      ? statelessEndpoint(createMcpServer)
      : mcpEndpoint(sessions, log, createMcpServer);
  app.route("/mcp").get(endpoint).post(endpoint).delete(endpoint).all(methodNotAllowed);
  app.use((_req, res) => refuse(res, 404, "Not found; the MCP endpoint is /mcp"));
  app.use(errorAnswer(log));
  return app;
}

const methodNotAllowed: RequestHandler = (_req, res) =>
  refuse(res.set("Allow", "GET, POST, DELETE"), 405, "Method not allowed");

/** One line for each request when it has ended; what people said to a tool is not in it. */
function logRequests(log: Logger): RequestHandler {
  return (req, res, next) => {
    const start = performance.now();
    res.once("close", () => {
      const session = req.get("mcp-session-id");
      log.info(
        {
          method: req.method,
          status: res.statusCode,
          ms: Math.round(performance.now() - start),
          rpc: typeof req.body?.method === "string" ? req.body.method.slice(0, 64) : undefined,
          session: session && shortId(session),
        },
        "request",
      );
    });
    next();
  };
}
