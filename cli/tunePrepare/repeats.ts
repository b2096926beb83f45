import type { DollyRecord } from "./record.ts";

/**
 * Remembers which records were there, in 16 to 32 bytes each, where a Set of them would need a kilobyte. Records
 * count as the same when 64 bits of a hash are: by chance that happens in one of ten million files of a million
 * records.
 */
export class Repeats {
  /** Three numbers a slot: two of the hash, and the line, which is never 0. */
  #slots = new Uint32Array(3 * 2 ** 12);
  #count = 0;

  /** The line on which the same record stood first, or undefined when it is new and remembered from now on. */
  lineOf({ instruction, context = "", response }: DollyRecord, line: number): number | undefined {
    // Full to three quarters at most, so that a free slot is near.
    if (this.#count * 4 >= this.#slots.length) this.#grow();
    const [high, low] = hashOf([instruction, context, response]);
    const at = this.#find(high, low);
    const before = this.#slots[at + 2];
    if (before) return before;
    this.#slots[at] = high;
    this.#slots[at + 1] = low;
    this.#slots[at + 2] = line;
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

/**
 * Two hashes of 32 bits, by two multipliers, each mixed at the end as MurmurHash3 does. The hashes of node:crypto take
 * five times as long for texts of this size, and nobody needs to be kept from making collisions here.
 */
export function hashOf(texts: readonly string[]): [high: number, low: number] {
  let [one, other] = [0x9e3779b9, 0x85ebca6b];
  for (const text of texts) {
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      one = Math.imul(one ^ unit, 0x9e3779b1);
      other = Math.imul(other ^ unit, 0x5f356495);
      one ^= one >>> 15;
      other ^= other >>> 13;
    }
    // The length keeps texts apart that only join to the same.
    one = Math.imul(one ^ text.length, 0x85ebca77);
    other = Math.imul(other ^ text.length, 0xc2b2ae3d);
  }
  return [mixed(one ^ (other >>> 7)), mixed(other ^ (one << 9))];
}

function mixed(value: number): number {
  let result = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  result = Math.imul(result ^ (result >>> 13), 0xc2b2ae35);
  return (result ^ (result >>> 16)) >>> 0;
}
