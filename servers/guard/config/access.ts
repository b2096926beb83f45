import { list, named, oneOf, safeUrl, section, someText, text, toolName, wholeNumber } from "./forms.ts";

/** Signatures that only the issuer can make. Source: RFC 7518 section 3.1 and RFC 8037; "none" and HMAC left out. */
const ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
] as const;

const claim = someText("the name of a claim");
const role = someText("the name of a role");

const jwt = section({
  /** The issuer of the tokens, exactly as it stands in their `iss`. */
  issuer: safeUrl("https://login.microsoftonline.com/<tenant>/v2.0"),
  /** Values of `aud` that are this server; a token needs one of them. */
  audience: list(someText("an audience"), "a list of audiences").min(1, "must name at least one audience"),
  /** The issuer's public keys. @default - as OpenID discovery of the issuer says */
  jwksUri: safeUrl("https://login.microsoftonline.com/<tenant>/discovery/v2.0/keys").optional(),
  /** Signature algorithms to accept; none and symmetric ones can't be. @default ["RS256"] */
  algorithms: list(oneOf(...ALGORITHMS), "a list of algorithms")
    .min(1, "must name at least one algorithm")
    .default(["RS256"]),
  /** How far the issuer's clock may be off, in seconds, 0 to 300. @default 30 */
  clockToleranceSeconds: wholeNumber(0, 300).default(30),
  /** Claim that names the caller. @default "sub" */
  subjectClaim: claim.default("sub"),
  /** Claim with the caller's roles, a list. @default "roles" */
  rolesClaim: claim.default("roles"),
  /** Claim with the caller's scopes, text with spaces between them or a list; they count as roles. @default "scp" */
  scopesClaim: claim.default("scp"),
});

const tokens = section({
  /** Folder with a file a caller: its name is the caller, its content the bearer token. */
  directory: text("an absolute path such as /var/run/secrets/mcp-guard/tokens", /^\/.+/).default(
    "/var/run/secrets/mcp-guard/tokens",
  ),
  /** Roles of callers. @default {} (no roles) */
  roles: named(list(role, "a list of roles"), "callers and their roles").default({}),
});

/** Who may call at all; see the README of the guard. */
export const authenticationSection = section({
  /** Tokens of an OAuth 2 or OpenID Connect issuer. */
  jwt: jwt.optional(),
  /** Static bearer tokens. */
  tokens: tokens.optional(),
  /** "anyone-may-call" switches authentication off; only alone. */
  none: oneOf("anyone-may-call").optional(),
}).superRefine(({ jwt, tokens, none }, context) => {
  const others = jwt !== undefined || tokens !== undefined;
  if (none === undefined && !others) {
    const message =
      "must have jwt, tokens or both; to let everybody call, say so in so many words: none: anyone-may-call";
    context.addIssue({ code: "custom", message });
  }
  if (none !== undefined && others) {
    context.addIssue({ code: "custom", path: ["none"], message: "must stand alone, without jwt and tokens" });
  }
});

const rule = section({
  /** What the rule says. */
  effect: oneOf("allow", "deny"),
  /** Names of tools; "*" stands for any letters. */
  tools: list(toolName, 'a list of tools such as "search" and "fetch*"').min(
    1,
    "must name at least one tool",
  ),
  /** Whoever has one of these roles. @default - everybody, unless `subjects` says otherwise */
  roles: list(role, "a list of roles").min(1, "must name at least one role, or be left out").optional(),
  /** Whoever is one of these. @default - everybody, unless `roles` says otherwise */
  subjects: list(someText("a caller's subject"), "a list of subjects")
    .min(1, "must name at least one subject, or be left out")
    .optional(),
});

/** Who may call which tool. */
export const authorizationSection = section({
  /** What holds where no rule matches. @default "allow" */
  default: oneOf("allow", "deny").default("allow"),
  /** The first rule that matches decides. @default [] */
  rules: list(rule, "a list of rules").default([]),
});
