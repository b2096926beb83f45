import { type Kind, kinds } from "./kinds.ts";

/** Percentiles of times, in milliseconds; null where nothing was measured. */
export interface Latency {
  p50: number | null;
  p95: number | null;
  p99: number | null;
  max: number | null;
}

/** What a second of a run was like. */
export interface Second extends Latency {
  /** Seconds since the beginning. */
  second: number;
  /** Calls that were due in it, and right. */
  right: number;
  /** Calls that were due in it, and weren't. */
  wrong: number;
}

/**
 * Every call's time and end, none of them estimated or put in classes: percentiles are exact. Takes 17 bytes a call.
 */
export class Samples {
  #size = 0;
  #due = new Float64Array(1024);
  #took = new Float64Array(1024);
  #kind = new Uint8Array(1024);

  /**
   * @param dueMs when the call was due, since the beginning of the run
   * @param tookMs from then until its answer was whole
   */
  add(dueMs: number, tookMs: number, kind: Kind): void {
    if (this.#size === this.#due.length) this.#grow();
    this.#due[this.#size] = dueMs;
    this.#took[this.#size] = tookMs;
    this.#kind[this.#size] = kinds.indexOf(kind);
    this.#size += 1;
  }

  get size(): number {
    return this.#size;
  }

  count(kind: Kind): number {
    const wanted = kinds.indexOf(kind);
    let count = 0;
    for (let index = 0; index < this.#size; index += 1) if (this.#kind[index] === wanted) count += 1;
    return count;
  }

  /**
   * Of the calls that were right, and of those that were given up, with the time that they were waited for. A
   * refusal takes no time: with it among them, the more a limit refuses, the better a server would look.
   */
  latency(): Latency {
    return latencyOf(this.#times(0, this.#size));
  }

  /** The same for each second, by when calls were due. */
  seconds(): Second[] {
    const order = Uint32Array.from({ length: this.#size }, (_, index) => index).sort(
      (a, b) => (this.#due[a] ?? 0) - (this.#due[b] ?? 0),
    );
    const found: Second[] = [];
    for (let from = 0; from < order.length; ) {
      const second = Math.floor((this.#due[order[from] ?? 0] ?? 0) / 1000);
      let to = from;
      while (to < order.length && Math.floor((this.#due[order[to] ?? 0] ?? 0) / 1000) === second) to += 1;
      const indices = order.subarray(from, to);
      const right = indices.reduce((sum, index) => sum + (this.#kind[index] === 0 ? 1 : 0), 0);
      const times = [...indices].flatMap((index) => this.#time(index));
      found.push({ second, right, wrong: indices.length - right, ...latencyOf(Float64Array.from(times)) });
      from = to;
    }
    return found;
  }

  #times(from: number, to: number): Float64Array {
    const times: number[] = [];
    for (let index = from; index < to; index += 1) times.push(...this.#time(index));
    return Float64Array.from(times);
  }

  #time(index: number): number[] {
    const kind = kinds[this.#kind[index] ?? 0];
    return kind === "right" || kind === "timeout" ? [this.#took[index] ?? 0] : [];
  }

  #grow(): void {
    const grown = <T extends Float64Array | Uint8Array>(old: T, next: T): T => {
      next.set(old);
      return next;
    };
    this.#due = grown(this.#due, new Float64Array(this.#due.length * 2));
    this.#took = grown(this.#took, new Float64Array(this.#took.length * 2));
    this.#kind = grown(this.#kind, new Uint8Array(this.#kind.length * 2));
  }
}

/** Percentiles by nearest rank: the smallest time that so many calls didn't exceed. */
export function latencyOf(times: Float64Array): Latency {
  const sorted = times.toSorted();
  const at = (share: number) => {
    const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
    return value === undefined ? null : Math.round(value * 100) / 100;
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}
