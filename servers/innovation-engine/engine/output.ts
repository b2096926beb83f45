import { stripVTControlCharacters } from "node:util";

/** How much is kept. */
export interface OutputLimits {
  bytes: number;
  lines: number;
}

/** What was left out of an output. */
export interface Cut {
  bytes: number;
  lines: number;
}

/**
 * Keeps the beginning of what a program writes for a terminal, as the terminal would show it in the end: without
 * colours and without what was overwritten, such as the frames of a spinner. Those don't count.
 */
export class TerminalOutput {
  readonly #limits: OutputLimits;
  readonly #onLine: (line: string) => void;
  readonly #lines: string[] = [];
  readonly #decoder = new TextDecoder();
  #bytes = 0;
  #cut: Cut = { bytes: 0, lines: 0 };
  #line = "";
  /** Bytes of the current line that were not even kept until its end. */
  #dropped = 0;

  /** `onLine` hears of every line, also of those that are not kept. */
  constructor(limits: OutputLimits, onLine: (line: string) => void = () => {}) {
    this.#limits = limits;
    this.#onLine = onLine;
  }

  /** Takes in what was written. */
  write(chunk: Uint8Array): void {
    const pieces = this.#decoder.decode(chunk, { stream: true }).split("\n");
    pieces.forEach((piece, index) => {
      this.#append(piece);
      if (index < pieces.length - 1) this.#endLine();
    });
  }

  /** Takes in a last line without an end, and tells what there is. */
  end(): { text: string; cut?: Cut } {
    if (this.#line !== "") this.#endLine();
    const text = this.#lines.join("\n");
    return this.#cut.bytes === 0 && this.#cut.lines === 0 ? { text } : { text, cut: this.#cut };
  }

  #append(piece: string): void {
    const line = this.#line + piece;
    // A return at the very end may be that of a line's end.
    const from = line.lastIndexOf("\r", line.length - 2) + 1;
    if (from > 0) this.#dropped = 0;
    this.#line = line.slice(from, from + this.#limits.bytes);
    this.#dropped += line.length - from - this.#line.length;
  }

  #endLine(): void {
    const line = stripVTControlCharacters(this.#line.replace(/\r$/, "")).trimEnd();
    const bytes = Buffer.byteLength(line) + 1;
    const fits = this.#lines.length < this.#limits.lines && this.#bytes + bytes <= this.#limits.bytes;
    if (fits && this.#cut.lines === 0) {
      this.#lines.push(line);
      this.#bytes += bytes;
    } else {
      this.#cut = { bytes: this.#cut.bytes + bytes, lines: this.#cut.lines + 1 };
    }
    this.#cut.bytes += this.#dropped;
    this.#onLine(line);
    this.#line = "";
    this.#dropped = 0;
  }
}

/** The beginning of a text, and what was left out of it. */
export function limited(text: string, limits: OutputLimits): { text: string; cut?: Cut } {
  const output = new TerminalOutput(limits);
  output.write(Buffer.from(text));
  return output.end();
}
