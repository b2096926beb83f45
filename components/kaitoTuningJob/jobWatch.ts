import type { TuningObjects } from "./objects.ts";

/** A look at one job. */
export interface JobWatch {
  /** @throws {ReadError} */
  read(signal: AbortSignal): Promise<TuningObjects>;
  /** The last lines of a container's log, none when there is no log (any more). */
  lastLines(log: { pod: string; container: string }, lines: number): Promise<string[]>;
  close(): Promise<void>;
}
