import type { ToolCall } from "../calls/toolCall.ts";
import { type Piece, rewritten } from "../mcp/events.ts";
import type { Id, RpcMessage } from "../mcp/message.ts";
import type { Session } from "../mcp/sessions.ts";
import type { Sink } from "./sink.ts";

/** Nothing is passed on. */
const NOTHING = Buffer.alloc(0);

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
      this.#answered.add(call.request.id);
      throw error;
    }
    // From here on what goes wrong is told on the stream.
    if (call.signal.aborted) this.#end(call, call.signal.reason);
    else call.signal.addEventListener("abort", () => this.#end(call, call.signal.reason), { once: true });
  }

  /** Takes the answers to calls out of what the server sends; returns what is left for the client. */
  async settle(piece: Piece): Promise<Buffer> {
    const left: RpcMessage[] = [];
    for (const message of piece.messages) {
      const call = this.session.calls.get(message.id as Id);
      if (call?.isAnswer(message)) {
        const settled = await call.settle(message);
        if (settled) left.push(settled);
        else if (!call.ended) this.#again(call);
      } else if (message.method !== undefined || !this.#answered.delete(message.id as Id)) {
        left.push(message);
      }
    }
    if (left.length === piece.messages.length && left.every((one, i) => one === piece.messages[i]))
      return piece.raw;
    return left.length === 0 ? NOTHING : rewritten(piece, left, true);
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
    this.#answered.add(call.request.id);
    if (refusal.outcome === "cancelled") return;
    this.#sink.event(refusal.toRpc(call.request.id)).catch(() => {}); // The client went away meanwhile.
  }
}
