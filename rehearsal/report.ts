import { styleText } from "node:util";

/** Tells a person how a rehearsal goes: a line for each phase, and what it is doing meanwhile. */
export class Report {
  readonly #stream: NodeJS.WriteStream;
  readonly #started = performance.now();
  #phase = "";
  #phaseStarted = 0;
  #lastProgress = 0;
  #temporary = false;

  /** @param stream stderr when stdout is for machines. */
  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  /** Begins a phase. */
  phase(name: string): void {
    this.#phase = name;
    this.#phaseStarted = performance.now();
    this.#lastProgress = 0;
    this.#print(`${this.#style("cyan", "▶")} ${this.#style("bold", name)}`);
  }

  /**
   * Says what the phase is doing. A terminal shows the newest text in place; elsewhere a line is
   * printed every 15 seconds, so that a log of a long build stays short and alive.
   */
  progress(text: string): void {
    if (this.#stream.isTTY) {
      this.#clear();
      this.#stream.write(this.#style("dim", `  ${text}`.slice(0, (this.#stream.columns || 80) - 1)));
      this.#temporary = true;
      return;
    }
    const now = performance.now();
    if (this.#lastProgress === 0 || now - this.#lastProgress > 15_000) {
      this.#lastProgress = now;
      this.#print(`  ${text}`);
    }
  }

  /** Prints a line that stays. */
  line(text: string): void {
    this.#print(text === "" ? "" : `  ${text}`);
  }

  /** Ends a phase. */
  done(detail: string, ok = true): void {
    const time = seconds(performance.now() - this.#phaseStarted);
    const mark = ok ? this.#style("green", "✔") : this.#style("red", "✘");
    this.#print(`${mark} ${this.#phase}: ${detail} ${this.#style("dim", `(${time})`)}`);
  }

  /** Prints an error and what to do about it, on stderr. */
  error(message: string, hint?: string): void {
    this.#clear();
    const style = (format: "red" | "yellow", text: string) =>
      styleText(format, text, { stream: process.stderr });
    process.stderr.write(`${style("red", "error:")} ${message}\n`);
    if (hint) {
      process.stderr.write(`${style("yellow", "next:")} ${hint}\n`);
    }
  }

  /** Milliseconds since the start. */
  get elapsedMs(): number {
    return performance.now() - this.#started;
  }

  #print(text: string): void {
    this.#clear();
    this.#stream.write(`${text}\n`);
  }

  #clear(): void {
    if (this.#temporary) {
      this.#stream.write("\r\x1b[2K");
      this.#temporary = false;
    }
  }

  #style(format: "cyan" | "bold" | "dim" | "green" | "red", text: string): string {
    // styleText knows NO_COLOR, FORCE_COLOR and whether the stream is a terminal.
    return styleText(format, text, { stream: this.#stream });
  }
}

/** `0.4 s`, `12.3 s`, `2 m 05 s`. */
export function seconds(ms: number): string {
  const total = ms / 1000;
  return total < 60
    ? `${total.toFixed(1)} s`
    : `${Math.floor(total / 60)} m ${String(Math.round(total % 60)).padStart(2, "0")} s`;
}
