/** Hears how far a run has come: `done` grows with each call, to at most `total`. */
export type ProgressListener = (progress: { done: number; total: number; message: string }) => void;

/** Tells of each block that has ended; and when none has for some time, that the run still goes on. */
export class Progress {
  readonly #listener: ProgressListener;
  readonly #timer: NodeJS.Timeout;
  #state = { done: 0, total: 0, message: "" };
  /** Since the last block. MCP wants progress to grow, so that each one counts for a part of a block. */
  #beats = 0;

  constructor(listener: ProgressListener, heartbeatSeconds: number) {
    this.#listener = listener;
    this.#timer = setInterval(() => this.#beat(), heartbeatSeconds * 1000);
  }

  /** The run has begun, and has so many blocks. */
  start(total: number): void {
    this.#state.total = total;
    this.#state.message = "started";
    this.#beat();
  }

  /** So many blocks have ended. */
  tell(done: number, message: string): void {
    this.#state = { ...this.#state, done, message };
    this.#beats = 0;
    this.#listener(this.#state);
  }

  /** Nothing more is told. */
  end(): void {
    clearInterval(this.#timer);
  }

  #beat(): void {
    this.#beats += 1;
    const { done, total, message } = this.#state;
    this.#listener({ done: done + this.#beats / (this.#beats + 1), total, message });
  }
}
