import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from "jose";
import type { Logger } from "pino";
import { Unauthenticated } from "./unauthenticated.ts";

const minute = 60_000;
/** How long the issuer has for an answer, in milliseconds. */
const timeoutMs = 5000;
/**
 * Keys of this age are fetched anew while they go on serving: what an issuer withdrew goes within that time.
 */
const refreshAfterMs = 10 * minute;
/** Older keys don't serve any more, even if the issuer is down: about as long as its last tokens live. */
const maxAgeMs = 60 * minute;
/**
 * A key id that isn't known makes for one fetch in this time, so made-up ids can't be used to flood the
 * issuer.
 */
const rotationCooldownMs = 30_000;
/** After a failure the issuer isn't asked again for this time, whoever calls. */
const quietMs = 5000;

interface Options {
  log: Logger;
  fetch: typeof fetch;
  now: () => Date;
}

type Remote = ReturnType<typeof createRemoteJWKSet>;

/**
 * The public keys of an issuer: found by OpenID Connect Discovery 1.0 unless their address is set, fetched
 * when the first token comes, kept, and fetched anew when they age or a token names one that isn't among
 * them. What can't be fetched makes for `Unauthenticated` with `keys-unavailable`.
 */
export function issuerKeys(
  { issuer, jwksUri }: { issuer: string; jwksUri?: string },
  { log, fetch: ask, now }: Options,
): JWTVerifyGetKey {
  let remote: Promise<Remote> | undefined;
  let refreshAt = 0;
  let quietUntil = 0;

  const asked = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const time = now().getTime();
    if (time < quietUntil) throw new Error("the issuer didn't answer moments ago");
    // Whether it works or not: an address that hangs must not be asked by every request at once.
    refreshAt = time + refreshAfterMs;
    return ask(input, init);
  };

  const failed = (error: unknown): void => {
    const time = now().getTime();
    if (time < quietUntil) return;
    quietUntil = time + quietMs;
    refreshAt = quietUntil;
    log.warn({ issuer, reason: explain(error) }, "the issuer's keys can't be fetched");
  };

  const open = async (): Promise<Remote> => {
    const address = jwksUri ?? (await discover(issuer, asked));
    return createRemoteJWKSet(new URL(address), {
      [customFetch]: asked,
      timeoutDuration: timeoutMs,
      cacheMaxAge: maxAgeMs,
      cooldownDuration: rotationCooldownMs,
    });
  };

  return async (header, token) => {
    try {
      remote ??= open();
      const keys = await remote.catch((error) => {
        remote = undefined;
        throw error;
      });
      const known = keys.jwks() !== undefined;
      if (known && keys.fresh && !keys.reloading && now().getTime() >= refreshAt) keys.reload().catch(failed);
      return await keys(header, token);
    } catch (error) {
      if (isOfToken(error)) throw error;
      failed(error);
      throw new Unauthenticated("keys-unavailable", "The issuer's keys can't be fetched; try again later");
    }
  };
}

/** What is wrong with a token rather than with fetching: jose's own errors of the choice of a key. */
function isOfToken(error: unknown): boolean {
  const kinds = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported];
  return kinds.some((kind) => error instanceof kind);
}

/**
 * The address of an issuer's keys (OpenID Connect Discovery 1.0, section 4). The document must name the very
 * issuer that was asked, and an issuer on https can't send us to plain http.
 */
async function discover(issuer: string, ask: typeof fetch): Promise<string> {
  const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const headers = { accept: "application/json" };
  const response = await ask(url, { headers, redirect: "error", signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  const found = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown } | null;
  if (found?.issuer !== issuer)
    throw new Error(`${url} is of another issuer: ${JSON.stringify(found?.issuer)}`);
  const { jwks_uri: address } = found;
  const usable = typeof address === "string" && URL.canParse(address) ? new URL(address).protocol : undefined;
  if (usable !== "https:" && usable !== new URL(issuer).protocol) {
    throw new Error(`${url} names no jwks_uri on https: ${JSON.stringify(address)}`);
  }
  return address as string;
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? `${error.message}: ${cause.message}` : error.message;
}
