import type { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";

interface Session {
  transport: StreamableHTTPServerTransport;
  /** Requests and streams that are open now; a session that has one is not idle. */
  open: number;
  /** When the last one ended, in milliseconds of the clock. */
  idleSince: number;
}

/** The sessions of one server: bounded in number, and ended after they have been idle for a time. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();
  readonly #ttlMs: number;
  readonly #max: number;
  readonly #now: () => number;

  /** `now` is a clock in milliseconds. */
  constructor(options: { ttlSeconds: number; max: number; now: () => number }) {
    this.#ttlMs = options.ttlSeconds * 1000;
    this.#max = options.max;
    this.#now = options.now;
  }

  /** How many sessions are open. */
  get size(): number {
    return this.#sessions.size;
  }

  /**
   * Whether no further session fits. Live sessions are never dropped for new ones: a flood of new clients
   * must not end the work of those that are already here.
   */
  isFull(): boolean {
    if (this.#sessions.size >= this.#max) this.sweep();
    return this.#sessions.size >= this.#max;
  }

  add(id: string, transport: StreamableHTTPServerTransport): void {
    this.#sessions.set(id, { transport, open: 0, idleSince: this.#now() });
  }

  remove(id: string): void {
    this.#sessions.delete(id);
  }

  /** The transport of a live session. */
  get(id: string): StreamableHTTPServerTransport | undefined {
    this.#endIfIdle(id);
    return this.#sessions.get(id)?.transport;
  }

  /** Keeps a session alive until the returned function is called. */
  hold(id: string): () => void {
    const session = this.#sessions.get(id);
    if (session === undefined) return () => {};
    session.open += 1;
    return () => {
      session.open -= 1;
      session.idleSince = this.#now();
    };
  }

  /** Ends the sessions that have been idle for too long. */
  sweep(): void {
    for (const id of this.#sessions.keys()) this.#endIfIdle(id);
  }

  /** Ends the streams on which clients only listen; calls that are running go on. */
  closeStreams(): void {
    for (const { transport } of this.#sessions.values()) transport.closeStandaloneSSEStream();
  }

  /** Ends every session. */
  async closeAll(): Promise<void> {
    const all = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.all(all.map(({ transport }) => transport.close()));
  }

  #endIfIdle(id: string): void {
    const session = this.#sessions.get(id);
    if (session === undefined || session.open > 0) return;
    if (this.#now() - session.idleSince <= this.#ttlMs) return;
    this.#sessions.delete(id);
    void session.transport.close();
  }
}
