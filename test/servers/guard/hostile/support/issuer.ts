import type { JWK } from "jose";
import { makeKey } from "../../authentication/issuer.ts";
import { type Changes, startHostile } from "./guard.ts";
import { serve } from "./upstream.ts";

export const audience = "api://hostile";

/** A guard that takes the JWTs of an issuer, and a server of the attacker's own that notes who asks it. */
export async function startIssuedGuard(changes: Changes = {}) {
  const rsa = await makeKey("RS256", "rsa-1");
  const ec = await makeKey("ES256", "ec-1");
  const asked: string[] = [];
  const issuing = await serve((req, res) => {
    asked.push(String(req.url));
    const iss = issuing.url.origin;
    const metadata = { issuer: iss, jwks_uri: `${iss}/keys` };
    res.end(JSON.stringify(req.url === "/keys" ? { keys: [rsa.jwk, ec.jwk] } : metadata));
  });
  const attacked: { keys: JWK[]; asked: string[] } = { keys: [], asked: [] };
  const attacker = await serve((req, res) => {
    attacked.asked.push(String(req.url));
    res.end(JSON.stringify({ keys: attacked.keys }));
  });
  const iss = issuing.url.origin;
  const jwt = { issuer: iss, audience: [audience] };
  const guard = await startHostile({ ...changes, authentication: { ...changes["authentication"], jwt } });
  return {
    guard,
    iss,
    rsa,
    ec,
    /** Paths of the issuer that the guard has asked for. */
    asked,
    attacker: { origin: attacker.url.origin, ...attacked },
    async close() {
      await guard.close();
      await issuing.close();
      await attacker.close();
    },
  };
}

/** Now, and so many seconds later, as JWTs count. */
export const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

const encode = (part: string | Uint8Array): string => Buffer.from(part).toString("base64url");

/** A token put together by hand: whatever its header and claims say, and a signature that anyone made. */
export async function forge(
  header: object | string,
  claims: object,
  signature: (input: Uint8Array) => Uint8Array | Promise<Uint8Array>,
): Promise<string> {
  const head = typeof header === "string" ? header : JSON.stringify(header);
  const input = `${encode(head)}.${encode(JSON.stringify(claims))}`;
  return `${input}.${encode(await signature(Buffer.from(input)))}`;
}
