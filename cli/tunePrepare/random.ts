/**
 * Numbers from 0 up to 1, always the same ones for a seed: Node has no generator that takes one. It is mulberry32,
 * two draws a number, which is plenty to choose records by and nothing to keep secrets with.
 *
 * @param seed a whole number; its last 32 bits count
 */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  const draw = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return () => ((draw() >>> 5) * 2 ** 26 + (draw() >>> 6)) / 2 ** 53;
}

/** Chooses so many of a stream of unknown length, each with the same chance: algorithm R, one draw an item. */
export class Reservoir {
  readonly #size: number;
  readonly #random: () => number;
  #seen = 0;

  constructor(size: number, random: () => number) {
    this.#size = size;
    this.#random = random;
  }

  /** The place that the next item takes, from whoever has it; undefined when it isn't chosen. */
  next(): number | undefined {
    const place = this.#seen < this.#size ? this.#seen : Math.floor(this.#random() * (this.#seen + 1));
    this.#seen++;
    return place < this.#size ? place : undefined;
  }
}
