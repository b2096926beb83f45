/** Ctrl-C, and what a scheduler sends, as two steps: finish what is under way, then break off. */
export class Interrupts {
  readonly #first = new AbortController();
  readonly #second = new AbortController();
  #at = 0;
  #code = 130;

  /** @param tell gets a line for people at each step. */
  constructor(tell: (line: string) => void) {
    for (const [name, code] of [
      ["SIGINT", 130],
      ["SIGTERM", 143],
    ] as const) {
      process.on(name, () => this.#hit(code, tell));
    }
  }

  /** Aborted by the first interrupt. */
  get first(): AbortSignal {
    return this.#first.signal;
  }

  /** Aborted by the second one. */
  get second(): AbortSignal {
    return this.#second.signal;
  }

  /** What a program returns that a signal has ended. */
  get exitCode(): number {
    return this.#code;
  }

  #hit(code: number, tell: (line: string) => void): void {
    const now = performance.now();
    // npm passes the terminal's interrupt on, so that one Ctrl-C arrives twice.
    if (this.first.aborted && now - this.#at < 1000) {
      return;
    }
    this.#at = now;
    if (!this.first.aborted) {
      this.#code = code;
      tell("interrupted: finishing what is under way and ending everything; interrupt again to break off");
      this.#first.abort();
    } else if (!this.second.aborted) {
      tell("interrupted again: breaking off");
      this.#second.abort();
    }
  }
}
