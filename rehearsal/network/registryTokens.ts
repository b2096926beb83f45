import { randomBytes } from "node:crypto";
import type { Access } from "./registryAccess.ts";

/** How long a bearer token is good for, ms: ACR's own access tokens last 75 minutes. */
const lifetimeMs = 75 * 60_000;

interface Issued {
  loginServer: string;
  access: Access[];
  until: number;
}

/**
 * The bearer tokens that have been issued. As ACR's they carry what they allow, and go on allowing it until they
 * expire: also when the registry token that they were issued to is disabled meanwhile.
 */
export class BearerTokens {
  readonly #issued = new Map<string, Issued>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** A token for one registry and nothing but this. */
  issue(loginServer: string, access: Access[]): string {
    const token = randomBytes(32).toString("base64url");
    this.#issued.set(token, { loginServer, access, until: this.#now() + lifetimeMs });
    return token;
  }

  /** What a token allows in a registry; nothing when it isn't one of that registry, or has expired. */
  accessOf(loginServer: string, token: string): Access[] | undefined {
    const issued = this.#issued.get(token);
    return issued?.loginServer === loginServer && this.#now() < issued.until ? issued.access : undefined;
  }
}
