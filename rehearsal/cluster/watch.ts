/** The part of an informer that is needed to keep it going. */
export interface Watched {
  on(event: "error", listener: (error: unknown) => void): void;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts an informer, and starts it again whenever it ends: the API server ends a watch now and then, and
 * may be too busy to answer the list that follows.
 *
 * @param onError is told why the watch ended.
 * @returns a function that ends the watch for good.
 * @throws {Error} when the first start fails.
 */
export async function keepWatching(
  informer: Watched,
  onError: (error: unknown) => void,
  pauseMs = 500,
): Promise<() => Promise<void>> {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let starting = Promise.resolve();
  const again = (error: unknown) => {
    if (stopped) {
      return;
    }
    onError(error);
    clearTimeout(timer);
    timer = setTimeout(() => {
      starting = informer.start().catch(again);
    }, pauseMs);
  };
  informer.on("error", again);
  await informer.start();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    // A start that is under way would open its watch after the stop.
    await starting;
    await informer.stop();
  };
}
