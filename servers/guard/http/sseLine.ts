import type { ToolCall } from "../calls/toolCall.ts";
import { type Piece, rewritten } from "../mcp/events.ts";
import type { Id, RpcMessage } from "../mcp/message.ts";
import type { Session } from "../mcp/sessions.ts";
import { codes, idInUse, Refusal } from "../refusal.ts";
import type { Sink } from "./sink.ts";

/** Nothing is passed on. */
const NOTHING = Buffer.alloc(0);
/** So many requests of a stream, calls aside, may wait for their answers; more come from no honest client. */
const MAX_ASKED = 100;
/** So many late answers are known as such; a server that heeds cancellations sends none at all. */
const MAX_ANSWERED = 1000;

/** A stream of the SSE transport: its session, and the place where answers to what is posted for it come out. */
export class SseLine {
  readonly session: Session<ToolCall>;
  /** Path and query at the server to which messages of this session are posted. */
  readonly path: string;
  readonly #sink: Sink;
  /** Requests that were answered already, by the guard; the server's answer comes too late. */
  readonly #answered = new Set<Id>();
  readonly #senders = new WeakMap<ToolCall, (message: RpcMessage) => Promise<unknown>>();

  constructor(session: Session<ToolCall>, path: string, sink: Sink) {
    this.session = session;
    this.path = path;
    this.#sink = sink;
  }

  /** Sees a call through whose answer comes on the stream; `send` sends what the call says. */
  async run(call: ToolCall, send: (message: RpcMessage) => Promise<unknown>): Promise<void> {
    this.#senders.set(call, send);
    try {
      await send(call.message());
    } catch (error) {
      this.#isLate(call.request.id);
      throw error;
    }
    // From here on what goes wrong is told on the stream.
    if (call.signal.aborted) this.#end(call, call.signal.reason);
    else call.signal.addEventListener("abort", () => this.#end(call, call.signal.reason), { once: true });
  }

  /**
   * Keeps the id of a request that isn't a call until it is answered; the function lets it go before.
   * Throws a `Refusal` while another request has the id: all answers come on one stream, where a call would
   * be taken to be answered by the answer to the other.
   */
  ask(id: Id): () => void {
    const { calls, asked } = this.session;
    if (calls.has(id) || asked.has(id)) throw idInUse();
    if (asked.size >= MAX_ASKED) {
      const message = "Too many requests of this stream wait for their answers";
      throw new Refusal(429, codes.limited, message, { retryAfterSeconds: 1 });
    }
    asked.add(id);
    return () => asked.delete(id);
  }

  /** Takes the answers to calls out of what the server sends; returns what is left for the client. */
  async settle(piece: Piece): Promise<Piece> {
    const left: RpcMessage[] = [];
    for (const message of piece.messages) {
      const call = this.session.calls.get(message.id as Id);
      if (call?.isAnswer(message)) {
        const settled = await call.settle(message);
        if (settled) left.push(settled);
        else if (!call.ended) this.#again(call);
      } else if (message.method !== undefined || !this.#answered.delete(message.id as Id)) {
        if (message.method === undefined) this.session.asked.delete(message.id as Id);
        left.push(message);
      }
    }
    if (left.length === piece.messages.length && left.every((one, i) => one === piece.messages[i]))
      return piece;
    const raw = left.length === 0 ? NOTHING : rewritten(piece, left, true);
    return { ...piece, raw, messages: left };
  }

  /** Ends what runs: the stream is gone, and with it the way for answers. */
  close(): void {
    for (const call of [...this.session.calls.values()]) call.clientGone(false);
  }

  /** Not awaited by the stream, which has to bring this request's answer. */
  #again(call: ToolCall): void {
    this.#senders
      .get(call)?.(call.message())
      .catch((error) => this.#end(call, error));
  }

  #end(call: ToolCall, error: unknown): void {
    if (call.ended) return;
    const refusal = call.fail(error);
    this.#isLate(call.request.id);
    if (refusal.outcome === "cancelled") return;
    this.#sink.event(refusal.toRpc(call.request.id)).catch(() => {}); // The client went away meanwhile.
  }

  /** An answer to this request is of no use any more. */
  #isLate(id: Id): void {
    this.#answered.add(id);
    if (this.#answered.size <= MAX_ANSWERED) return;
    for (const oldest of this.#answered) {
      this.#answered.delete(oldest);
      break;
    }
  }
}
