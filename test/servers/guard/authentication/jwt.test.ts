import { exportSPKI, SignJWT, UnsecuredJWT } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { createAuthenticator } from "../../../../servers/guard/authentication/index.ts";
import { audience, jwtSettings, type Key, keptLog, makeKey, reasonOf, sign, startIssuer } from "./issuer.ts";

let rsa: Key;
let ec: Key;
let foreign: Key;
beforeAll(async () => {
  [rsa, ec, foreign] = await Promise.all([
    makeKey("RS256", "rsa-1"),
    makeKey("ES256", "ec-1"),
    makeKey("RS256", "rsa-1"),
  ]);
});

const seconds = () => Math.floor(Date.now() / 1000);

async function start(changes: Record<string, unknown> = {}, keys = [rsa.jwk, ec.jwk]) {
  const issuer = await startIssuer(keys);
  const { log, lines } = keptLog();
  const authenticator = await createAuthenticator(jwtSettings(issuer.issuer, changes), { log });
  const present = (token: string) => authenticator.authenticate(`Bearer ${token}`);
  return { issuer, iss: issuer.issuer, present, authenticator, lines };
}

describe("a JWT", () => {
  it("of the issuer names its caller, with roles and scopes, each once", async () => {
    const { present, iss } = await start();
    const claims = { iss, roles: ["reader", "search"], scp: "search mcp.call" };
    const expected = { subject: "alice", roles: ["reader", "search", "mcp.call"] };
    expect(await present(await sign(rsa, claims))).toEqual(expected);
    expect(await present(await sign(ec, claims))).toEqual(expected);
  });

  it("may have roles as text and scopes as a list, and odd ones count as none", async () => {
    const { present, iss } = await start();
    const odd = await present(await sign(rsa, { iss, roles: { admin: true }, scp: [1, "", null, "call"] }));
    expect(odd.roles).toEqual(["call"]);
    expect((await present(await sign(rsa, { iss, roles: "reader" }))).roles).toEqual(["reader"]);
    expect((await present(await sign(rsa, { iss }))).roles).toEqual([]);
  });

  it("takes subject, roles and scopes from the claims that the settings name", async () => {
    const { present, iss } = await start({ subjectClaim: "oid", rolesClaim: "groups", scopesClaim: "scope" });
    const token = await sign(rsa, { iss, oid: "o-1", groups: ["g"], scope: "s", roles: ["r"], scp: "x" });
    expect(await present(token)).toEqual({ subject: "o-1", roles: ["g", "s"] });
  });

  it("is good if one of its audiences is one of the server's", async () => {
    const { present, iss } = await start({ audience: ["other", audience] });
    expect((await present(await sign(rsa, { iss, aud: ["elsewhere", audience] }))).subject).toBe("alice");
  });

  it("is good for as long as the clocks may differ", async () => {
    const { present, iss } = await start();
    const late = { exp: seconds() - 20 };
    expect((await present(await sign(rsa, { iss, ...late }))).subject).toBe("alice");
    expect((await present(await sign(rsa, { iss, nbf: seconds() + 20 }))).subject).toBe("alice");
    const strict = await start({ clockToleranceSeconds: 0 });
    expect(await reasonOf(strict.present(await sign(rsa, { iss: strict.iss, ...late })))).toBe("expired");
  });

  const forged: [name: string, reason: string, token: (iss: string) => Promise<string>][] = [
    ["signed by another key of the same name", "signature", (iss) => sign(foreign, { iss })],
    ["of a key that isn't in the set", "signature", (iss) => sign({ ...foreign, kid: "other" }, { iss })],
    ["that has expired", "expired", (iss) => sign(rsa, { iss, exp: seconds() - 40 })],
    ["that isn't valid yet", "claims", (iss) => sign(rsa, { iss, nbf: seconds() + 40 })],
    ["for another audience", "audience", (iss) => sign(rsa, { iss, aud: "api://other" })],
    ["for no audience", "audience", (iss) => sign(rsa, { iss, aud: undefined })],
    ["of another issuer", "issuer", () => sign(rsa, { iss: "https://evil.example" })],
    ["of an issuer that only looks alike", "issuer", (iss) => sign(rsa, { iss: `${iss}/` })],
    ["that never expires", "claims", (iss) => sign(rsa, { iss, exp: undefined })],
    ["whose expiry is no number", "claims", (iss) => sign(rsa, { iss, exp: "later" as never })],
    ["without a subject", "claims", (iss) => sign(rsa, { iss, sub: undefined })],
    ["with an empty subject", "claims", (iss) => sign(rsa, { iss, sub: "" })],
    ["whose subject is no text", "claims", (iss) => sign(rsa, { iss, sub: ["alice"] as never })],
    [
      "of an algorithm that isn't allowed",
      "algorithm",
      async (iss) => sign(await makeKey("PS256", "p"), { iss }),
    ],
    ["whose key is of another kind", "signature", (iss) => sign({ ...ec, kid: "rsa-1" }, { iss })],
    [
      "with an extension that must be understood",
      "algorithm",
      (iss) =>
        new SignJWT({ iss, sub: "alice", aud: audience, exp: seconds() + 60 })
          .setProtectedHeader({ alg: "RS256", kid: "rsa-1", crit: ["x"], x: 1 })
          .sign(rsa.privateKey, { crit: { x: true } }),
    ],
  ];
  it.each(forged)("%s is refused: %s", async (_name, reason, token) => {
    const { present, iss } = await start();
    expect(await reasonOf(present(await token(iss)))).toBe(reason);
  });

  // Even where the settings list them, which their schema doesn't let through.
  it.each([["RS256"], ["none", "HS256", "RS256"]])(
    "without a signature is refused, with %j allowed",
    async (...algorithms) => {
      const { present, iss } = await start({ algorithms });
      const unsecured = new UnsecuredJWT({ iss, sub: "alice", aud: audience, exp: seconds() + 60 }).encode();
      const spelled = ["none", "None", "NONE", "nOnE"].map((alg) => withHeader(unsecured, { alg }));
      for (const token of [unsecured, ...spelled, ...spelled.map((token) => `${token}c2ln`)]) {
        expect(await reasonOf(present(token))).toMatch(/^(algorithm|malformed)$/);
      }
    },
  );

  it.each([["RS256"], ["HS256", "RS256"]])(
    "signed with the public key as a secret is refused, with %j allowed",
    async (...algorithms) => {
      const { present, iss } = await start({ algorithms });
      const pem = new TextEncoder().encode(await exportSPKI(rsa.publicKey));
      const modulus = new TextEncoder().encode(rsa.jwk.n);
      for (const secret of [pem, modulus]) {
        const token = await new SignJWT({ iss, sub: "alice", aud: audience, exp: seconds() + 60 })
          .setProtectedHeader({ alg: "HS256", kid: "rsa-1" })
          .sign(secret);
        expect(await reasonOf(present(token))).toBe("algorithm");
      }
    },
  );

  it("isn't verified with a key that it brings along", async () => {
    const { present, iss, issuer } = await start();
    const token = await new SignJWT({ iss, sub: "alice", aud: audience, exp: seconds() + 60 })
      .setProtectedHeader({ alg: "RS256", jwk: foreign.jwk, jku: `${iss}/evil`, x5u: `${iss}/evil` })
      .sign(foreign.privateKey);
    expect(await reasonOf(present(token))).toBe("signature");
    expect(issuer.requests).not.toContain("/evil");
  });

  it("that was changed is refused", async () => {
    const { present, iss } = await start();
    const [header, , signature] = (await sign(rsa, { iss })).split(".");
    const claims = { iss, sub: "admin", aud: audience, exp: seconds() + 60 };
    const changed = `${header}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.${signature}`;
    expect(await reasonOf(present(changed))).toBe("signature");
  });

  it.each(["x", "a.b", "a.b.c", "..", "a.b.c.d.e", "e30.e30.", `${"a".repeat(9000)}.b.c`])(
    "is not just anything with dots: no. %#",
    async (token) =>
      expect(await reasonOf((await start()).present(token))).toMatch(/^(malformed|algorithm)$/),
  );

  it("without the name of a key is tried with each that fits", async () => {
    const second = await makeKey("RS256", "rsa-2");
    const { present, iss } = await start({}, [rsa.jwk, second.jwk, ec.jwk]);
    for (const key of [rsa, second, ec]) {
      const token = await sign({ ...key, kid: undefined }, { iss });
      expect((await present(token)).subject).toBe("alice");
    }
    expect(await reasonOf(present(await sign({ ...foreign, kid: undefined }, { iss })))).toBe("signature");
    const old = await sign({ ...second, kid: undefined }, { iss, exp: seconds() - 60 });
    expect(await reasonOf(present(old))).toBe("expired");
  });

  it("never shows in what is answered or logged", async () => {
    const { present, iss, lines, issuer } = await start();
    const token = await sign(rsa, { iss, aud: "api://private-audience", sub: "private-subject" });
    issuer.status = 500;
    const down = await present(token).catch((error) => error);
    issuer.status = 200;
    const other = await start();
    const refused = await other
      .present(await sign(rsa, { iss: "https://private.example", sub: "private-subject" }))
      .catch((e) => e);
    for (const error of [down, refused]) {
      expect(error.cause).toBeUndefined();
      expect(error.message).not.toContain("private");
    }
    expect(lines).toHaveLength(1);
    for (const part of ["private", ...token.split(".")]) expect(lines.join()).not.toContain(part);
  });
});

function withHeader(token: string, header: object): string {
  const [, ...rest] = token.split(".");
  return [Buffer.from(JSON.stringify(header)).toString("base64url"), ...rest].join(".");
}
