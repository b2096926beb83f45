import { sign } from "node:crypto";
import { exportPKCS8, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callTool, type Hostile } from "./support/guard.ts";
import { audience, forge, inSeconds, startIssuedGuard } from "./support/issuer.ts";

let world: Awaited<ReturnType<typeof startIssuedGuard>>;
let guard: Hostile;
beforeAll(async () => {
  const admins = { effect: "allow", tools: ["*"], roles: ["admin"] };
  world = await startIssuedGuard({ authorization: { default: "deny", rules: [admins] } });
  ({ guard } = world);
});
afterAll(() => world.close());

/** A token that the issuer itself signed; `undefined` takes a claim out. */
function issued(changes: Record<string, unknown>): Promise<string> {
  const usual = { iss: world.iss, aud: audience, sub: "mallory", exp: inSeconds(600) };
  return new SignJWT({ ...usual, ...changes })
    .setProtectedHeader({ alg: "RS256", kid: "rsa-1" })
    .sign(world.rsa.privateKey);
}

const present = (token: string) =>
  callTool(guard.url, { name: "wipe" }, { authorization: `Bearer ${token}` });

/** Presents tokens of the issuer with such claims; each must be refused for this reason. */
async function refused(reason: string, ...claims: Record<string, unknown>[]) {
  for (const changes of claims) {
    const before = await failures(reason);
    const answer = await present(await issued(changes));
    expect(answer.status, JSON.stringify(changes)).toBe(401);
    expect(answer.rpc).toMatchObject({ id: null, error: { code: -32_001 } });
    expect(answer.headers.get("www-authenticate")).toContain('error="invalid_token"');
    expect(answer.text).not.toMatch(/mallory|evil|api:/);
    expect(await failures(reason), JSON.stringify(changes)).toBe(before + 1);
  }
  await guard.untouched(`Bearer ${await issued({})}`);
}

async function failures(reason: string): Promise<number> {
  const line = new RegExp(
    `^mcp_guard_authentication_failures_total\\{[^}]*reason="${reason}"[^}]*\\} (\\d+)$`,
    "m",
  );
  return Number(line.exec(await guard.metrics())?.[1]);
}

describe("a JWT that the issuer signed is refused all the same", () => {
  it("when it has expired, or never does", async () => {
    await refused("expired", { exp: inSeconds(-60) }, { exp: 0 }, { exp: -1 });
    await refused("claims", { exp: undefined }, { exp: null }, { exp: String(inSeconds(600)) }, { exp: {} });
  });

  it("when it is not valid yet", async () => {
    await refused("claims", { nbf: inSeconds(60) }, { nbf: "0" }, { nbf: null });
  });

  it("when it is for another audience, alone or in a list", async () => {
    const others = [
      "api://other",
      `${audience}/`,
      `${audience}.evil.test`,
      audience.toUpperCase(),
      ` ${audience}`,
      "*",
    ];
    await refused("audience", ...others.map((aud) => ({ aud })), { aud: others }, { aud: [] }, { aud: "" });
    await refused(
      "audience",
      { aud: [[audience]] },
      { aud: { 0: audience } },
      { aud: `${audience},${audience}` },
    );
    await refused("audience", { aud: undefined }, { aud: null });
  });

  it("when it names another issuer, or several", async () => {
    const { iss } = world;
    const others = [
      `${iss}/`,
      iss.toUpperCase(),
      `${iss}.evil.test`,
      iss.replace("127.0.0.1", "localhost"),
      "",
    ];
    await refused(
      "issuer",
      ...others.map((other) => ({ iss: other })),
      { iss: [iss] },
      { iss: [iss, "evil"] },
    );
    await refused("issuer", { iss: undefined }, { iss: null });
  });

  it("when it names nobody, or not one", async () => {
    const nobody = [undefined, null, "", 0, 7, true, ["alice"], { alice: true }];
    await refused("claims", ...nobody.map((sub) => ({ sub })));
  });

  it("when its claims are no object", async () => {
    const header = { alg: "RS256", kid: "rsa-1" };
    const pem = await exportPKCS8(world.rsa.privateKey);
    const byIssuer = (input: Uint8Array) => sign("sha256", input, pem);
    for (const claims of [[], ["alice"]]) {
      expect((await present(await forge(header, claims, byIssuer))).status).toBe(401);
    }
    await guard.untouched(`Bearer ${await issued({})}`);
  });
});

describe("a role", () => {
  it("is none in another spelling, another claim, the subject's name or a prototype", async () => {
    const spellings = [
      "Admin",
      "admin ",
      ["Admin"],
      ["admin "],
      ["\u0430dmin"],
      [["admin"]],
      { admin: true },
    ];
    const roles = spellings.map((spelling) => ({
      roles: typeof spelling === "string" ? [spelling] : spelling,
    }));
    const elsewhere = { Roles: ["admin"], role: "admin", groups: ["admin"], scope: "admin", sub: "admin" };
    const prototype = JSON.parse('{"__proto__":{"roles":["admin"]}}');
    for (const claims of [...roles, elsewhere, prototype]) {
      const answer = await present(await issued(claims));
      expect(answer.status, JSON.stringify(claims)).toBe(403);
      expect(answer.rpc).toMatchObject({ id: 1, error: { code: -32_003 } });
    }
    await guard.untouched(`Bearer ${await issued({})}`);
    await present(await issued({ roles: ["admin"] }));
    expect(guard.upstream.seen.splice(0)).toHaveLength(1);
  });
});

it("a long token is refused before it is read", async () => {
  const response = await fetch(guard.url, {
    method: "POST",
    headers: { authorization: `Bearer ${"a".repeat(20_000)}.${"b".repeat(40_000)}.c` },
  });
  expect(response.status).toBe(431);
  await guard.untouched(`Bearer ${await issued({})}`);
});
