import type { FastifyReply, FastifyRequest } from "fastify";
import type { Caller } from "../caller.ts";
import type { ToolCall } from "../calls/toolCall.ts";
import type { RpcMessage } from "../mcp/message.ts";
import type { Session } from "../mcp/sessions.ts";
import type { Parts } from "../parts.ts";
import { upstreamHeaders } from "./headers.ts";
import { Sink } from "./sink.ts";
import type { Trace } from "./trace.ts";

/** What is known of a request before its body is read. */
export interface Incoming {
  /** When it began, by the guard's clock. */
  startedAt: number;
  /** Headers of CORS for the answer. */
  cors: Record<string, string>;
  trace: Trace;
  caller: Caller;
  session: Session<ToolCall> | undefined;
}

declare module "fastify" {
  interface FastifyRequest {
    guard: Incoming;
  }
}

/** Takes over a request: what is answered from here on goes through the sink. */
export function takeOver({ guard }: FastifyRequest, reply: FastifyReply): Sink {
  reply.hijack();
  return new Sink(reply.raw, guard.cors);
}

/** The headers with which a request goes on to the server. */
export function headersOf(request: FastifyRequest): Record<string, string> {
  const { session, trace } = request.guard;
  const headers = upstreamHeaders(request.headers, trace.headers);
  return session ? { ...headers, "mcp-session-id": session.upstreamId } : headers;
}

const TELL_MS = 5000;

/** Tells the server that a request is cancelled; it may not listen any more. */
export function tellCancelled(
  { upstream, log }: Parts,
  headers: Record<string, string>,
  { requestId, reason, path }: { requestId: string | number; reason: string; path?: string },
): void {
  const message: RpcMessage = {
    jsonrpc: "2.0",
    method: "notifications/cancelled",
    params: { requestId, reason },
  };
  upstream
    .send({
      method: "POST",
      path,
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify(message),
      signal: AbortSignal.timeout(TELL_MS),
    })
    .then(({ body }) => body.resume())
    .catch((error: Error) =>
      log.debug({ reason: error.message }, "the server could not be told of a cancellation"),
    );
}
