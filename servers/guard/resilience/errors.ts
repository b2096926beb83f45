/** The upstream wasn't asked, because it failed too often; the answer to it is 503 with Retry-After. */
export class BreakerOpen extends Error {
  override readonly name = "BreakerOpen";
  /** Whole seconds until a trial is made; at least 1. */
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super("The server behind this address is failing; calls are held back for now");
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/**
 * The upstream couldn't be reached, answered 5xx, or said nothing until the deadline: what the breaker counts and,
 * while there is time, may be repeated.
 */
export class UpstreamFailure extends Error {
  override readonly name = "UpstreamFailure";
}
