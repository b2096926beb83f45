import { setImmediate } from "node:timers/promises";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createAuthenticator } from "../../../../servers/guard/authentication/index.ts";
import { audience, jwtSettings, type Key, keptLog, makeKey, reasonOf, sign, startIssuer } from "./issuer.ts";

let first: Key;
let second: Key;
beforeAll(async () => {
  [first, second] = await Promise.all([makeKey("ES256", "1"), makeKey("ES256", "2")]);
});

// Only the clock that the keys' ages are told by; the network goes on by itself.
beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-11-23T12:00:00Z") }));
afterEach(() => void vi.useRealTimers());

const pass = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);
const metadataPath = "/.well-known/openid-configuration";

async function start(changes: Record<string, unknown> = {}) {
  const issuer = await startIssuer([first.jwk]);
  const { log, lines } = keptLog();
  const authenticator = await createAuthenticator(jwtSettings(issuer.issuer, changes), { log });
  const present = async (key: Key) =>
    authenticator.authenticate(`Bearer ${await sign(key, { iss: issuer.issuer })}`);
  return { issuer, present, lines };
}

describe("the issuer's keys", () => {
  it("are found by discovery and fetched once, when the first token comes", async () => {
    const { issuer, present } = await start();
    expect(issuer.requests).toEqual([]);
    await Promise.all([present(first), present(first), present(first)]);
    await present(first);
    expect(issuer.requests).toEqual([metadataPath, "/keys"]);
  });

  it("come from their address, if that is set, without discovery", async () => {
    const issuer = await startIssuer([first.jwk]);
    const settings = jwtSettings("https://issuer.example", { jwksUri: `${issuer.issuer}/keys` });
    const authenticator = await createAuthenticator(settings, { log: keptLog().log });
    const token = await sign(first, { iss: "https://issuer.example" });
    expect((await authenticator.authenticate(`Bearer ${token}`)).subject).toBe("alice");
    expect(issuer.requests).toEqual(["/keys"]);
  });

  it("are fetched anew for a key that isn't known, but once in 30 seconds", async () => {
    const { issuer, present } = await start();
    await present(first);
    issuer.keys = [first.jwk, second.jwk];
    pass(29);
    expect(await reasonOf(present(second))).toBe("signature");
    expect(issuer.requests).toHaveLength(2);
    pass(2);
    expect((await present(second)).subject).toBe("alice");
    expect(issuer.requests).toHaveLength(3);
    const madeUp = { ...second, kid: "made up" };
    expect(await reasonOf(present(madeUp))).toBe("signature");
    pass(31);
    for (let i = 0; i < 5; i++) expect(await reasonOf(present(madeUp))).toBe("signature");
    expect(issuer.requests).toHaveLength(4);
  });

  it("that the issuer withdrew go with the next fetch", async () => {
    const { issuer, present } = await start();
    await present(first);
    issuer.keys = [second.jwk];
    pass(31);
    await present(second);
    expect(await reasonOf(present(first))).toBe("signature");
  });

  it.each(["metadata", "keys"])(
    "that can't be fetched for want of %s don't stop the start, and come when the issuer does",
    async (what) => {
      const { issuer, present, lines } = await start();
      if (what === "metadata") issuer.status = 503;
      else issuer.keys = "nonsense" as never;
      for (let i = 0; i < 3; i++) expect(await reasonOf(present(first))).toBe("keys-unavailable");
      issuer.status = 200;
      issuer.keys = [first.jwk];
      const asked = issuer.requests.length;
      // Nobody floods an issuer that is down, and one line says that it is.
      expect(asked).toBe(what === "metadata" ? 1 : 2);
      expect(lines).toHaveLength(1);
      expect(await reasonOf(present(first))).toBe("keys-unavailable");
      expect(issuer.requests).toHaveLength(asked);
      pass(6);
      expect((await present(first)).subject).toBe("alice");
    },
  );

  it("can't be fetched where nobody listens", async () => {
    const { log, lines } = keptLog();
    const nowhere = await startIssuer([]);
    const fetchNothing = () =>
      Promise.reject(new TypeError("fetch failed", { cause: new Error("ECONNREFUSED") }));
    const authenticator = await createAuthenticator(jwtSettings(nowhere.issuer), {
      log,
      fetch: fetchNothing,
    });
    const token = await sign(first, { iss: nowhere.issuer });
    expect(await reasonOf(authenticator.authenticate(`Bearer ${token}`))).toBe("keys-unavailable");
    expect(lines.join()).toContain("fetch failed: ECONNREFUSED");
  });

  it("aren't known for a token of a new key while the issuer is down, and the others go on", async () => {
    const { issuer, present } = await start();
    await present(first);
    issuer.status = 500;
    pass(31);
    expect(await reasonOf(present(second))).toBe("keys-unavailable");
    expect((await present(first)).subject).toBe("alice");
  });

  it.each([301, 302, 307])("aren't fetched from where an answer %i points", async (status) => {
    const { issuer, present } = await start({});
    issuer.status = status;
    expect(await reasonOf(present(first))).toBe("keys-unavailable");
    expect(issuer.requests).toEqual([metadataPath]);
    const direct = await startIssuer([first.jwk]);
    direct.status = status;
    const settings = jwtSettings(direct.issuer, { jwksUri: `${direct.issuer}/elsewhere` });
    const authenticator = await createAuthenticator(settings, { log: keptLog().log });
    const token = await sign(first, { iss: direct.issuer });
    expect(await reasonOf(authenticator.authenticate(`Bearer ${token}`))).toBe("keys-unavailable");
    expect(direct.requests).toEqual(["/elsewhere"]);
  });

  it("never come from metadata of another issuer", async () => {
    const { issuer, present, lines } = await start();
    issuer.metadata = { issuer: "https://evil.example" };
    expect(await reasonOf(present(first))).toBe("keys-unavailable");
    expect(issuer.requests).toEqual([metadataPath]);
    expect(lines.join()).toContain("evil.example");
  });
});

