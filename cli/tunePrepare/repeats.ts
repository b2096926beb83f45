import { hash } from "node:crypto";
import type { DollyRecord } from "./record.ts";

/**
 * Remembers which records were there, in 24 to 48 bytes each, where a Set of them would need a kilobyte. Records
 * count as the same when 64 bits of their SHA-1 are: by chance that happens in one of ten million files of a
 * million records.
 */
export class Repeats {
  /** Three numbers a slot: two of the hash, and the line, which is never 0. */
  #slots = new Uint32Array(3 * 2 ** 12);
  #count = 0;

  /** The line on which the same record stood first, or undefined when it is new and remembered from now on. */
  lineOf({ instruction, context = "", response }: DollyRecord, line: number): number | undefined {
    if (this.#count * 2 >= this.#slots.length / 3) this.#grow();
    // The lengths in front keep texts apart that only join to the same.
    const text = `${instruction.length} ${context.length} ${instruction}${context}${response}`;
    const digest = hash("sha1", text, "buffer");
    const [high, low] = [digest.readUInt32LE(0), digest.readUInt32LE(4)];
    const at = this.#find(high, low);
    const before = this.#slots[at + 2];
    if (before) return before;
    this.#slots.set([high, low, line], at);
    this.#count++;
    return undefined;
  }

  /** Where a hash is, or would be: the next free slot from its own on. */
  #find(high: number, low: number): number {
    const slots = this.#slots;
    const mask = slots.length / 3 - 1;
    let slot = low & mask;
    while (slots[slot * 3 + 2] !== 0 && (slots[slot * 3] !== high || slots[slot * 3 + 1] !== low)) {
      slot = (slot + 1) & mask;
    }
    return slot * 3;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += 3) {
      if (old[at + 2] !== 0) {
        this.#slots.set(old.subarray(at, at + 3), this.#find(old[at] ?? 0, old[at + 1] ?? 0));
      }
    }
  }
}
