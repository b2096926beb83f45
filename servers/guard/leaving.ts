import { once } from "node:events";
import type { ServerResponse } from "node:http";

/** How far a guard is on its way out. */
export class Leaving {
  /** It isn't ready any more, and still answers: not every node knows yet. */
  begun = false;
  /** It takes nothing new. */
  closing = false;
  readonly #beginning = Promise.withResolvers<void>();
  readonly #gone = Promise.withResolvers<void>();
  /** Whoever waits for the end is told of it, before the end. */
  readonly #told: Promise<unknown>[] = [];

  /** Resolves when it begins. */
  get beginning(): Promise<void> {
    return this.#beginning.promise;
  }

  begin(): void {
    this.begun = true;
    this.#beginning.resolve();
  }

  /** Resolves when the last call has ended; then whoever asked is answered by this response. */
  drained(response: ServerResponse): Promise<void> {
    this.#told.push(once(response, "close"));
    return this.#gone.promise;
  }

  /** The last call has ended: resolves when all who wait for it know. */
  async gone(): Promise<void> {
    this.#gone.resolve();
    await Promise.allSettled(this.#told);
  }
}
