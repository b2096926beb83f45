import { createHmac, generateKeyPairSync, sign as signRaw } from "node:crypto";
import { exportJWK, exportPKCS8, exportSPKI, type JWK, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callTool, type Hostile, openSession } from "./support/guard.ts";
import { audience, forge, inSeconds, startIssuedGuard } from "./support/issuer.ts";

let world: Awaited<ReturnType<typeof startIssuedGuard>>;
let guard: Hostile;
let good: string;
let claims: Record<string, unknown>;
/** Private half of the issuer's key in PEM, and its public half in the forms in which people have it. */
let pem: string;
let publicForms: (string | Buffer)[];
const own = generateKeyPairSync("rsa", { modulusLength: 2048 });

beforeAll(async () => {
  world = await startIssuedGuard();
  ({ guard } = world);
  claims = { iss: world.iss, aud: audience, sub: "mallory", roles: ["admin"], exp: inSeconds(600) };
  good = await new SignJWT({ ...claims, sub: "alice" })
    .setProtectedHeader({ alg: "RS256", kid: "rsa-1" })
    .sign(world.rsa.privateKey);
  pem = await exportPKCS8(world.rsa.privateKey);
  const spki = await exportSPKI(world.rsa.publicKey);
  const der = Buffer.from(spki.replace(/-.*-|\s/g, ""), "base64");
  const { jwk } = world.rsa;
  publicForms = [
    spki,
    spki.trim(),
    der,
    JSON.stringify(jwk),
    String(jwk.n),
    Buffer.from(String(jwk.n), "base64url"),
  ];
});
afterAll(() => world.close());

const byOwn = (input: Uint8Array) => signRaw("sha256", input, own.privateKey);
const byIssuer = (input: Uint8Array) => signRaw("sha256", input, pem);
const unsigned = () => new Uint8Array();
const forged = (header: object | string, signature: (input: Uint8Array) => Uint8Array = byOwn) =>
  forge(header, claims, signature);
const partsOf = (token: string) => token.split(".") as [string, string, string];

/** Presents tokens: each must be refused alike, the server must see none of them. */
async function refused(...tokens: string[]) {
  for (const token of tokens) {
    const answer = await callTool(guard.url, { name: "wipe" }, { authorization: `Bearer ${token}` });
    expect(answer.status, token).toBe(401);
    expect(answer.rpc).toMatchObject({ id: null, error: { code: -32_001 } });
    expect(answer.headers.get("www-authenticate")).toContain('error="invalid_token"');
    expect(answer.text + answer.headers.get("www-authenticate")).not.toMatch(/mallory|admin|eyJ/);
  }
  await guard.untouched(`Bearer ${good}`);
  expect(guard.written.join("")).not.toMatch(/mallory|eyJ/);
}

it("of the issuer is taken; all below differ from it in the one thing that they tell", async () => {
  const headers = { authorization: `Bearer ${good}` };
  const session = await openSession(guard.url, headers);
  const answer = await callTool(guard.url, { name: "wipe" }, { ...headers, "mcp-session-id": session });
  expect(answer.rpc.result).toMatchObject({ content: [{ text: "wiped" }] });
  expect(JSON.stringify(guard.upstream.seen.splice(0))).not.toContain(good);
  const byHand = await forge({ alg: "RS256", kid: "rsa-1" }, { ...claims, sub: "alice" }, byIssuer);
  expect(byHand).toBe(good);
});

