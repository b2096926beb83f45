import { GUARD_DEFAULTS } from "../../../components/mcpGuard/defaults.ts";
import * as guard from "../../../components/mcpGuard/schema.ts";
import { described, failing } from "./fields.ts";

const { limits, breaker, retries, search, authorization } = GUARD_DEFAULTS;

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
    otherwise: `${limits.sessions}; as many as the memory holds over stdio`,
  },
  sessionsPerCaller: {
    description: "Open sessions of one caller at a server",
    example: 20,
    unit: "sessions",
    otherwise: "half of sessions; all of them where anyone may call",
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
