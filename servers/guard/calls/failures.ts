import type { Outcome } from "../audit.ts";
import { Unauthenticated } from "../authentication/index.ts";
import { AnswerTooLarge } from "../mcp/events.ts";
import { codes, Refusal } from "../refusal.ts";
import { BreakerOpen, UpstreamFailure } from "../resilience/index.ts";
import { UpstreamAnswered } from "../upstream/client.ts";

const tooLong = (seconds: number) => `The call took longer than ${seconds} seconds`;

/**
 * A call took longer than `limits.callSeconds`. Where that ends the wait for the head of an answer, the breaker
 * counts it: the server has said nothing in all that time. Once the head is there the breaker has heard enough.
 */
export class DeadlinePassed extends UpstreamFailure {
  constructor(seconds: number) {
    super(tooLong(seconds));
  }
}

/** The same for a call that the server has answered before, as a search in its second engine; never counted. */
export class LaterDeadlinePassed extends Error {
  constructor(seconds: number) {
    super(tooLong(seconds));
  }
}

/** The client doesn't want the answer any more: it said so, or went away. */
export class Cancelled extends Error {}

/** The guard is shutting down, and its time for running calls is over. */
export class ShuttingDown extends Error {
  constructor() {
    super("The guard is shutting down");
  }
}

/** What a client is answered when something failed. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof BreakerOpen) {
    const { retryAfterSeconds } = error;
    return new Refusal(503, codes.breakerOpen, message, { retryAfterSeconds, outcome: "breaker-open" });
  }
  if (error instanceof UpstreamAnswered) {
    const { status, retryAfterSeconds } = error;
    const busy = status === 503;
    return new Refusal(busy ? 503 : 502, codes.upstream, message, {
      ...(busy && retryAfterSeconds !== undefined ? { retryAfterSeconds } : {}),
      outcome: "upstream-error",
    });
  }
  if (error instanceof DeadlinePassed || error instanceof LaterDeadlinePassed) {
    return new Refusal(504, codes.deadline, message, { outcome: "timeout" });
  }
  if (error instanceof UpstreamFailure || error instanceof AnswerTooLarge) {
    return new Refusal(502, codes.upstream, message, { outcome: "upstream-error" });
  }
  if (error instanceof Cancelled) return new Refusal(499, codes.refused, message, { outcome: "cancelled" });
  if (error instanceof ShuttingDown) {
    return new Refusal(503, codes.refused, message, { retryAfterSeconds: 1, outcome: "cancelled" });
  }
  if (isBrokenStream(error)) {
    const text = "The connection to the MCP server broke before its answer was complete";
    return new Refusal(502, codes.upstream, text, { outcome: "upstream-error" });
  }
  return new Refusal(500, codes.internal, "Internal error", { outcome: "upstream-error" });
}

/** How a call ended that was answered with this message. */
export function outcomeOf({ error, result }: { error?: unknown; result?: unknown }): Outcome {
  if (error !== undefined) return "protocol-error";
  return (result as { isError?: unknown } | null | undefined)?.isError === true ? "tool-error" : "ok";
}

/** What the client is told when nobody stands behind its request. */
export function unauthenticated(error: unknown, challenge: (error?: string) => string): Refusal {
  if (!(error instanceof Unauthenticated)) throw error;
  const { reason, message } = error;
  if (reason === "keys-unavailable") {
    return new Refusal(503, codes.unauthenticated, message, { retryAfterSeconds: 5 });
  }
  // RFC 6750 section 3.1: no error code where no token was given.
  const header = challenge(reason === "missing" ? undefined : message);
  return new Refusal(401, codes.unauthenticated, message, { headers: { "www-authenticate": header } });
}

/** undici's errors, and those of sockets, have codes; a bug has none. */
function isBrokenStream(error: unknown): boolean {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return name === "AbortError" || (typeof code === "string" && /^(UND_|E[A-Z]+$|ERR_STREAM)/.test(code));
}
