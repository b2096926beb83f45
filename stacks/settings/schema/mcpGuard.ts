import { z } from "zod";
import { GUARD_DEFAULTS } from "../../../components/mcpGuard/defaults.ts";
import { CALLER, origin } from "../../../components/mcpGuard/forms.ts";
import { issuerRule } from "../../../components/mcpGuard/issuer.ts";
import * as guard from "../../../components/mcpGuard/schema.ts";
import { clients, egress } from "./clients.ts";
import { described, failing, resources } from "./fields.ts";

const { limits, breaker, retries, search, authorization, jwt } = GUARD_DEFAULTS;

/** How much may be called, of every server; a server's own settings come on top. */
const everyServersLimits = guard.limits.omit({ tools: true, engines: true });

export const guardLimits = described(everyServersLimits, {
  caller: {
    description: "Calls of one caller to a server",
    example: { calls: 60, seconds: 60 },
    allowed: "calls from 1 to 1000000 in seconds from 1 to 86400",
    otherwise: `${limits.caller.calls} in ${limits.caller.seconds} seconds`,
  },
  concurrency: {
    description: "Calls at once to a server",
    example: 32,
    unit: "calls",
    otherwise: String(limits.concurrency),
  },
  bodyBytes: {
    description: "Largest body of a request",
    example: 262144,
    unit: "bytes",
    otherwise: String(limits.bodyBytes),
  },
  requestSeconds: {
    description: "How long a request may take to arrive",
    example: 10,
    unit: "seconds",
    otherwise: String(limits.requestSeconds),
  },
  callSeconds: {
    description: "Deadline of a call, with all repetitions",
    example: 300,
    unit: "seconds",
    otherwise: String(limits.callSeconds),
  },
  sessions: {
    description: "Open sessions of a server",
    example: 100,
    unit: "sessions",
    otherwise: String(limits.sessions),
  },
  sessionIdleSeconds: {
    description: "When a session that nobody uses ends",
    example: 600,
    unit: "seconds",
    otherwise: String(limits.sessionIdleSeconds),
  },
});

export const guardBreaker = described(guard.breaker, {
  failures: {
    description: "Failures of a server in a row after which calls aren't tried any more",
    example: 3,
    unit: "failures",
    otherwise: String(breaker.failures),
  },
  openSeconds: {
    description: "How long they aren't, before one is tried",
    example: 10,
    unit: "seconds",
    otherwise: String(breaker.openSeconds),
  },
});

export const guardRetries = described(guard.retries, {
  attempts: {
    description: "How often a failed call is made again, if it is safe to repeat",
    example: 1,
    unit: "times",
    otherwise: String(retries.attempts),
  },
  initialMs: {
    description: "Delay before the first repetition",
    example: 200,
    unit: "milliseconds",
    otherwise: String(retries.initialMs),
  },
  maxMs: {
    description: "Longest delay",
    example: 5000,
    unit: "milliseconds",
    otherwise: String(retries.maxMs),
  },
  tools: {
    description: "Tools that are safe to repeat, besides those whose annotations say so",
    example: ["fetch"],
    allowed: "a list of tools",
    otherwise: "none",
  },
}).superRefine(
  failing((value) => {
    const message = guard.retriesRule(value);
    return message === undefined ? [] : [{ path: ["initialMs"], message }];
  }),
);

/** Who may call which tool of a server. */
export const guardAuthorization = described(guard.authorization, {
  default: {
    description: "What holds where no rule matches",
    example: "deny",
    otherwise: `"${authorization.default}"`,
  },
  rules: {
    description: "Rules, of which the first that matches decides; tools/list shows what is allowed",
    example: [{ effect: "allow", tools: ["execute_*"], roles: ["operator"] }],
    allowed: "a list of { effect, tools, roles, subjects }; in tools * stands for any letters",
    otherwise: "none",
  },
});

/** Limits of one server, also by tool and by search engine. */
export const serverLimits = guardLimits.extend({
  tools: guard.limits.shape.tools.meta({
    description: "Calls of one caller to a tool, by the tool",
    example: { search: { calls: 10, seconds: 60 } },
    allowed: "tools, each with calls and seconds",
    otherwise: "none",
  }),
  engines: guard.limits.shape.engines.meta({
    description: "Calls of all callers to a search engine, by the engine",
    example: { bing: { calls: 100, seconds: 3600 } },
    allowed: "engines of guard.search.engines, each with calls and seconds",
    otherwise: "none",
  }),
});

