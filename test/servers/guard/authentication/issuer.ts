import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from "jose";
import { pino } from "pino";
import { onTestFinished } from "vitest";
import { Unauthenticated } from "../../../../servers/guard/authentication/index.ts";

export const audience = "api://search";

/** A key pair, with the public half as a key set holds it. */
export async function makeKey(alg: string, kid?: string) {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk: JWK = { ...(await exportJWK(publicKey)), alg, use: "sig", ...(kid ? { kid } : {}) };
  return { alg, kid, publicKey, privateKey, jwk };
}

export type Key = Awaited<ReturnType<typeof makeKey>>;

/** An issuer on loopback: its metadata and keys, which a test may change, break and count. */
export async function startIssuer(keys: JWK[]) {
  const state = { keys, status: 200, metadata: {} as Record<string, unknown>, requests: [] as string[] };
  const server = createServer((req, res) => {
    const path = req.url ?? "";
    state.requests.push(path);
    if (state.status !== 200) return void res.writeHead(state.status, { location: "/keys" }).end();
    const metadata = { issuer, jwks_uri: `${issuer}/keys`, ...state.metadata };
    const body = path === "/keys" ? { keys: state.keys } : metadata;
    res.setHeader("content-type", "application/json").end(JSON.stringify(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  return Object.assign(state, { issuer });
}

export type Issuer = Awaited<ReturnType<typeof startIssuer>>;

/** A token as the issuer signs it; claims and header of the test come over the usual ones. */
export function sign(
  { alg, kid, privateKey }: Pick<Key, "alg" | "kid" | "privateKey">,
  claims: JWTPayload,
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ sub: "alice", aud: audience, exp: now + 600, ...claims })
    .setProtectedHeader({ alg, ...(kid ? { kid } : {}) })
    .sign(privateKey);
}

/** Settings of a JWT mode with the defaults of the file. */
export function jwtSettings(issuer: string, changes: Record<string, unknown> = {}) {
  return {
    jwt: {
      issuer,
      audience: [audience],
      algorithms: ["RS256" as const, "ES256" as const],
      clockToleranceSeconds: 30,
      subjectClaim: "sub",
      rolesClaim: "roles",
      scopesClaim: "scp",
      ...changes,
    },
  };
}

/** A log, and the lines that went into it. */
export function keptLog() {
  const lines: string[] = [];
  return { log: pino({ level: "debug" }, { write: (line: string) => void lines.push(line) }), lines };
}

/** Why nobody was found; fails if somebody was. */
export async function reasonOf(authenticated: Promise<unknown>): Promise<string> {
  const error = await authenticated.then(
    (caller) => new Error(`authenticated as ${JSON.stringify(caller)}`),
    (error) => error,
  );
  if (error instanceof Unauthenticated) return error.reason;
  throw error;
}
