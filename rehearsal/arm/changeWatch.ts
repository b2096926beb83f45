/**
 * A function that tells of something when it has changed since the last time. Calls come one after the other, so
 * that nothing is ever made from an old state.
 *
 * @param look what is told of.
 */
export function changeWatch<T>(
  look: () => T,
  tell: ((now: T) => Promise<void>) | undefined,
  first: T,
): () => Promise<void> {
  let last = JSON.stringify(first);
  let queue: Promise<void> = Promise.resolve();
  return () => {
    const turn = queue.then(async () => {
      const seen = look();
      const now = JSON.stringify(seen);
      if (tell && now !== last) {
        await tell(seen);
        last = now;
      }
    });
    queue = turn.catch(() => undefined);
    return turn;
  };
}
