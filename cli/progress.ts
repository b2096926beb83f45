import type { WriteStream } from "node:tty";

/** A line about how far the work is, for people who watch. */
export interface Progress {
  /** Shows a new text in place of the last one. */
  show: (text: () => string) => void;
  /** Takes the line away. */
  end: () => void;
}

const intervalMs = 200;

/** Shows progress on a terminal; elsewhere, or where NO_COLOR asks for plain output, it shows nothing. */
export function progressOn(
  stream: Pick<WriteStream, "isTTY" | "write" | "columns">,
  environment: NodeJS.ProcessEnv,
  now: () => number = Date.now,
): Progress {
  if (!stream.isTTY || environment["NO_COLOR"] || environment["TERM"] === "dumb") {
    return { show: () => {}, end: () => {} };
  }
  const clear = "\r\u001b[2K";
  let last = Number.NEGATIVE_INFINITY;
  return {
    show: (text) => {
      if (now() - last < intervalMs) return;
      last = now();
      stream.write(clear + text().slice(0, Math.max(1, (stream.columns || 80) - 1)));
    },
    end: () => {
      if (last !== Number.NEGATIVE_INFINITY) stream.write(clear);
      last = Number.NEGATIVE_INFINITY;
    },
  };
}
