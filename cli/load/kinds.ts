/** How a call can end; everything but "right" is an error. */
export const kinds = [
  /** HTTP 200, a JSON-RPC result of this call, no `isError`, and the expected text in it. */
  "right",
  /** A limit of the guard, or of a gateway: HTTP 429. */
  "limited",
  /** The guard's circuit breaker keeps calls from a server that fails. */
  "breaker-open",
  /** No place for another session. */
  "sessions-full",
  /** HTTP 404 within a session: the server that had it is gone, or has ended it. */
  "session-lost",
  /** HTTP 401 or 403. */
  "unauthorized",
  /** Another HTTP status than 200. */
  "http",
  /** HTTP 200 with a JSON-RPC error. */
  "rpc-error",
  /** A result that says `isError`. */
  "tool-error",
  /** Not an answer of MCP, or one without the expected text. */
  "wrong-body",
  /** No whole answer in time. */
  "timeout",
  /** No connection, or one that broke. */
  "connection",
  /** Too many calls waited for their answers already; this one was due and could not be sent. */
  "not-sent",
] as const;

export type Kind = (typeof kinds)[number];

/** Kinds that say that a limit bites, in contrast to those that say that something is broken. */
export const limitKinds: readonly Kind[] = ["limited", "breaker-open", "sessions-full"];

/** How a call ended. */
export interface Outcome {
  kind: Kind;
  /** The HTTP status, the code of the JSON-RPC error, or that of the network's error. */
  code?: string;
  /** What was said, cut where it is long. */
  message?: string;
}

export const right: Outcome = { kind: "right" };

const longest = 200;

/** An outcome whose message is fit for a report: one line, not too long. */
export function failed(kind: Kind, code?: string | number, message?: string): Outcome {
  const line = message?.replace(/\s+/g, " ").trim();
  return {
    kind,
    ...(code !== undefined && { code: String(code) }),
    ...(line && { message: line.length > longest ? `${line.slice(0, longest - 1)}…` : line }),
  };
}
