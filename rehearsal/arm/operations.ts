import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ArmError } from "./errors.ts";

/** One asynchronous operation of Azure. */
export interface Operation {
  id: string;
  /** Id of the resource that it works on. */
  resource: string;
  /** `Running` is an action, which has a result of its own and leaves the resource's state alone. */
  verb: "Creating" | "Updating" | "Deleting" | "Running";
  status: "InProgress" | "Succeeded" | "Failed";
  start: string;
  end?: string;
  error?: { code: string; message: string };
  /** What an action has to say in the end. */
  result?: unknown;
  /** Settles, without ever rejecting, when the operation has ended. */
  done: Promise<void>;
}

/** What an operation does besides taking its time. */
export interface Work {
  resource: string;
  verb: Operation["verb"];
  /** The end that a scenario has in store. */
  failure: { code: string; message: string } | undefined;
  /** Brings about what the operation is for, and returns its result if it has one; throwing makes it Failed. */
  finish(): Promise<unknown>;
  /** Runs when the operation has failed, by scenario, by `finish` or because another took its place. */
  fail(): Promise<void>;
}

/** All operations of a run, with their timing. */
export class Operations {
  readonly #all = new Map<string, Operation>();
  readonly #preempted = new Map<string, AbortController>();
  readonly #closing = new AbortController();
  readonly #durationMs: number;
  readonly #holdMs: number;

  /**
   * @param durationMs how long an operation takes at least
   * @param holdMs how long a status request waits for news: Azure's SDKs ask again after a whole
   * second at the soonest, which would be most of a rehearsal
   */
  constructor(durationMs: number, holdMs: number) {
    this.#durationMs = durationMs;
    this.#holdMs = holdMs;
  }

  get(id: string): Operation | undefined {
    return this.#all.get(id.toLowerCase());
  }

  /** Starts an operation; it goes on by itself. */
  start(work: Work): Operation {
    const stop = new AbortController();
    const operation: Operation = {
      id: randomUUID(),
      resource: work.resource,
      verb: work.verb,
      status: "InProgress",
      start: new Date().toISOString(),
      done: Promise.resolve(),
    };
    operation.done = this.#run(operation, work, AbortSignal.any([stop.signal, this.#closing.signal]));
    this.#all.set(operation.id, operation);
    this.#preempted.set(operation.id, stop);
    return operation;
  }

  /** Ends what is under way on a resource (and below it) because a delete takes its place, as AKS does. */
  async preempt(resource: string): Promise<void> {
    const own = resource.toLowerCase();
    const hit = [...this.#all.values()].filter(
      (one) =>
        one.status === "InProgress" &&
        (one.resource.toLowerCase() === own || one.resource.toLowerCase().startsWith(`${own}/`)),
    );
    for (const one of hit) {
      this.#preempted
        .get(one.id)
        ?.abort(
          new ArmError(
            409,
            "AKSOperationPreemptedByDelete",
            "This operation has been preempted by Deleting operation.",
          ),
        );
    }
    await Promise.all(hit.map((one) => one.done));
  }

  /** Waits for an operation's end or the hold, whichever is first. */
  async poll(operation: Operation): Promise<void> {
    const timer = new AbortController();
    await Promise.race([
      operation.done,
      sleep(this.#holdMs, undefined, {
        signal: AbortSignal.any([timer.signal, this.#closing.signal]),
      }).catch(() => undefined),
    ]);
    timer.abort();
  }

  /** Stops all that is under way and waits for it to have stopped. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.#all.values()].map((one) => one.done));
  }

  async #run(operation: Operation, work: Work, signal: AbortSignal): Promise<void> {
    try {
      await sleep(this.#durationMs, undefined, { signal });
      if (work.failure) {
        throw new ArmError(400, work.failure.code, work.failure.message);
      }
      operation.result = await work.finish();
      operation.status = "Succeeded";
    } catch (error) {
      const cause = signal.aborted ? signal.reason : error;
      const code = cause instanceof ArmError ? cause.code : "InternalOperationError";
      operation.error = { code, message: cause instanceof Error ? cause.message : String(cause) };
      await work.fail();
      operation.status = "Failed";
    }
    operation.end = new Date().toISOString();
  }
}
