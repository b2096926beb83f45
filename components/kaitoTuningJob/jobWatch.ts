import type { TuningObjects } from "./objects.ts";

/** Why something couldn't be read: it isn't there, isn't allowed, or there was no answer that can be used. */
export class ReadError extends Error {
  readonly why: "absent" | "forbidden" | "unreachable";

  constructor(why: ReadError["why"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.why = why;
  }
}

/** A look at one job. */
export interface JobWatch {
  /** @throws {ReadError} */
  read(signal: AbortSignal): Promise<TuningObjects>;
  /** The last lines of a container's log, none when there is no log (any more). */
  lastLines(log: { pod: string; container: string }, lines: number): Promise<string[]>;
  close(): Promise<void>;
}
