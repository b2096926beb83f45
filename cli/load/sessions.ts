import { setTimeout as sleep } from "node:timers/promises";
import type { McpClient, Session } from "./client.ts";
import type { Outcome } from "./kinds.ts";

/** The sessions that calls take turns in. */
export class Sessions {
  readonly #client: McpClient;
  readonly #open: Session[] = [];
  /** What was said to those that could not be opened. */
  readonly refused: Outcome[] = [];
  /** How many were opened anew, because the server had lost them. */
  reopened = 0;
  /** How many could be opened in the beginning. */
  opened = 0;
  #turn = 0;
  #ended = false;

  constructor(client: McpClient) {
    this.#client = client;
  }

  get size(): number {
    return this.#open.length;
  }

  /** Opens so many, a few at a time; stops at the first refusal, because the next one would be the same. */
  async open(wanted: number, signal: AbortSignal, onOpen: (open: number) => void): Promise<void> {
    let begun = 0;
    const opener = async () => {
      while (begun < wanted && this.refused.length === 0 && !signal.aborted) {
        begun += 1;
        const session = await this.#client.open(`load-${begun}`, signal);
        if (signal.aborted) return;
        if ("kind" in session) this.refused.push(session as Outcome);
        else this.opened = this.#open.push(session);
        onOpen(this.opened);
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, wanted) }, opener));
  }

  /** The next in turn. */
  next(): Session | undefined {
    this.#turn = (this.#turn + 1) % Math.max(1, this.#open.length);
    return this.#open[this.#turn];
  }

  /**
   * Opens a session anew that the server doesn't know any more, as clients do; its place stays empty meanwhile. Tries
   * again and again: a server that can't do it now may be able to in a moment.
   */
  async reopen(lost: Session, signal: AbortSignal): Promise<void> {
    const place = this.#open.indexOf(lost);
    if (place < 0) return;
    this.#open.splice(place, 1);
    while (!signal.aborted && !this.#ended) {
      const session = await this.#client.open("load-again", signal);
      if (!("kind" in session)) {
        this.reopened += 1;
        // The run may have ended meanwhile.
        if (this.#ended) await this.#client.end(session);
        else this.#open.push(session);
        return;
      }
      this.refused.push(session as Outcome);
      await sleep(retryMs, undefined, { signal }).catch(() => {});
    }
  }

  async end(): Promise<void> {
    this.#ended = true;
    const left = this.#open.splice(0);
    const ender = async () => {
      for (let session = left.pop(); session; session = left.pop()) await this.#client.end(session);
    };
    await Promise.all(Array.from({ length: atOnce }, ender));
  }
}

/** Openings at a time: a real crowd doesn't come in one moment either. */
const atOnce = 10;
/** Between two attempts to open a session anew. */
const retryMs = 500;
