import type { Effect, Match, Rule, Scenario } from "./scenarios.ts";

/** A request as rules look at it. */
export interface FaultRequest {
  method: string;
  type: string;
  name: string;
  action?: string;
  vmSize: string | undefined;
}

/** Plays a scenario's rules: counts matching calls and says which faults hit one. */
export class Faults {
  #scenario: Scenario;
  #seen: number[] = [];
  #random: () => number;
  readonly #seed: number;
  /** How often each rule of the current scenario has hit. */
  hits: number[] = [];

  constructor(scenario: Scenario, seed: number) {
    this.#seed = seed;
    this.#scenario = scenario;
    this.#random = generator(seed);
  }

  get scenario(): Scenario {
    return this.#scenario;
  }

  /** Starts another scenario, with all counts and the seed from the beginning. */
  play(scenario: Scenario): void {
    this.#scenario = scenario;
    this.#seen = [];
    this.hits = [];
    this.#random = generator(this.#seed);
  }

  /** The faults that hit this call; at most one of each kind matters. */
  next(request: FaultRequest): Effect[] {
    return (this.#scenario.rules ?? []).flatMap((rule, index) => {
      if (!matches(rule.on, request) || !this.#due(rule, index)) {
        return [];
      }
      this.hits[index] = (this.hits[index] ?? 0) + 1;
      return [rule.effect];
    });
  }

  #due(rule: Rule, index: number): boolean {
    const call = (this.#seen[index] ?? 0) + 1;
    this.#seen[index] = call;
    const nth = rule.nth ?? 1;
    const times = rule.times ?? 1;
    const inRange = call >= nth && (times === 0 || call < nth + times);
    return inRange && (rule.probability === undefined || this.#random() < rule.probability);
  }
}

function matches(on: Match, request: FaultRequest): boolean {
  const methods = on.method === undefined ? [] : [on.method].flat();
  return (
    (methods.length === 0 || methods.includes(request.method)) &&
    (on.type === undefined || on.type.toLowerCase() === request.type.toLowerCase()) &&
    (on.action === undefined || on.action.toLowerCase() === request.action?.toLowerCase()) &&
    (on.name === undefined || new RegExp(on.name, "i").test(request.name)) &&
    (on.vmSize === undefined || new RegExp(on.vmSize, "i").test(request.vmSize ?? ""))
  );
}

/** Fills `{word}` in a text; unknown words stay. */
export function fill(text: string, words: Record<string, string | undefined>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, word: string) => words[word] ?? whole);
}

// The mulberry32 generator: small, and the same everywhere for the same seed.
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
