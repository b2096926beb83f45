import { Unknown } from "./unknown.ts";

/** Whether something holds: yes, no, or hidden behind a value that is not known yet. */
export type Answer = boolean | Unknown;

/** True if one is, else unknown if one is. */
export function either(answers: readonly Answer[]): Answer {
  return answers.find((a) => a === true) ?? answers.find((a) => a instanceof Unknown) ?? false;
}

/** False if one is, else unknown if one is. */
export function all(answers: readonly Answer[]): Answer {
  return answers.find((a) => a === false) ?? answers.find((a) => a instanceof Unknown) ?? true;
}

/** Whether two values are the same, as far as both are known. */
export function same(a: unknown, b: unknown): Answer {
  if (a instanceof Unknown) return a;
  return b instanceof Unknown ? b : a === b;
}
