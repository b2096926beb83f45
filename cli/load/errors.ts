import { type Kind, limitKinds, type Outcome } from "./kinds.ts";

/** Calls that ended in one way, and when the first of them did. */
export interface ErrorRow {
  kind: Kind;
  /** The HTTP status, the code of the JSON-RPC error, or that of the network's error. */
  code?: string;
  /** What was said. */
  message?: string;
  count: number;
  /** Calls that were right before the first of these. */
  rightBefore: number;
  /** Seconds from the beginning of the step to when the first of them was due. */
  firstAtSeconds: number;
}

/** So many different messages of a kind are told apart; a server may put something new into each. */
const mostMessages = 20;

/** Counts errors by what they are. */
export class Errors {
  readonly #rows = new Map<string, ErrorRow>();

  add(outcome: Outcome, atSeconds: number, rightBefore: number): void {
    const row = this.#rowOf(outcome, atSeconds, rightBefore);
    row.count += 1;
    if (atSeconds < row.firstAtSeconds) Object.assign(row, { firstAtSeconds: atSeconds, rightBefore });
  }

  #rowOf({ kind, code, message }: Outcome, firstAtSeconds: number, rightBefore: number): ErrorRow {
    const key = [kind, code, message].join("\n");
    const found = this.#rows.get(key);
    if (found) return found;
    const others = [...this.#rows.values()].filter((row) => row.kind === kind);
    const last = others.length >= mostMessages ? others.at(-1) : undefined;
    if (last) return last;
    const row = { kind, code, message, count: 0, rightBefore, firstAtSeconds };
    this.#rows.set(key, row);
    return row;
  }

  /** The most frequent first. */
  get rows(): ErrorRow[] {
    return [...this.#rows.values()].sort((a, b) => b.count - a.count);
  }
}

/** A limit that began to bite, and at which rate. */
export interface Bite extends ErrorRow {
  /** Calls a second that were asked for then. */
  rps: number;
}

/** Each limit's first bite, over all steps, in their order. */
export function bitesOf(steps: readonly { rps: number; errors: readonly ErrorRow[] }[]): Bite[] {
  const first = new Map<string, Bite>();
  for (const { rps, errors } of steps) {
    const bitten = errors
      .filter(({ kind }) => limitKinds.includes(kind))
      .sort((a, b) => a.firstAtSeconds - b.firstAtSeconds);
    for (const row of bitten) {
      const key = `${row.kind}\n${row.message}`;
      const known = first.get(key);
      if (known) known.count += row.count;
      else first.set(key, { ...row, rps });
    }
  }
  return [...first.values()];
}