describe("a forged JWT is refused", () => {
  it("with the algorithm none, however it is written and whatever is behind the last dot", async () => {
    const [, , signature] = partsOf(good);
    const nones = ["none", "None", "NONE", "nOnE", "none ", "", "null"];
    const tokens = await Promise.all(nones.map((alg) => forged({ alg, kid: "rsa-1" }, unsigned)));
    await refused(
      ...tokens,
      ...tokens.map((token) => token + signature),
      await forged({ typ: "JWT" }, unsigned),
    );
  });

  it("with HMAC and the issuer's public key as the secret", async () => {
    const tokens = publicForms.flatMap((secret) =>
      (["256", "384", "512"] as const).map((bits) =>
        forged({ alg: `HS${bits}`, kid: "rsa-1" }, (input) =>
          createHmac(`sha${bits}`, secret).update(input).digest(),
        ),
      ),
    );
    await refused(...(await Promise.all(tokens)));
  });

  it("when another key signed it, under the issuer's key id, another's and none", async () => {
    const kids = [{ kid: "rsa-1" }, { kid: "ec-1" }, {}];
    await refused(...(await Promise.all(kids.map((kid) => forged({ alg: "RS256", ...kid })))));
  });

  it("that brings its own key, or says where it is; nobody goes there", async () => {
    const jwk: JWK = { ...(await exportJWK(own.publicKey)), kid: "mine", alg: "RS256", use: "sig" };
    world.attacker.keys.push(jwk);
    const { origin } = world.attacker;
    const x5c = [own.publicKey.export({ type: "spki", format: "der" }).toString("base64")];
    const headers = [
      { jwk },
      { jku: `${origin}/keys` },
      { x5u: `${origin}/chain.pem` },
      { x5c },
      { jku: `${world.iss}@${origin.slice(7)}/keys` },
      { jku: `${origin}/keys`, crit: ["jku"] },
    ].flatMap((header) => ["mine", "rsa-1"].map((kid) => ({ alg: "RS256", kid, ...header })));
    await refused(...(await Promise.all(headers.map((header) => forged(header)))));
    expect(world.attacker.asked).toEqual([]);
  });

  it("with a key id that is a path, an address or a query, for which the keys are read once", async () => {
    const kids = [
      "../../../../dev/null",
      "/proc/self/environ",
      `${world.attacker.origin}/keys`,
      "' OR '1'='1",
    ];
    const odd = ["__proto__", "constructor", "", "rsa-1\0", "rsa-1\n", "RSA-1", "x".repeat(4000)];
    const before = world.asked.length;
    await refused(...(await Promise.all([...kids, ...odd].map((kid) => forged({ alg: "RS256", kid })))));
    // Key ids that are no text, and a header that says it twice.
    const others = [7, null, ["rsa-1"], { kid: "rsa-1" }].map((kid) => forged({ alg: "RS256", kid }));
    const twice = '{"alg":"RS256","kid":"mine","kid":"rsa-1"}';
    await refused(...(await Promise.all([...others, forged(twice)])));
    expect(world.asked.length - before).toBeLessThanOrEqual(1);
    expect(world.attacker.asked).toEqual([]);
  });

  it("with an algorithm that the settings don't name, although the issuer has the key", async () => {
    const ec = new SignJWT(claims)
      .setProtectedHeader({ alg: "ES256", kid: "ec-1" })
      .sign(world.ec.privateKey);
    const sha512 = forged({ alg: "RS512", kid: "rsa-1" }, (input) => signRaw("sha512", input, pem));
    const pss = { key: pem, padding: 6, saltLength: 32 };
    const ps256 = forged({ alg: "PS256", kid: "rsa-1" }, (input) => signRaw("sha256", input, pss));
    const mixed = forged({ alg: "RS256", kid: "ec-1" }, byIssuer);
    await refused(...(await Promise.all([ec, sha512, ps256, mixed])));
  });

  it("with an extension that must be understood, or an unencoded payload", async () => {
    const headers = [
      { crit: ["admin"], admin: true },
      { crit: [] },
      { crit: ["b64"], b64: false },
      { b64: false },
      { crit: ["exp"], exp: 1 },
    ];
    const tokens = headers.map((header) => forged({ alg: "RS256", kid: "rsa-1", ...header }, byIssuer));
    const signed = await Promise.all(tokens);
    // Without crit a b64 has no meaning, and the token is the issuer's own: it is taken for what it is.
    await refused(...signed.filter((_, i) => i !== 3));
  });

  it("made of parts of real ones, cut or bent", async () => {
    const [head, body, signature] = partsOf(good);
    const [, othersBody] = partsOf(await forged({ alg: "RS256" }));
    const bent = Buffer.from(signature, "base64url");
    bent[0] = (bent[0] ?? 0) ^ 1;
    await refused(
      `${head}.${othersBody}.${signature}`,
      `${head}.${body}.${bent.toString("base64url")}`,
      `${head}.${body}.${signature.slice(0, -4)}`,
      `${head}.${body}.`,
      `${head}.${body}`,
      `${head}..${signature}`,
      `.${body}.${signature}`,
      `${good}.${signature}`,
      `${good}.${body}.${signature}`,
      `${head}.${body}.${"A".repeat(signature.length)}`,
      "..",
      "a.b.c",
      `${Buffer.from("[]").toString("base64url")}.${body}.${signature}`,
      `${Buffer.from("null").toString("base64url")}.${body}.${signature}`,
    );
  });
});
