import { z } from "zod";
import { egressRule } from "../network/egress.ts";
import {
  ALGORITHMS,
  type McpGuardAuthorization,
  type McpGuardBreaker,
  type McpGuardJwt,
  type McpGuardLimits,
  type McpGuardRetries,
  type McpGuardSearch,
} from "./args.ts";
import { GUARD_DEFAULTS } from "./defaults.ts";
import {
  CALLER,
  HOST,
  httpsUrl,
  httpUrl,
  list,
  named,
  oneOf,
  origin,
  section,
  someText,
  text,
  whole,
  yesOrNo,
} from "./forms.ts";

/*
 * What the plain arguments of a guard may be. The settings of a stack use the same parts, and add what they mean to
 * people. Source of the limits: servers/guard/config.
 */

const tool = someText("the name of a tool");
const role = someText("the name of a role");
const claim = someText("the name of a claim");
const rate = section({ calls: whole(1, 1_000_000), seconds: whole(1, 86_400) });

export const limits = section({
  caller: rate.optional(),
  tools: named(rate, "tools and their limits").optional(),
  engines: named(rate, "engines and their limits").optional(),
  concurrency: whole(1, 10_000).optional(),
  bodyBytes: whole(1024, 67_108_864).optional(),
  requestSeconds: whole(1, 300).optional(),
  callSeconds: whole(1, 86_400).optional(),
  sessions: whole(1, 100_000).optional(),
  sessionsPerCaller: whole(1, 100_000).optional(),
  sessionIdleSeconds: whole(1, 86_400).optional(),
}) satisfies z.ZodType<McpGuardLimits>;

export const breaker = section({
  failures: whole(1, 1000).optional(),
  openSeconds: whole(1, 3600).optional(),
}) satisfies z.ZodType<McpGuardBreaker>;

export const retries = section({
  attempts: whole(0, 10).optional(),
  initialMs: whole(1, 60_000).optional(),
  maxMs: whole(1, 60_000).optional(),
  tools: list(tool, "a list of tools").optional(),
}) satisfies z.ZodType<McpGuardRetries>;

/** Why the delays of repetitions can't be as they are. */
export function retriesRule({ initialMs, maxMs }: McpGuardRetries): string | undefined {
  const { retries } = GUARD_DEFAULTS;
  const longest = maxMs ?? retries.maxMs;
  return (initialMs ?? retries.initialMs) <= longest ? undefined : `at most maxMs, which is ${longest}`;
}

export const search = section({
  tool: tool.optional(),
  enginesArgument: someText("the name of an argument").optional(),
  engines: list(someText("the name of an engine"), "a list of engines", 1).refine(
    (engines) => new Set(engines).size === engines.length,
    { error: ({ input }) => `${JSON.stringify(input)} is not allowed; it must name each engine once` },
  ),
  fallback: yesOrNo().optional(),
}) satisfies z.ZodType<McpGuardSearch>;

export const rule = section({
  effect: oneOf("allow", "deny"),
  tools: list(tool, 'a list of tools such as "search" and "fetch*"', 1),
  roles: list(role, "a list of roles", 1).optional(),
  subjects: list(someText("a caller"), "a list of callers", 1).optional(),
});

export const authorization = section({
  default: oneOf("allow", "deny").optional(),
  rules: list(rule, "a list of rules").optional(),
}) satisfies z.ZodType<McpGuardAuthorization>;

const cidr = z.string().superRefine((value, context) => {
  const words = egressRule(value);
  if (words !== undefined) {
    context.addIssue({
      code: "custom",
      message: `${JSON.stringify(value)} is not allowed; it must be ${words}`,
    });
  }
});

export const jwt = section({
  issuer: httpsUrl("https://login.microsoftonline.com/<tenant>/v2.0"),
  audience: list(someText("an audience"), "a list of audiences", 1),
  jwksUri: httpsUrl("https://login.microsoftonline.com/<tenant>/discovery/v2.0/keys").optional(),
  algorithms: list(oneOf(...ALGORITHMS), "a list of algorithms", 1).optional(),
  clockToleranceSeconds: whole(0, 300).optional(),
  subjectClaim: claim.optional(),
  rolesClaim: claim.optional(),
  scopesClaim: claim.optional(),
  egress: list(
    section({ cidr, ports: list(whole(1, 65_535), "a list of ports").optional() }),
    "a list of addresses",
  ).optional(),
}) satisfies z.ZodType<McpGuardJwt>;

export const caller = section({ roles: list(role, "a list of roles").optional() });

export const callers = named(caller, "callers", text(CALLER)).refine(
  (value) => Object.keys(value).length > 0,
  {
    error: "is not allowed to be empty; it must name at least one caller",
  },
);

export const none = oneOf("anyone-may-call");

/** What ways of proving who one is can't go together, and where the mistake is. */
export function authenticationConflict({
  jwt,
  tokens,
  none,
}: {
  jwt?: unknown;
  tokens?: unknown;
  none?: unknown;
}) {
  const ways = jwt !== undefined || tokens !== undefined;
  if (none !== undefined && ways)
    return { key: "none", rule: "left out where there are jwt or tokens: it stands alone" };
  if (none !== undefined || ways) return undefined;
  return { rule: 'jwt, tokens or both; or, for everybody to call, in so many words none: "anyone-may-call"' };
}

/** All plain arguments; `token` and the Inputs are checked where they are used. */
export const guardArgs = section({
  authentication: section({ jwt: jwt.optional(), tokens: callers.optional(), none: none.optional() }),
  authorization: authorization.optional(),
  limits: limits.optional(),
  breaker: breaker.optional(),
  retries: retries.optional(),
  search: search.optional(),
  sse: yesOrNo().optional(),
  allowedOrigins: list(origin, "a list of origins").optional(),
  allowedHosts: list(text(HOST), "a list of host names").optional(),
  publicUrl: httpUrl("https://mcp.example.com/mcp").optional(),
  logLevel: oneOf("debug", "info", "warn", "error", "silent").optional(),
});
