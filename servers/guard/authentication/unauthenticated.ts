/**
 * Why a request has no caller. `keys-unavailable` alone isn't the request's fault: the issuer's keys can't be
 * fetched now. `claims` also covers a token that isn't valid yet.
 */
export const unauthenticatedReasons = [
  "missing",
  "malformed",
  "unknown-token",
  "expired",
  "audience",
  "issuer",
  "signature",
  "algorithm",
  "claims",
  "keys-unavailable",
] as const;

export type UnauthenticatedReason = (typeof unauthenticatedReasons)[number];

/**
 * A request that no caller stands behind. The message is fit for the answer: it never holds a token, a
 * claim's value or an address, and there is no cause, because the JWT library's errors carry the claims.
 */
export class Unauthenticated extends Error {
  override readonly name = "Unauthenticated";
  readonly reason: UnauthenticatedReason;

  constructor(reason: UnauthenticatedReason, message: string) {
    super(message);
    this.reason = reason;
  }
}
