/** The clock that answers are measured with, in milliseconds; it only goes forward. */
export const clock = { now: (): number => performance.now() };
