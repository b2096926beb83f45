import { describe, expect, it } from "vitest";
import type { McpGuardArgs } from "../../../components/mcpGuard/args.ts";
import { checkGuard } from "../../../components/mcpGuard/check.ts";
import { InputPropertyError } from "../../../components/validation.ts";
import { guardOf } from "./guarded.ts";

const jwt = { issuer: "https://login.microsoftonline.com/tenant/v2.0", audience: ["api://search"] };
/** Arguments as a program without types could give them. */
const loose = (changes: object) => guardOf(changes as Partial<McpGuardArgs>);

describe("checkGuard", () => {
  it("takes no guard when it is said in so many words, and nothing else for it", () => {
    expect(() => checkGuard("none")).not.toThrow();
    expect(() => checkGuard(undefined)).toThrow(
      /^guard: is missing; it must be \{ image, authentication \} or, .* in so many words "none"/,
    );
    for (const other of ["off", false, null, 0]) {
      expect(() => checkGuard(other as never)).toThrow(/^guard: .* is not allowed; it must be \{ image/);
    }
  });

  it.each<[string, object, RegExp]>([
    [
      "no authentication",
      { authentication: undefined },
      /^guard.authentication: is missing; it must be a structure of jwt, tokens, none/,
    ],
    [
      "authentication by nothing",
      { authentication: {} },
      /^guard.authentication: must be jwt, tokens or both; .* none: "anyone-may-call"/,
    ],
    [
      "none in other words",
      { authentication: { none: true } },
      /^guard.authentication.none: true is not allowed; it must be "anyone-may-call"/,
    ],
    [
      "none beside tokens",
      { authentication: { none: "anyone-may-call", tokens: { chat: {} } } },
      /^guard.authentication.none: must be left out where there are jwt or tokens/,
    ],
    [
      "tokens of nobody",
      { authentication: { tokens: {} } },
      /^guard.authentication.tokens: is not allowed to be empty/,
    ],
    [
      "a caller who would be a path",
      { authentication: { tokens: { "../x": {} } } },
      /^guard.authentication.tokens.\.\.\/x: is no name that is allowed: .*1 to 63 of a-z/,
    ],
    [
      "a misspelling of a caller's roles",
      { authentication: { tokens: { chat: { role: ["a"] } } } },
      /^guard.authentication.tokens.chat: "role" is unknown here; there are roles/,
    ],
    [
      "no audience",
      { authentication: { jwt: { ...jwt, audience: [] } } },
      /^guard.authentication.jwt.audience: \[\] is not allowed; it must be a list of audiences, with at least 1/,
    ],
    [
      "an issuer that anybody on the way could be",
      { authentication: { jwt: { ...jwt, issuer: "http://login.example.com" } } },
      /^guard.authentication.jwt.issuer: "http:.* it must be an https URL/,
    ],
    [
      "a signature that everybody can make",
      { authentication: { jwt: { ...jwt, algorithms: ["none"] } } },
      /^guard.authentication.jwt.algorithms\[0\]: "none" is not allowed/,
    ],
    [
      "a signature that the guard could make itself",
      { authentication: { jwt: { ...jwt, algorithms: ["HS256"] } } },
      /^guard.authentication.jwt.algorithms\[0\]: "HS256" is not allowed/,
    ],
    [
      "an issuer somewhere on the internet",
      { authentication: { jwt: { ...jwt, issuer: "https://login.example.com" } } },
      /^guard.authentication.jwt.egress: is missing; it must be a list of the addresses of login.example.com/,
    ],
    [
      "the metadata service as the issuer",
      { authentication: { jwt: { ...jwt, egress: [{ cidr: "169.254.169.254/32" }] } } },
      /^guard.authentication.jwt.egress\[0\].cidr: .* another range than the instance metadata service/,
    ],
    [
      "a rule for no tool",
      { authorization: { rules: [{ effect: "allow", tools: [] }] } },
      /^guard.authorization.rules\[0\].tools: \[\] is not allowed; .* with at least 1/,
    ],
    [
      "a rule for no role, which would be one for everybody",
      { authorization: { rules: [{ effect: "allow", tools: ["x"], roles: [] }] } },
      /^guard.authorization.rules\[0\].roles: \[\] is not allowed/,
    ],
    ["no calls", { limits: { caller: { calls: 0, seconds: 1 } } }, /^guard.limits.caller.calls: 0 is not/],
    ["half a call", { limits: { concurrency: 0.5 } }, /^guard.limits.concurrency: 0.5 .* from 1 to 10000/],
    [
      "a limit of an engine that isn't asked",
      { limits: { engines: { bign: { calls: 1, seconds: 1 } } }, search: { engines: ["bing"] } },
      /^guard.limits.engines.bign: must be left out, because it is none of search.engines/,
    ],
    ["an engine twice", { search: { engines: ["a", "a"] } }, /^guard.search.engines: .* each engine once/],
    [
      "a first delay above the longest, which is the default",
      { retries: { initialMs: 3000 } },
      /^guard.retries.initialMs: must be at most maxMs, which is 2000/,
    ],
    [
      "a page for an origin",
      { allowedOrigins: ["https://chat.example.com/"] },
      /^guard.allowedOrigins\[0\]: .* it must be an origin/,
    ],
    ["a port in a host", { allowedHosts: ["a:1"] }, /^guard.allowedHosts\[0\]: .* host name without port/],
    ["a misspelling", { limit: {} }, /^guard: "limit" is unknown here; there are .*limits/],
  ])("refuses %s", (_, changes, message) => {
    expect(() => checkGuard(loose(changes))).toThrow(InputPropertyError);
    expect(() => checkGuard(loose(changes))).toThrow(message);
  });
});
