import { isUtf8 } from "node:buffer";
import { asSize } from "../values.ts";

/** One line of a file: its text, or what is wrong with its bytes. */
export type Line = { number: number } & ({ text: string } | { problem: string; column?: number });

const newline = 0x0a;
const carriageReturn = 0x0d;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** Splits bytes into lines without ever holding more than one chunk and one line. */
export class LineSplitter {
  readonly #mostBytes: number;
  #parts: Buffer[] = [];
  #partBytes = 0;
  #lastByte: number | undefined;
  #number = 0;

  /** @param mostBytes a longer line is a problem, and its bytes are thrown away as they come */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** The lines that a chunk completes; none is made before it is taken, so that few are in memory at a time. */
  *push(chunk: Buffer): Generator<Line> {
    let from = 0;
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
      this.#keep(chunk.subarray(from, at));
      from = at + 1;
      yield this.#line();
    }
    // A copy, because the chunk isn't there any more when its last line goes on.
    this.#keep(Buffer.from(chunk.subarray(from)));
  }

  /** What stands behind the last line break, if anything does. */
  *end(): Generator<Line> {
    if (this.#partBytes > 0) yield this.#line();
  }

  #keep(part: Buffer): void {
    this.#partBytes += part.length;
    this.#lastByte = part.at(-1) ?? this.#lastByte;
    if (this.#partBytes <= this.#mostBytes + 1) {
      if (part.length > 0) this.#parts.push(part);
    } else {
      this.#parts = [];
    }
  }

  #line(): Line {
    const [first] = this.#parts;
    let line = this.#parts.length === 1 && first ? first : Buffer.concat(this.#parts);
    const length = this.#partBytes - (this.#lastByte === carriageReturn ? 1 : 0);
    this.#parts = [];
    this.#partBytes = 0;
    this.#lastByte = undefined;
    this.#number++;
    const number = this.#number;
    if (length > this.#mostBytes) {
      const problem = `the line has ${asSize(length)}, more than the ${asSize(this.#mostBytes)} that are allowed`;
      return { number, problem };
    }
    line = line.subarray(0, length);
    if (this.#number === 1 && line.subarray(0, 3).equals(byteOrderMark)) line = line.subarray(3);
    if (isUtf8(line)) return { number, text: line.toString("utf8") };
    const at = invalidByte(line);
    const hex = line[at]?.toString(16).toUpperCase().padStart(2, "0");
    return {
      number,
      column: line.subarray(0, at).toString("utf8").length + 1,
      problem: `not UTF-8: the byte 0x${hex} at byte ${at + 1} of the line`,
    };
  }
}

/** Where the first byte stands that isn't part of a UTF-8 character; the length when there is none. */
export function invalidByte(line: Buffer): number {
  let at = 0;
  while (at < line.length) {
    // A character has one to four bytes; the plain ones are most, and need no look.
    const length =
      (line[at] ?? 0) < 0x80 ? 1 : [2, 3, 4].find((each) => isUtf8(line.subarray(at, at + each)));
    if (length === undefined || at + length > line.length) return at;
    at += length;
  }
  return at;
}
