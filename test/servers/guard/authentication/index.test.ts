import { describe, expect, it } from "vitest";
import { createAuthenticator } from "../../../../servers/guard/authentication/index.ts";
import { jwtSettings, keptLog, makeKey, reasonOf, sign, startIssuer } from "./issuer.ts";

const { log } = keptLog();

describe("authentication", () => {
  it("that is switched off in so many words takes anybody as anonymous", async () => {
    const authenticator = await createAuthenticator({ none: "anyone-may-call" }, { log });
    const anonymous = { subject: "anonymous", roles: [] };
    expect(await authenticator.authenticate(undefined)).toEqual(anonymous);
    expect(await authenticator.authenticate("Bearer whatever")).toEqual(anonymous);
  });

  it("wants a bearer token, and nothing else will do", async () => {
    const authenticator = await createAuthenticator(jwtSettings("https://issuer.example"), { log });
    expect(await reasonOf(authenticator.authenticate(undefined))).toBe("missing");
    const wrong = [
      "",
      "Bearer",
      "Bearer ",
      "Basic YTpi",
      "a.b.c",
      "Bearer a.b.c, Bearer d.e.f",
      "Bearer a b",
      "Bearer =a",
    ];
    for (const header of [...wrong, "Bearer\ta.b.c", " Bearer a.b.c", "Bearer a.b.ç", "Bearer a.b.c\n"]) {
      expect([header, await reasonOf(authenticator.authenticate(header))]).toEqual([header, "malformed"]);
    }
  });

  it("reads the scheme in any case and past several blanks (RFC 9110, section 11.1)", async () => {
    const key = await makeKey("ES256", "1");
    const issuer = await startIssuer([key.jwk]);
    const authenticator = await createAuthenticator(jwtSettings(issuer.issuer), { log });
    const token = await sign(key, { iss: issuer.issuer });
    for (const scheme of ["Bearer ", "bearer ", "BEARER   "]) {
      expect((await authenticator.authenticate(scheme + token)).subject).toBe("alice");
    }
  });
});
