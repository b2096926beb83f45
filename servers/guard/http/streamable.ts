import type { FastifyReply, FastifyRequest } from "fastify";
import { endCancelled, settleIn } from "../calls/inSession.ts";
import { ToolCall } from "../calls/toolCall.ts";
import {
  type Id,
  isRequest,
  onlyReads,
  parseMessage,
  type RpcMessage,
  type RpcRequest,
} from "../mcp/message.ts";
import type { Parts } from "../parts.ts";
import { tooManySessions } from "../sessionMode.ts";
import { letEnd, type UpstreamAnswer } from "../upstream/client.ts";
import { answerFailure, Ending } from "./ending.ts";
import { filtered, type Passage, pass, passCall, passJudged } from "./forward.ts";
import { headersOf, takeOver, tellCancelled } from "./incoming.ts";
import { noteSession } from "./session.ts";
import type { Sink } from "./sink.ts";
import { traceIdOfMeta } from "./trace.ts";

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** The streamable HTTP transport. Source: "Transports" of MCP 2025-06-18 and 2025-11-25. */
export function streamableHttp(
  parts: Parts,
  streams: Set<Ending>,
): { post: Handler; get: Handler; remove: Handler } {
  const { log, resilience, sessions, sessionMode, upstream } = parts;
  const onRetry = () => parts.metrics.upstreamRetried();

  const sendMessage = async (
    request: FastifyRequest,
    message: RpcMessage,
    options: { repeatable: boolean; signal: AbortSignal },
  ): Promise<UpstreamAnswer> => {
    const body = JSON.stringify(message);
    const send = () => {
      const headers = { ...headersOf(request), "content-type": "application/json" };
      return resilience.run((signal) => upstream.send({ method: "POST", headers, body, signal }), {
        ...options,
        onRetry,
      });
    };
    const answer = await send();
    const { session } = request.guard;
    if (answer.status !== 404 || session === undefined || !(await sessionMode.renew(session))) return answer;
    // The server has done nothing with a message of a session that it didn't know.
    letEnd(answer.body);
    return await send();
  };

  const call = async (request: FastifyRequest, message: RpcRequest, sink: Sink): Promise<void> => {
    const { guard } = request;
    const toolCall = await ToolCall.begin(parts, message, {
      caller: guard.caller,
      session: guard.session,
      startedAt: guard.startedAt,
      traceId: guard.trace.id ?? traceIdOfMeta(message.params),
      tellCancelled: (requestId, reason) => tellCancelled(parts, headersOf(request), { requestId, reason }),
    });
    const { signal, repeatable } = toolCall;
    const passage: Passage = { parts, incoming: guard, sink, signal };
    const send = async (sent: RpcMessage) => {
      const answer = await sendMessage(request, sent, { repeatable, signal });
      passage.headers = noteSession(parts, request, answer);
      return answer;
    };
    try {
      if (toolCall.heldBack) return await passJudged(send, toolCall, passage);
      await passCall(send, toolCall, passage);
    } catch (error) {
      throw toolCall.fail(error);
    }
  };

  /** All other messages. */
  const forward = async (request: FastifyRequest, message: RpcMessage, sink: Sink): Promise<void> => {
    const { guard } = request;
    const opens = isRequest(message) && message.method === "initialize";
    const bind = opens ? sessionMode.opening(guard.caller, message.params) : undefined;
    const giveBack = opens ? sessions.reserve(guard.caller) : () => {};
    if (giveBack === undefined) throw tooManySessions();
    const ending = new Ending(sink);
    ending.atDeadline(parts, (reason) => {
      if (isRequest(message) && !opens) {
        tellCancelled(parts, headersOf(request), { requestId: message.id, reason });
      }
    });
    try {
      const options = { repeatable: onlyReads(message), signal: ending.signal };
      const answer = await sendMessage(request, message, options);
      const passage = {
        parts,
        incoming: guard,
        sink,
        signal: ending.signal,
        headers: noteSession(parts, request, answer, bind),
      };
      giveBack();
      const lists = message.method === "tools/list";
      await pass(answer, passage, {
        change: lists ? filtered(passage, answer) : undefined,
        isLast: ({ messages }) =>
          isRequest(message) && messages.some(({ id, method }) => id === message.id && method === undefined),
      });
      sink.end();
      endCancelled(guard.session, message);
    } catch (error) {
      throw ending.signal.aborted ? ending.signal.reason : error;
    } finally {
      giveBack();
      ending.clear();
    }
  };

  return {
    async post(request, reply) {
      const sink = takeOver(request, reply);
      let id: Id | null = null;
      try {
        const message = parseMessage(request.body as Buffer);
        if (isRequest(message)) id = message.id;
        const calls = isRequest(message) && message.method === "tools/call";
        await (calls ? call(request, message, sink) : forward(request, message, sink));
      } catch (error) {
        answerFailure(log, sink, error, id);
      }
    },

    async get(request, reply) {
      const sink = takeOver(request, reply);
      const { session } = request.guard;
      const ending = new Ending(sink);
      const { signal } = ending;
      streams.add(ending);
      try {
        const answer = await resilience.run(
          () => upstream.send({ method: "GET", headers: headersOf(request), signal }),
          { repeatable: false, signal },
        );
        const passage = {
          parts,
          incoming: request.guard,
          sink,
          signal,
          headers: noteSession(parts, request, answer),
        };
        const filter = filtered(passage, answer);
        await pass(answer, passage, {
          async change(piece) {
            await settleIn(session, piece.messages);
            return filter?.(piece) ?? piece.raw;
          },
        });
        sink.end();
      } catch (error) {
        answerFailure(log, sink, signal.aborted ? signal.reason : error, null);
      } finally {
        streams.delete(ending);
      }
    },

    async remove(request, reply) {
      const sink = takeOver(request, reply);
      const { session } = request.guard;
      const ending = new Ending(sink);
      ending.atDeadline(parts);
      const { signal } = ending;
      try {
        const answer = await upstream.send({ method: "DELETE", headers: headersOf(request), signal });
        if (session && answer.status < 300) sessionMode.ended(session);
        const passage = {
          parts,
          incoming: request.guard,
          sink,
          signal,
          headers: noteSession(parts, request, answer),
        };
        await pass(answer, passage);
        sink.end();
      } catch (error) {
        answerFailure(log, sink, signal.aborted ? signal.reason : error, null);
      } finally {
        ending.clear();
      }
    },
  };
}
