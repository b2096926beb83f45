import type { Logger } from "pino";
import type { Caller } from "../caller.ts";
import type { Config } from "../config.ts";
import { issuerKeys } from "./issuerKeys.ts";
import { jwtVerifier } from "./jwt.ts";
import { type StaticTokens, staticTokens } from "./tokens.ts";
import { Unauthenticated } from "./unauthenticated.ts";

export { Unauthenticated, type UnauthenticatedReason, unauthenticatedReasons } from "./unauthenticated.ts";

/** Tells who calls. */
export interface Authenticator {
  /**
   * The caller behind an Authorization header; throws `Unauthenticated`. Query strings and cookies never
   * count, as the MCP specification wants it (Authorization, "Access Token Usage").
   */
  authenticate(authorization: string | undefined): Promise<Caller>;
  /** Nothing runs between requests, so there is nothing to end yet; for those who own one all the same. */
  close(): void;
}

/** What an authenticator takes from outside; tests put in their own. */
export interface AuthenticatorOptions {
  log: Logger;
  /** How the issuer is asked. @default the global fetch */
  fetch?: typeof fetch;
  /** The clock. @default the system's */
  now?: () => Date;
}

/** A bearer token as RFC 6750, section 2.1, spells it. */
const bearer = /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i;

/**
 * Makes the authenticator that the settings ask for. The issuer isn't asked before the first token comes, so
 * one that can't be reached stops nobody's start; unusable token files do, with a `ConfigError`.
 */
export async function createAuthenticator(
  settings: Config["authentication"],
  { log, fetch: ask = fetch, now = () => new Date() }: AuthenticatorOptions,
): Promise<Authenticator> {
  if (settings.none !== undefined) {
    const anonymous: Caller = Object.freeze({ subject: "anonymous", roles: Object.freeze([]) });
    return { authenticate: async () => anonymous, close: () => {} };
  }
  const { jwt, tokens } = settings;
  const known: StaticTokens | undefined =
    tokens && (await staticTokens(tokens, { log, now, jwtToo: jwt !== undefined }));
  const verify = jwt && jwtVerifier(jwt, issuerKeys(jwt, { log, fetch: ask, now }), now);

  const authenticate = async (authorization: string | undefined): Promise<Caller> => {
    if (authorization === undefined) throw new Unauthenticated("missing", "A bearer token is required");
    const token = bearer.exec(authorization)?.[1];
    if (token === undefined) {
      throw new Unauthenticated("malformed", "The Authorization header must be: Bearer <token>");
    }
    // Three parts make a JWT; where tokens of files count too, their names belong to the files alone.
    if (verify && (known === undefined || token.split(".").length === 3)) {
      const caller = await verify(token);
      if (!(await known?.isCaller(caller.subject))) return caller;
      throw new Unauthenticated("claims", "The token's subject is the name of a caller with a token file");
    }
    const caller = await known?.find(token);
    if (caller === undefined) throw new Unauthenticated("unknown-token", "The token is not known");
    return caller;
  };
  return { authenticate, close: () => {} };
}
