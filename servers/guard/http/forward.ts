import type { ToolCall } from "../calls/toolCall.ts";
import { listedTools, withTools } from "../mcp/catalogue.ts";
import { type Piece, piecesOf, rewritten } from "../mcp/events.ts";
import type { RpcMessage, RpcRequest } from "../mcp/message.ts";
import type { Parts } from "../parts.ts";
import { codes, Refusal } from "../refusal.ts";
import { letEnd, type UpstreamAnswer } from "../upstream/client.ts";
import { clientHeaders } from "./headers.ts";
import type { Incoming } from "./incoming.ts";
import type { Sink } from "./sink.ts";

/** What passing on an answer needs. */
export interface Passage {
  parts: Parts;
  incoming: Incoming;
  sink: Sink;
  /** Headers of the answer besides those that are always passed on. */
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export const isStream = ({ contentType }: UpstreamAnswer): boolean =>
  contentType?.toLowerCase().startsWith("text/event-stream") ?? false;

/**
 * Passes on an answer: each piece as soon as it is complete, untouched unless `change` gives other bytes. Ends with
 * the piece after which `isLast`, so that the client need not wait for the server to end the stream.
 * Where none is, the caller ends the answer.
 */
export async function pass(
  answer: UpstreamAnswer,
  { sink, headers, signal }: Passage,
  {
    change = ({ raw }) => raw,
    isLast = () => false,
  }: { change?: (piece: Piece) => Buffer | Promise<Buffer>; isLast?: (piece: Piece) => boolean } = {},
): Promise<void> {
  const head = { ...clientHeaders(answer), ...headers };
  const whole = isJson(answer);
  try {
    if (!whole) sink.open(answer.status, head);
    for await (const piece of piecesOf(answer.contentType, answer.body)) {
      const bytes = await change(piece);
      if (whole) sink.open(answer.status, { ...head, "content-length": String(bytes.length) });
      if (whole || isLast(piece)) {
        sink.end(bytes);
        break;
      }
      await sink.write(bytes, signal);
    }
    letEnd(answer.body);
  } catch (error) {
    answer.body.destroy();
    throw error;
  }
}

const isJson = ({ contentType }: UpstreamAnswer): boolean =>
  contentType?.toLowerCase().startsWith("application/json") ?? false;

/**
 * Changes lists of tools to those that the caller may call, and learns from them. What the guard can't read
 * is not passed on, because a lenient client might find a whole list in it; undefined for errors, which
 * have none.
 */
export function filtered(
  { parts, incoming: { caller } }: Passage,
  answer: UpstreamAnswer,
): ((piece: Piece) => Buffer) | undefined {
  if (answer.status >= 400) return undefined;
  const asEvents = isStream(answer);
  if (!asEvents && !isJson(answer)) {
    letEnd(answer.body);
    throw unreadable();
  }
  return (piece) => {
    const { messages, data, event } = piece;
    if (messages.length === 0) {
      if (!asEvents) throw unreadable();
      // Comments, events that only have an id, and events that aren't messages.
      return !data || (event !== undefined && event !== "message") ? piece.raw : Buffer.alloc(0);
    }
    for (const message of messages) parts.catalogue.learn(listedTools(message) ?? []);
    const changed = messages.map((message) => withTools(message, (tool) => parts.allowed(caller, tool)));
    if (changed.every((message, i) => message === messages[i])) return piece.raw;
    return rewritten(piece, changed, asEvents);
  };
}

/** Sends a call, and passes on the answer while looking how it ends. */
export async function passCall(
  send: (message: RpcMessage) => Promise<UpstreamAnswer>,
  call: ToolCall,
  passage: Passage,
): Promise<void> {
  const { sink, incoming } = passage;
  // A client that was given an event's id can ask for the rest, in a stream of the session.
  let resumable = false;
  sink.onGone(() => call.clientGone(resumable));
  const answer = await send(call.message());
  await pass(answer, passage, {
    async change({ raw, eventId, messages }) {
      resumable ||= eventId !== undefined && incoming.session !== undefined;
      for (const message of messages) if (call.isAnswer(message)) await call.settle(message);
      return raw;
    },
    isLast: () => call.ended,
  });
  if (!call.ended) {
    if (answer.status >= 400) call.finish("protocol-error");
    else if (resumable) call.detach();
    else throw unanswered();
  }
  sink.end();
}

/**
 * Sends a call whose answer must be judged, as often as it takes. Other messages, such as progress, are passed on as
 * they come, as events without ids: the answer is the guard's, so the server can't repeat it.
 */
export async function passJudged(
  send: (message: RpcMessage) => Promise<UpstreamAnswer>,
  call: ToolCall,
  passage: Passage,
): Promise<void> {
  const { sink, headers, signal } = passage;
  sink.onGone(() => call.clientGone(false));
  for (;;) {
    const answer = await send(call.message());
    if (answer.status >= 400) {
      await pass(answer, passage);
      call.finish("protocol-error");
      return sink.end();
    }
    const asEvents = isStream(answer);
    const final = await answerIn(answer, call.request, async (message) => {
      if (!sink.opened) sink.openStream(headers);
      await sink.event(message, signal);
    });
    if (final === undefined) throw unanswered();
    const settled = await call.settle(final);
    if (settled === undefined) {
      signal?.throwIfAborted();
      continue;
    }
    if (asEvents && !sink.opened) sink.openStream(headers);
    if (!sink.opened) return sink.json(answer.status, settled, headers);
    await sink.event(settled, signal);
    return sink.end();
  }
}

const unreadable = (): Refusal =>
  new Refusal(502, codes.upstream, "The MCP server's answer can't be read", { outcome: "upstream-error" });

/** The server ended its answer before it gave one. */
const unanswered = (): Refusal =>
  new Refusal(502, codes.upstream, "The MCP server ended its answer without a result", {
    outcome: "upstream-error",
  });

async function answerIn(
  { contentType, body }: UpstreamAnswer,
  { id }: RpcRequest,
  passOn: (message: RpcMessage) => Promise<void>,
): Promise<RpcMessage | undefined> {
  try {
    for await (const { messages } of piecesOf(contentType, body)) {
      for (const message of messages) {
        if (message.id === id && message.method === undefined) return message;
        await passOn(message);
      }
    }
    return undefined;
  } finally {
    letEnd(body);
  }
}
