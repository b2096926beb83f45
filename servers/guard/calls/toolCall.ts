import { argumentDigest, type Outcome } from "../audit.ts";
import type { Caller } from "../caller.ts";
import { isObject, type RpcMessage, type RpcRequest, readToolCall } from "../mcp/message.ts";
import type { RunningCall, Session } from "../mcp/sessions.ts";
import type { Parts } from "../parts.ts";
import { idInUse, Refusal } from "../refusal.ts";
import { admit } from "./admission.ts";
import {
  Cancelled,
  DeadlinePassed,
  LaterDeadlinePassed,
  outcomeOf,
  refusalOf,
  ShuttingDown,
} from "./failures.ts";
import { SearchRun } from "./searchRun.ts";

/** Who calls, and where the call belongs. */
export interface CallContext {
  caller: Caller;
  session?: Session<ToolCall> | undefined;
  traceId?: string | undefined;
  /** When the request began, by the guard's clock. */
  startedAt: number;
  /** Tells the server that nobody waits for this call any more. */
  tellCancelled: (id: RpcRequest["id"], reason: string) => void;
}

/** One `tools/call`, from the request to its line in the audit. */
export class ToolCall implements RunningCall {
  readonly request: RpcRequest;
  /** Aborted when the answer isn't wanted any more, or not in time; the reason is an error of `failures.ts`. */
  readonly signal: AbortSignal;
  readonly #parts: Parts;
  readonly #context: CallContext;
  readonly #controller = new AbortController();
  readonly #args: unknown;
  readonly #tool: string;
  readonly #search: SearchRun | undefined;
  #leave: (() => void) | undefined;
  #stopDeadline: (() => void) | undefined;
  #ended = false;
  /** The server has answered, if not for good: a search goes on. */
  #heard = false;
  /** Nobody is listening now, but the client may come back for the answer. */
  #detached = false;

  /** Judges a call and starts it; throws a `Refusal`, which the audit has then. */
  static async begin(parts: Parts, request: RpcRequest, context: CallContext): Promise<ToolCall> {
    const call = new ToolCall(parts, request, context);
    try {
      call.#leave = await admit(parts, {
        ...readToolCall(request),
        caller: context.caller,
        search: call.#search,
      });
      call.#start();
      return call;
    } catch (error) {
      call.finish(refusalOf(error).outcome);
      throw error;
    }
  }

  private constructor(parts: Parts, request: RpcRequest, context: CallContext) {
    this.#parts = parts;
    this.request = request;
    this.#context = context;
    this.signal = this.#controller.signal;
    const { name, arguments: args } = request.params ?? {};
    this.#tool = typeof name === "string" ? name : "";
    this.#args = args;
    this.#search = this.#tool === parts.search?.tool ? new SearchRun(parts, args) : undefined;
  }

  /** Whether the answer has to be judged before it may be passed on. */
  get heldBack(): boolean {
    return this.#search !== undefined;
  }

  /** Whether it does no harm to send it twice. */
  get repeatable(): boolean {
    const { config, catalogue } = this.#parts;
    return config.retries.tools.includes(this.#tool) || catalogue.repeatable(this.#tool);
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** What to send to the server now. */
  message(): RpcMessage {
    if (this.#search === undefined) return this.request;
    return { ...this.request, params: { ...this.request.params, arguments: this.#search.args() } };
  }

  /** Whether a message is the answer to this call. */
  isAnswer({ id, method }: RpcMessage): boolean {
    return id === this.request.id && method === undefined;
  }

  /**
   * Takes the server's answer. Returns what the client gets, which ends the call; undefined if a search should be
   * sent once more, with the next engine.
   */
  async settle(answer: RpcMessage): Promise<RpcMessage | undefined> {
    if (this.#ended) return undefined;
    this.#heard = true;
    if (this.#search && isObject(answer.result)) {
      const result = await this.#search.settle(answer.result);
      if (result === undefined) return undefined;
      this.finish(this.#search.failed ? "tool-error" : outcomeOf({ result }));
      return { ...answer, result };
    }
    this.finish(outcomeOf(answer));
    return answer;
  }

  /** The client said that it doesn't want the answer; the server knows. */
  cancel(): void {
    this.#abort(new Cancelled("Cancelled by the client"));
  }

  /** The client went away. Where it can come back for the answer, the call goes on until its deadline. */
  clientGone(resumable: boolean): void {
    if (resumable) this.detach();
    else this.#abort(new Cancelled("The client disconnected"), true);
  }

  /** Leaves the call running without anybody who listens: its session's other streams may bring the answer. */
  detach(): void {
    this.#detached = true;
    this.#controller.abort(new Cancelled("The client disconnected"));
  }

  /** The time for running calls is over. */
  shutDown(): void {
    this.#abort(new ShuttingDown(), true);
  }

  /** Ends a call that failed, and returns what its client is told. */
  fail(error: unknown): Refusal {
    const refusal = refusalOf(
      this.signal.aborted && !(error instanceof Refusal) ? this.signal.reason : error,
    );
    if (!this.#detached) this.finish(refusal.outcome);
    return refusal;
  }

  /** Ends the call: writes its line in the audit, once. */
  finish(outcome: Outcome): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#stopDeadline?.();
    this.#leave?.();
    this.#parts.running.delete(this);
    this.#parts.metrics.runningChanged(this.#parts.running.size);
    const { session, caller, traceId, startedAt } = this.#context;
    if (session?.calls.get(this.request.id) === this) session.calls.delete(this.request.id);
    const latencyMs = this.#parts.now() - startedAt;
    this.#parts.audit({
      caller: caller.subject,
      roles: caller.roles,
      session: session?.id,
      tool: this.#tool,
      argumentDigest: argumentDigest(this.#args),
      ...this.#search?.entry(),
      outcome,
      latencyMs,
      traceId,
    });
    this.#parts.metrics.called({ tool: this.#tool, outcome, seconds: latencyMs / 1000 });
  }

  #start(): void {
    const { session } = this.#context;
    if (session?.calls.has(this.request.id) || session?.asked.has(this.request.id)) throw idInUse();
    session?.calls.set(this.request.id, this);
    this.#parts.running.add(this);
    this.#parts.metrics.runningChanged(this.#parts.running.size);
    const { callSeconds } = this.#parts.config.limits;
    this.#stopDeadline = this.#parts.after(callSeconds, () => {
      const Reason = this.#heard ? LaterDeadlinePassed : DeadlinePassed;
      this.#abort(new Reason(callSeconds), true);
    });
  }

  #abort(reason: Error, tell = false): void {
    if (this.#ended) return void this.#controller.abort(reason);
    if (tell) this.#context.tellCancelled(this.request.id, reason.message);
    // Whoever passes on the answer ends the call, in `fail`; where nobody does, it ends here.
    if (this.#detached) this.finish(refusalOf(reason).outcome);
    this.#controller.abort(reason);
  }
}
