/** The shortest and the longest pause before a program is started again. A kubelet's are 10 s and 5 min. */
const backOff = { firstMs: 1_000, maxMs: 30_000 };

/**
 * How long to wait before a program is started again: each time twice as long, and from the beginning after a
 * run of twice the longest pause, as a kubelet does.
 *
 * @param beforeMs the wait before the run that has ended; undefined for the first.
 */
export function nextBackOff(beforeMs: number | undefined, ranMs: number): number {
  return beforeMs === undefined || ranMs >= 2 * backOff.maxMs
    ? backOff.firstMs
    : Math.min(2 * beforeMs, backOff.maxMs);
}
