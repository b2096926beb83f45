import type { FastifyReply, FastifyRequest } from "fastify";
import { endCancelled } from "../calls/inSession.ts";
import { ToolCall } from "../calls/toolCall.ts";
import { isRequest, parseMessage, type RpcMessage, type RpcRequest } from "../mcp/message.ts";
import type { Parts } from "../parts.ts";
import { codes, Refusal } from "../refusal.ts";
import { UpstreamFailure } from "../resilience/index.ts";
import { tooManySessions } from "../sessionMode.ts";
import type { UpstreamAnswer } from "../upstream/client.ts";
import { answerFailure, Ending } from "./ending.ts";
import { filtered, pass } from "./forward.ts";
import { headersOf, takeOver, tellCancelled } from "./incoming.ts";
import type { Sink } from "./sink.ts";
import { SseLine } from "./sseLine.ts";
import { traceIdOfMeta } from "./trace.ts";

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** Before the id of a session of this transport: the server may number those of both transports alike. */
const PREFIX = "sse:";

/**
 * The SSE transport of MCP 2024-11-05, for clients that know nothing newer: a stream that brings the answers, and
 * an endpoint for messages that the stream's first event names.
 */
export function sseTransport(parts: Parts, streams: Set<Ending>): { open: Handler; post: Handler } {
  const { config, log, resilience, sessions, upstream } = parts;
  const lines = new Map<string, SseLine>();

  /** Ties the session that the server's endpoint event names to its caller. */
  const begin = (request: FastifyRequest, sink: Sink, data = ""): SseLine => {
    const { origin } = new URL(config.upstream.url);
    const endpoint = URL.canParse(data, origin) ? new URL(data, origin) : undefined;
    const id = endpoint?.searchParams.get("sessionId");
    const session =
      endpoint?.origin === origin && id ? sessions.add(PREFIX + id, request.guard.caller) : undefined;
    if (!endpoint || !session)
      throw new UpstreamFailure("The MCP server named no endpoint with a new session");
    const line = new SseLine(session, endpoint.pathname + endpoint.search, sink);
    lines.set(session.id, line);
    return line;
  };

  const lineOf = ({ query, guard }: FastifyRequest): SseLine => {
    const { sessionId } = query as { sessionId?: unknown };
    const session =
      typeof sessionId === "string" ? sessions.get(PREFIX + sessionId, guard.caller) : undefined;
    const line = session && lines.get(session.id);
    if (line === undefined) throw new Refusal(404, codes.refused, "Session not found");
    return line;
  };

  const send = (
    line: SseLine,
    headers: Record<string, string>,
    message: RpcMessage,
    signal: AbortSignal,
  ): Promise<UpstreamAnswer> => {
    const body = JSON.stringify(message);
    const withType = { ...headers, "content-type": "application/json" };
    // Not repeated: the answer comes on the stream, where two of them would be one too many.
    return resilience.run(
      () => upstream.send({ method: "POST", path: line.path, headers: withType, body, signal }),
      { repeatable: false, signal },
    );
  };

  /** Starts a call; what is answered here says only whether the server has taken it. */
  const call = async (request: FastifyRequest, line: SseLine, message: RpcRequest): Promise<void> => {
    const { caller, startedAt, trace } = request.guard;
    const headers = headersOf(request);
    const { session, path } = line;
    const toolCall = await ToolCall.begin(parts, message, {
      caller,
      session,
      startedAt,
      traceId: trace.id ?? traceIdOfMeta(message.params),
      tellCancelled: (requestId, reason) => tellCancelled(parts, headers, { requestId, reason, path }),
    });
    try {
      await line.run(toolCall, async (sent) => {
        const { status, body } = await send(line, headers, sent, toolCall.signal);
        body.resume();
        if (status >= 400) throw new UpstreamFailure(`The MCP server answered ${status}`);
      });
    } catch (error) {
      throw toolCall.fail(error);
    }
  };

  /** Sends a message that is no call; the answer, if it wants one, comes on the stream. */
  const ask = async (
    line: SseLine,
    request: FastifyRequest,
    message: RpcMessage,
    signal: AbortSignal,
  ): Promise<UpstreamAnswer> => {
    const letGo = isRequest(message) ? line.ask(message.id) : () => {};
    try {
      const answer = await send(line, headersOf(request), message, signal);
      if (answer.status >= 400) letGo();
      return answer;
    } catch (error) {
      // One that was given up may have reached the server, whose answer must not be taken for that of a call.
      if (!signal.aborted) letGo();
      throw error;
    }
  };

  return {
    async open(request, reply) {
      const sink = takeOver(request, reply);
      const ending = new Ending(sink);
      const { signal } = ending;
      const giveBack = sessions.reserve(request.guard.caller);
      let line: SseLine | undefined;
      let letGo = () => {};
      streams.add(ending);
      try {
        if (giveBack === undefined) throw tooManySessions();
        const headers = headersOf(request);
        const answer = await resilience.run(
          () => upstream.send({ method: "GET", path: config.upstream.ssePath, headers, signal }),
          { repeatable: false, signal },
        );
        const passage = { parts, incoming: request.guard, sink, signal };
        const filter = filtered(passage, answer);
        await pass(answer, passage, {
          async change(piece) {
            if (line) {
              const left = await line.settle(piece);
              return filter?.(left) ?? left.raw;
            }
            if (piece.event !== "endpoint") return piece.raw;
            line = begin(request, sink, piece.data);
            giveBack();
            letGo = sessions.hold(line.session);
            const query = new URLSearchParams({ sessionId: line.session.id.slice(PREFIX.length) });
            return Buffer.from(`event: endpoint\ndata: ${config.listen.messagesPath}?${query}\n\n`);
          },
        });
        sink.end();
      } catch (error) {
        answerFailure(log, sink, signal.aborted ? signal.reason : error, null);
      } finally {
        streams.delete(ending);
        giveBack?.();
        letGo();
        line?.close();
        if (line) lines.delete(line.session.id);
        if (line) sessions.remove(line.session.id);
      }
    },

    async post(request, reply) {
      const sink = takeOver(request, reply);
      const ending = new Ending(sink);
      let id: RpcMessage["id"] = null;
      try {
        const line = lineOf(request);
        const message = parseMessage(request.body as Buffer);
        if (isRequest(message)) id = message.id;
        if (isRequest(message) && message.method === "tools/call") {
          await call(request, line, message);
          sink.open(202, {});
          sink.end();
          return;
        }
        ending.atDeadline(parts);
        const { signal } = ending;
        const answer = await ask(line, request, message, signal);
        await pass(answer, { parts, incoming: request.guard, sink, signal });
        sink.end();
        endCancelled(line.session, message);
      } catch (error) {
        answerFailure(log, sink, error, id ?? null);
      } finally {
        ending.clear();
      }
    },
  };
}
