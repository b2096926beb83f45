/** The hour of the day at which one looks: an hour after the bad one, so that it can be seen. */
export const NOW = 15.5;

const STEPS_PER_HOUR = 12;

/** A value for each five minutes from midnight until now: what is still to come nobody knows. */
export const STEPS = NOW * STEPS_PER_HOUR + 1;
export const hourOf = (step: number) => step / STEPS_PER_HOUR;

/** Numbers from 0 to 1 that look like chance and are the same each time (mulberry32). */
export function chance(seed: string): () => number {
  let state = [...seed].reduce((hash, letter) => (Math.imul(hash, 31) + letter.charCodeAt(0)) | 0, 7);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const bell = (hour: number, middle: number, width: number) => Math.exp(-(((hour - middle) / width) ** 2));

/** How busy people are: little at night, most before and after lunch. From 0 to 1. */
export function busy(hour: number): number {
  const work = Math.max(bell(hour, 10.5, 2.2), bell(hour, 14.7, 2.4));
  return 0.04 + 0.96 * work;
}

/** The bad half hour of the day, when a search engine refuses: 1 inside, fading at its ends. */
export function incident(hour: number): number {
  return Math.min(1, Math.max(0, 4 * Math.min(hour - 14, 14.75 - hour)));
}

/** The rush on the model before lunch. From 0 to 1. */
export const rush = (hour: number) => bell(hour, 11.1, 0.6);
