import type { TemporaryFile } from "../outputFile.ts";
import type { Formatted } from "./format.ts";
import { Places } from "./places.ts";
import type { Reservoir } from "./random.ts";

/** Figures of the records that are written. */
export interface Figures {
  records: number;
  characters: { mean: number; max: number; maxLine: number };
  /** Bytes of UTF-8 that the model reads, for the estimate of tokens. */
  textBytes: { total: number; max: number };
}

/** Takes records, which are made only when they are wanted, and writes them to a file in their order. */
export interface Collector {
  add: (make: () => Formatted, line: number) => void;
  /** Writes what was added; to be awaited before much more is added, because until then it is kept in memory. */
  flush: () => Promise<void>;
  /** Ends it, and returns the file that has it all. */
  finish: (signal: AbortSignal) => Promise<{ file: TemporaryFile; figures: Figures }>;
}

const pieceBytes = 2 ** 18;

/** Gathers lines as bytes, in one buffer that is used again and again, so that the file gets large pieces. */
class LineFile {
  readonly file: TemporaryFile;
  #buffer = Buffer.allocUnsafe(2 * pieceBytes);
  #filled = 0;
  #written = 0;

  constructor(file: TemporaryFile) {
    this.file = file;
  }

  /** Bytes added so far. */
  get position(): number {
    return this.#written + this.#filled;
  }

  /** Bytes that wait to be written. */
  get waiting(): number {
    return this.#filled;
  }

  /** Adds a line and returns its length in bytes. */
  add(text: string): number {
    // UTF-8 has at most three bytes for each unit of a string.
    this.#reserve(text.length * 3 + 1);
    const start = this.#filled;
    this.#filled += this.#buffer.write(text, start);
    this.#buffer[this.#filled++] = 0x0a;
    return this.#filled - start;
  }

  /** Adds a line that is in bytes already, with its end. */
  addBytes(line: Buffer): void {
    this.#reserve(line.length);
    this.#filled += line.copy(this.#buffer, this.#filled);
  }

  async flush(): Promise<void> {
    await this.file.append(this.#buffer.subarray(0, this.#filled));
    this.#written += this.#filled;
    this.#filled = 0;
  }

  #reserve(bytes: number): void {
    const needed = this.#filled + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#buffer.length));
    this.#buffer.copy(larger, 0, 0, this.#filled);
    this.#buffer = larger;
  }
}

/** Writes every record. */
export function collectAll(file: TemporaryFile): Collector {
  const out = new LineFile(file);
  const tally = new Tally();
  return {
    add: (make, line) => {
      const { json, characters, bytes } = make();
      tally.add(characters, bytes, line);
      out.add(json);
    },
    flush: () => out.flush(),
    finish: async () => ({ file, figures: tally.figures() }),
  };
}

/**
 * Writes a sample. Every record that is ever chosen goes to a file of candidates (for n of N records these are
 * about n(1 + ln(N/n))), and only its place and figures are kept in memory; the ones that are still chosen at the
 * end are copied.
 */
export function collectSample(
  candidates: TemporaryFile,
  chosen: TemporaryFile,
  reservoir: Reservoir,
): Collector {
  const out = new LineFile(candidates);
  const places = new Places();
  return {
    add: (make, line) => {
      const place = reservoir.next();
      if (place === undefined) return;
      const { json, characters, bytes } = make();
      places.set(place, [out.position, out.add(json), characters, bytes, line]);
    },
    flush: () => out.flush(),
    finish: async (signal) => {
      const tally = new Tally();
      const copy = new LineFile(chosen);
      // The places ascend, so that one piece of the file serves many of them.
      let buffer: Buffer = Buffer.allocUnsafe(pieceBytes);
      let window = buffer.subarray(0, 0);
      let windowAt = 0;
      for (const [position, length, characters, bytes, line] of places.inOrder()) {
        tally.add(characters, bytes, line);
        if (position + length > windowAt + window.length) {
          if (length > buffer.length) buffer = Buffer.allocUnsafe(length);
          window = await candidates.read(buffer, position);
          windowAt = position;
        }
        copy.addBytes(window.subarray(position - windowAt, position - windowAt + length));
        if (copy.waiting > pieceBytes) {
          signal.throwIfAborted();
          await copy.flush();
        }
      }
      await copy.flush();
      return { file: chosen, figures: tally.figures() };
    },
  };
}

class Tally {
  #records = 0;
  #characters = 0;
  #max = 0;
  #maxLine = 0;
  #bytes = 0;
  #maxBytes = 0;

  add(characters: number, bytes: number, line: number): void {
    this.#records++;
    this.#characters += characters;
    this.#bytes += bytes;
    this.#maxBytes = Math.max(this.#maxBytes, bytes);
    if (characters > this.#max) {
      this.#max = characters;
      this.#maxLine = line;
    }
  }

  figures(): Figures {
    return {
      records: this.#records,
      characters: {
        mean: this.#records === 0 ? 0 : Math.round(this.#characters / this.#records),
        max: this.#max,
        maxLine: this.#maxLine,
      },
      textBytes: { total: this.#bytes, max: this.#maxBytes },
    };
  }
}
