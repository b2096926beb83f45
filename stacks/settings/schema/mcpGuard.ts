import { z } from "zod";
import { GUARD_DEFAULTS } from "../../../components/mcpGuard/defaults.ts";
import { CALLER, origin } from "../../../components/mcpGuard/forms.ts";
import { issuerConflict } from "../../../components/mcpGuard/issuer.ts";
import * as guard from "../../../components/mcpGuard/schema.ts";
import { clients, egress } from "./clients.ts";
import { described, failing, resources } from "./fields.ts";
import { guardBreaker, guardLimits, guardRetries } from "./guardParts.ts";

const { jwt } = GUARD_DEFAULTS;

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
          otherwise: "Entra ID's, or the issuer's own where its URL has one; else required",
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
      const way = value.jwt && issuerConflict(value.jwt);
      return [
        ...(conflict ? [{ path: conflict.key ? [conflict.key] : [], message: conflict.rule }] : []),
        ...(way ? [{ path: ["jwt", way.key], message: way.rule }] : []),
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
