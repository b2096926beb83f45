import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callTool, type Hostile, openSession } from "./support/guard.ts";
import { audience, forge, inSeconds, startIssuedGuard } from "./support/issuer.ts";

/** A static token of a robot, which has a right that nobody else has. */
const robotToken = "r0b07-5f4dcc3b5aa765d61d8327deb882cf99";
let world: Awaited<ReturnType<typeof startIssuedGuard>>;
let guard: Hostile;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "hostile-"));
  await writeFile(join(directory, "robot"), robotToken);
  const robots = { effect: "allow", tools: ["wipe"], subjects: ["robot"] };
  world = await startIssuedGuard({
    authentication: { tokens: { directory } },
    authorization: { default: "deny", rules: [robots] },
  });
  ({ guard } = world);
});
afterAll(async () => {
  await world.close();
  await rm(directory, { recursive: true });
});

const issued = (sub: string) =>
  new SignJWT({ iss: world.iss, aud: audience, exp: inSeconds(600), sub })
    .setProtectedHeader({ alg: "RS256", kid: "rsa-1" })
    .sign(world.rsa.privateKey);
const wipe = (token: string, session: Record<string, string> = {}) =>
  callTool(guard.url, { name: "wipe" }, { authorization: `Bearer ${token}`, ...session });

describe("where both kinds of tokens count", () => {
  it("nobody gets the name of a caller with a static token from the issuer", async () => {
    expect((await wipe(await issued("robot"))).status).toBe(401);
    for (const sub of ["Robot", "robot ", "robot\0", "../tokens/robot", "..data"]) {
      expect((await wipe(await issued(sub))).status, sub).toBe(403);
    }
    await guard.untouched(`Bearer ${robotToken}`);
  });

  it("and a forged JWT is not looked for among the static ones, nor a static one among JWTs", async () => {
    const claims = { iss: world.iss, aud: audience, exp: inSeconds(600), sub: "robot" };
    const unsigned = await forge({ alg: "none" }, claims, () => new Uint8Array());
    for (const token of [
      unsigned,
      `${robotToken}..`,
      `.${robotToken}.`,
      `..${robotToken}`,
      `${robotToken}.a.b`,
    ]) {
      expect((await wipe(token)).status).toBe(401);
    }
    await guard.untouched(`Bearer ${robotToken}`);
  });

  it("a session is of the one that opened it, not of the same name in another case", async () => {
    const session = {
      "mcp-session-id": await openSession(guard.url, { authorization: `Bearer ${robotToken}` }),
    };
    guard.upstream.seen.length = 0;
    expect((await wipe(await issued("Robot"), session)).status).toBe(404);
    await guard.untouched(`Bearer ${robotToken}`);
    expect((await wipe(robotToken, session)).rpc.result).toMatchObject({ content: [{ text: "wiped" }] });
  });
});
