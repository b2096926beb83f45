import { subscribe, unsubscribe } from "node:diagnostics_channel";

/** Node tells here of every request to an HTTP/2 server of the process, such as the gRPC server of a provider. */
const CHANNEL = "http2.server.stream.created";

const CANCEL = "/pulumirpc.ResourceProvider/Cancel";

/**
 * Runs something that may take hours, and ends it when the engine cancels: on the first Ctrl-C it calls `Cancel` of
 * every provider and waits for what is under way. The SDK's dynamic provider answers that call without telling the
 * code that it runs, so the call is noticed where it comes in. A Node older than 24 doesn't tell of it; there the
 * second Ctrl-C ends the process.
 */
export async function untilCancelled<T>(work: (cancelled: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const listener = (message: unknown) => {
    if ((message as { headers?: Record<string, unknown> }).headers?.[":path"] === CANCEL) controller.abort();
  };
  subscribe(CHANNEL, listener);
  try {
    return await work(controller.signal);
  } finally {
    unsubscribe(CHANNEL, listener);
  }
}
