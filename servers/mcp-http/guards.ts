import { hostHeaderValidation } from "@modelcontextprotocol/sdk/server/middleware/hostHeaderValidation.js";
import cors from "cors";
import type { ErrorRequestHandler, RequestHandler, Response } from "express";
import type { Logger } from "pino";
import type { HttpConfig } from "./config.ts";

/** Answers with an HTTP status and a JSON-RPC error that belongs to no request. */
export function refuse(res: Response, status: number, message: string, code = -32_000): void {
  res.status(status).json({ jsonrpc: "2.0", error: { code, message }, id: null });
}

const loopback = ["localhost", "127.0.0.1", "[::1]"];

/**
 * What stands before the MCP endpoint against pages in a visitor's browser: the Host check stops DNS
 * rebinding, the Origin check stops cross-site calls, and CORS lets in the origins that are allowed.
 */
export function browserGuards({ host, allowedHosts, allowedOrigins }: HttpConfig): RequestHandler[] {
  const onLoopback = ["localhost", "127.0.0.1", "::1"].includes(host);
  const hosts = allowedHosts.length > 0 ? allowedHosts : onLoopback ? loopback : undefined;
  const checkOrigin: RequestHandler = (req, res, next) => {
    const { origin, host } = req.headers;
    // A page of this server itself, which Host tells only where the check before this one has judged it.
    const own = hosts !== undefined && URL.canParse(origin ?? "") && new URL(origin ?? "").host === host;
    if (origin === undefined || own || allowedOrigins.includes(origin)) return next();
    refuse(res, 403, `Origin ${JSON.stringify(origin)} is not allowed`);
  };
  const allow = cors({
    origin: allowedOrigins,
    methods: ["GET", "POST", "DELETE"],
    exposedHeaders: ["mcp-session-id"],
    maxAge: 600,
  });
  return [...(hosts === undefined ? [] : [hostHeaderValidation(hosts)]), checkOrigin, allow];
}

/** Answers what went wrong before MCP saw the request, above all bodies that can't be read. */
export function errorAnswer(log: Logger): ErrorRequestHandler {
  return (error, _req, res, next) => {
    if (res.headersSent) return next(error);
    const status = typeof error?.status === "number" ? error.status : 500;
    if (error?.type === "entity.parse.failed") refuse(res, 400, "Parse error: body is not JSON", -32_700);
    else if (status === 413) refuse(res, 413, `Body is larger than ${error.limit} bytes`);
    else if (status < 500) refuse(res, status, `Bad request: ${error.message}`);
    else {
      log.error({ err: error }, "request failed");
      refuse(res, 500, "Internal error", -32_603);
    }
  };
}
