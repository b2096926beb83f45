/**
 * What the guard does where nothing is said. Nothing of it is passed on: it is here so that settings and documents
 * can tell. Source: servers/guard/config/schema.ts, with which a test compares it.
 */
export const GUARD_DEFAULTS = {
  authorization: { default: "allow" },
  limits: {
    caller: { calls: 120, seconds: 60 },
    concurrency: 16,
    bodyBytes: 1_048_576,
    requestSeconds: 30,
    callSeconds: 60,
    sessions: 1000,
    sessionIdleSeconds: 1800,
  },
  breaker: { failures: 5, openSeconds: 30 },
  retries: { attempts: 2, initialMs: 100, maxMs: 2000 },
  search: { tool: "search", enginesArgument: "engines", fallback: true },
  jwt: {
    algorithms: ["RS256"],
    clockToleranceSeconds: 30,
    subjectClaim: "sub",
    rolesClaim: "roles",
    scopesClaim: "scp",
  },
  logLevel: "info",
} as const;
