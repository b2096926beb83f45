import type { Collector } from "./collect.ts";
import { type Format, formatted } from "./format.ts";
import type { Input } from "./input.ts";
import { type Line, LineSplitter } from "./lines.ts";
import { type DollyRecord, type Flaw, parseRecord } from "./record.ts";
import { Repeats } from "./repeats.ts";

/** What to do with a record that was there before. */
export const repeatModes = ["ignore", "report", "drop", "error"] as const;

export interface PrepareOptions {
  format: Format;
  system?: string;
  /** Reads no further than so many records. */
  limit?: number;
  ignoredKeys: ReadonlySet<string>;
  repeats: (typeof repeatModes)[number];
  maxLineBytes: number;
  /** Stops after so many problems. */
  maxErrors: number;
}

export interface Problem extends Flaw {
  line: number;
}

/** What was found in the input, and what became of it. */
export interface Prepared {
  recordsIn: number;
  blankLines: number;
  /** Records that were there before; undefined when nobody looked. */
  repeats?: number;
  /** How many of those were left out. */
  dropped: number;
  problems: Problem[];
  /** Whether there may be more problems than these, because reading stopped. */
  stopped: boolean;
}

/** Turns the lines of an input into records of a format and gives them to a collector, one chunk at a time. */
export class Preparation {
  readonly result: Prepared;
  readonly #options: PrepareOptions;
  readonly #collector: Collector;
  readonly #repeats: Repeats | undefined;

  constructor(options: PrepareOptions, collector: Collector) {
    this.#options = options;
    this.#collector = collector;
    this.#repeats = options.repeats === "ignore" ? undefined : new Repeats();
    this.result = { recordsIn: 0, blankLines: 0, dropped: 0, problems: [], stopped: false };
    if (this.#repeats) this.result.repeats = 0;
  }

  /** Reads the input to its end, its limit, or the last problem that is wanted. */
  async read(input: Input, signal: AbortSignal, onProgress: (result: Prepared) => void): Promise<void> {
    const splitter = new LineSplitter(this.#options.maxLineBytes);
    let first = true;
    for await (const chunk of input.chunks) {
      signal.throwIfAborted();
      const problem = first ? foreign(chunk) : undefined;
      if (problem !== undefined) {
        this.result.problems.push({ line: 1, message: problem });
        return;
      }
      first = false;
      const more = this.#take(splitter.push(chunk));
      await this.#collector.flush();
      if (!more) return;
      onProgress(this.result);
    }
    this.#take(splitter.end());
    await this.#collector.flush();
  }

  /** Handles lines; false when no more are wanted. */
  #take(lines: Iterable<Line>): boolean {
    const { limit = Number.POSITIVE_INFINITY, maxErrors } = this.#options;
    for (const line of lines) {
      if (this.result.recordsIn >= limit) return false;
      this.#line(line);
      if (this.result.problems.length >= maxErrors) {
        this.result.problems.length = maxErrors;
        this.result.stopped = true;
        return false;
      }
    }
    return this.result.recordsIn < limit;
  }

  #line(line: Line): void {
    if ("problem" in line) {
      this.#flawed(line.number, [{ message: line.problem, column: line.column }]);
      return;
    }
    if (!/\S/.test(line.text)) {
      this.result.blankLines++;
      return;
    }
    const record = parseRecord(line.text, this.#options.ignoredKeys);
    if (Array.isArray(record)) {
      this.#flawed(line.number, record);
      return;
    }
    this.result.recordsIn++;
    this.#record(record, line.number);
  }

  #record(record: DollyRecord, line: number): void {
    const { format, system, repeats } = this.#options;
    const before = this.#repeats?.lineOf(record, line);
    if (before !== undefined) {
      this.result.repeats = (this.result.repeats ?? 0) + 1;
      if (repeats === "error") this.#flawed(line, [{ message: `repeats line ${before}` }]);
      if (repeats === "drop") {
        this.result.dropped++;
        return;
      }
    }
    // After a problem nothing will be kept, and the rest is read for more problems only.
    if (this.result.problems.length === 0) this.#collector.add(() => formatted(record, format, system), line);
  }

  #flawed(line: number, flaws: Flaw[]): void {
    this.result.problems.push(...flaws.map((flaw) => ({ line, ...flaw })));
  }
}

/** What a file is that can't be JSON Lines, told by its first bytes. */
function foreign(head: Buffer): string | undefined {
  const starts = (...bytes: number[]) => bytes.every((byte, index) => head[index] === byte);
  if (starts(0xff, 0xfe) || starts(0xfe, 0xff))
    return "the file is UTF-16, not UTF-8 (iconv -f UTF-16 -t UTF-8)";
  if (head.subarray(0, 4).toString("latin1") === "PAR1") return "the file is Parquet, not JSON Lines";
  if (starts(0x50, 0x4b, 0x03, 0x04)) return "the file is a zip archive; unpack it first";
  return undefined;
}
