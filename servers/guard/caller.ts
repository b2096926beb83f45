/** Who calls, as authentication found it. */
export interface Caller {
  /** What names the caller in limits, sessions and the audit; "anonymous" where anyone may call. */
  readonly subject: string;
  /** Roles and scopes of the caller, for the rules of `authorization`. */
  readonly roles: readonly string[];
}
