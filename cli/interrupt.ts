import { constants } from "node:os";
import { UserError } from "./userError.ts";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs work that leaves something behind when it is cut short. The first SIGINT, SIGTERM or SIGHUP aborts the
 * signal that the work is given, so that it can tidy up; a second one ends the process at once.
 *
 * @param told what to say when it was interrupted
 * @throws {UserError} with the exit code that a shell expects (130 for SIGINT) when it was interrupted
 */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  told = "interrupted; nothing was written",
): Promise<T> {
  const controller = new AbortController();
  let by: (typeof signals)[number] | undefined;
  const interrupt = (signal: (typeof signals)[number]) => {
    by = signal;
    release();
    controller.abort();
  };
  const release = () => {
    for (const signal of signals) {
      process.off(signal, interrupt);
    }
  };
  for (const signal of signals) {
    process.on(signal, interrupt);
  }
  try {
    return await work(controller.signal);
  } catch (error) {
    if (by === undefined) throw error;
    throw new UserError(told, 128 + constants.signals[by]);
  } finally {
    release();
  }
}