/** A server that searches. */
export const guardSearch = described(guard.search, {
  tool: { description: "The tool that searches", example: "search", otherwise: search.tool },
  enginesArgument: {
    description: "Its argument that lists engines",
    example: "engines",
    otherwise: search.enginesArgument,
  },
  engines: {
    description: "Engines that may be asked, the best first",
    example: ["bing", "duckduckgo"],
    allowed: "a list of engines, with at least one",
  },
  fallback: {
    description: "When one fails the next is asked",
    example: false,
    otherwise: String(search.fallback),
  },
});

const authentication = z
  .strictObject({
    tokens: z
      .strictObject({
        callers: guard.callers.meta({
          description:
            "Callers with a static token each, made once: pulumi stack output --show-secrets mcpTokens",
          example: { chat: { roles: ["reader"] } },
          allowed: `callers by name, each ${CALLER.words}, with roles or {}`,
        }),
      })
      .optional(),
    jwt: described(guard.jwt.omit({ egress: true }), {
      issuer: {
        description: "Issuer whose tokens count, exactly as in their iss",
        example: "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/v2.0",
        allowed: "an https URL without user, query and fragment",
      },
      audience: {
        description: "What stands in aud of tokens for this stack's servers, one of it",
        example: ["api://mcpaas-dev"],
        allowed: "a list of texts, with at least one",
      },
      jwksUri: {
        description: "The issuer's public keys",
        example: "https://login.microsoftonline.com/common/discovery/v2.0/keys",
        allowed: "an https URL without user, query and fragment",
        otherwise: "as its OpenID discovery says",
      },
      algorithms: {
        description: "Signature algorithms that count",
        example: ["RS256", "ES256"],
        otherwise: JSON.stringify(jwt.algorithms),
      },
      clockToleranceSeconds: {
        description: "How far the issuer's clock may be off",
        example: 60,
        unit: "seconds",
        otherwise: String(jwt.clockToleranceSeconds),
      },
      subjectClaim: {
        description: "Claim that names the caller",
        example: "oid",
        otherwise: jwt.subjectClaim,
      },
      rolesClaim: {
        description: "Claim with the caller's roles",
        example: "groups",
        otherwise: jwt.rolesClaim,
      },
      scopesClaim: {
        description: "Claim with the caller's scopes, which count as roles",
        example: "scope",
        otherwise: jwt.scopesClaim,
      },
    })
      .extend({
        egress: egress.optional().meta({
          description: "Addresses of the issuer's keys, which the servers can then call too",
          example: [{ cidr: "20.190.128.0/18" }],
          otherwise: "Entra ID's, or where the issuer is in the cluster; else required",
        }),
      })
      .optional(),
    none: guard.none.optional().meta({
      description: "Nobody has to say who they are, in so many words; stands alone",
      example: "anyone-may-call",
    }),
  })
  .superRefine(
    failing((value) => {
      const conflict = guard.authenticationConflict(value);
      const way = value.jwt && issuerRule(value.jwt);
      return [
        ...(conflict ? [{ path: conflict.key ? [conflict.key] : [], message: conflict.rule }] : []),
        ...(way ? [{ path: ["jwt", "egress"], message: way }] : []),
      ];
    }),
  )
  .prefault({ tokens: { callers: { team: {} } } })
  .meta({
    description: "How callers of MCP servers prove who they are: tokens, jwt, both, or none",
    example: { tokens: { callers: { chat: {} } } },
    allowed: 'tokens, jwt or both, or none: "anyone-may-call"',
    otherwise: "a static token for the caller team",
  });

/** What stands before every MCP server of the stack. */
export const mcpGuard = z
  .strictObject({
    authentication,
    limits: guardLimits.optional(),
    breaker: guardBreaker.optional(),
    retries: guardRetries.optional(),
    allowedOrigins: z
      .array(origin)
      .default([])
      .meta({
        description: "Origins whose pages may call",
        example: ["https://chat.example.com"],
        allowed: "a list of origins",
      }),
    metricsClients: clients.meta({
      description: "Pods that may read the guards' metrics on port 9464",
      example: [{ namespace: "kube-system", podLabels: { rsName: "ama-metrics" } }],
      otherwise: "nobody",
    }),
    resources,
    logLevel: guard.guardArgs.shape.logLevel.meta({
      description: "Least severe lines of the guards' logs; the audit comes at every level",
      example: "debug",
      otherwise: GUARD_DEFAULTS.logLevel,
    }),
  })
  .prefault({});