/**
 * An issuer without a network: its answers are there at once, so what runs beside a request ends with its
 * turn.
 */
async function inMemory(issuer: string, metadata: Record<string, unknown> = {}) {
  const state = { keys: [first.jwk], down: false, asked: [] as string[] };
  const answer = async (input: string | URL | Request) => {
    state.asked.push(String(input));
    if (state.down) throw new TypeError("fetch failed");
    if (!String(input).endsWith(metadataPath)) return Response.json({ keys: state.keys });
    return Response.json({ issuer, jwks_uri: "https://issuer.example/keys", ...metadata });
  };
  const { log, lines } = keptLog();
  const authenticator = await createAuthenticator(jwtSettings(issuer), { log, fetch: answer });
  const present = async (key: Key) => {
    const caller = await authenticator.authenticate(`Bearer ${await sign(key, { iss: issuer })}`);
    await setImmediate();
    return caller;
  };
  return Object.assign(state, { present, lines });
}

describe("keys that age", () => {
  it("are fetched anew after ten minutes, without anybody waiting for it", async () => {
    const issuer = await inMemory("https://issuer.example");
    await issuer.present(first);
    issuer.keys = [second.jwk];
    pass(599);
    await issuer.present(first);
    expect(issuer.asked).toHaveLength(2);
    pass(1);
    // The key went at the issuer, but this request is the one that finds out.
    expect((await issuer.present(first)).subject).toBe("alice");
    expect(issuer.asked).toHaveLength(3);
    expect(await reasonOf(issuer.present(first))).toBe("signature");
    expect((await issuer.present(second)).subject).toBe("alice");
  });

  it("serve on while the issuer is down, but not for more than an hour", async () => {
    const issuer = await inMemory("https://issuer.example");
    await issuer.present(first);
    issuer.down = true;
    pass(3599);
    expect((await issuer.present(first)).subject).toBe("alice");
    expect((await issuer.present(first)).subject).toBe("alice");
    expect(issuer.asked).toHaveLength(3);
    expect(issuer.lines).toHaveLength(1);
    pass(1);
    expect(await reasonOf(issuer.present(first))).toBe("keys-unavailable");
    issuer.down = false;
    pass(6);
    expect((await issuer.present(first)).subject).toBe("alice");
  });
});

describe("discovery", () => {
  it.each(["http://issuer.example/keys", "ftp://issuer.example/keys", "keys", 7, null])(
    "doesn't follow an issuer on https to %j",
    async (jwks_uri) => {
      const issuer = await inMemory("https://issuer.example", { jwks_uri });
      expect(await reasonOf(issuer.present(first))).toBe("keys-unavailable");
      expect(issuer.asked).toHaveLength(1);
    },
  );

  it("asks below the issuer's path, with and without a slash at its end", async () => {
    for (const issuer of ["https://login.example/tenant/v2.0", "https://login.example/tenant/v2.0/"]) {
      const { present, asked } = await inMemory(issuer);
      await present(first);
      expect(asked[0]).toBe(`https://login.example/tenant/v2.0${metadataPath}`);
    }
  });

  it("takes no answer that isn't metadata", async () => {
    const answers = ["null", "[]", "{", '"text"'];
    for (const body of answers) {
      const settings = jwtSettings("https://issuer.example");
      const options = { log: keptLog().log, fetch: async () => new Response(body) };
      const authenticator = await createAuthenticator(settings, options);
      const token = await sign(first, { iss: "https://issuer.example", aud: audience });
      expect(await reasonOf(authenticator.authenticate(`Bearer ${token}`))).toBe("keys-unavailable");
    }
  });
});
