import type * as pulumi from "@pulumi/pulumi";
import type { NetworkEgress } from "../network/egress.ts";
import type { NetworkClient } from "../network/specs.ts";
import type { ContainerResources } from "../resources.ts";

/**
 * What stands before an MCP server: `servers/guard`, as a container of its pod. All but the image, the audience and
 * the tokens are plain values: what they say decides what is made. Source of names and limits: the guard's own
 * settings in servers/guard/config, which refuse what is not refused here.
 */
export interface McpGuardArgs {
  /** The guard's image with tag or digest; ":latest" and no tag are errors. */
  image: pulumi.Input<string>;
  /** How callers prove who they are. */
  authentication: McpGuardAuthentication;
  /** Who may call which tool; `tools/list` shows a caller only those. @default - all callers may call all tools */
  authorization?: McpGuardAuthorization;
  /** How much may be called. With several pods each counts for itself. @default {} */
  limits?: McpGuardLimits;
  /** When calls to a server that fails are not even tried. @default {} */
  breaker?: McpGuardBreaker;
  /** Which failed calls are made again. @default {} */
  retries?: McpGuardRetries;
  /** What is particular to a server that searches the web. @default - it is no such server */
  search?: McpGuardSearch;
  /** The server has the older SSE transport too (/sse and /messages), and clients may use it. @default false */
  sse?: boolean;
  /** Origins whose pages may call, such as "https://chat.example.com"; no Origin is always allowed. @default [] */
  allowedOrigins?: string[];
  /** Names without ports by which the server may be called. @default [] (any) */
  allowedHosts?: string[];
  /** The endpoint's URL as clients know it, where they come by a gateway; OAuth clients are told it. @default - `url` */
  publicUrl?: string;
  /** Who may read /metrics on port 9464; as `clients` of the server. @default [] (nobody) */
  metricsClients?: NetworkClient[];
  /**
   * Requests and limits of the guard.
   * @default { requests: { cpu: "50m", memory: "160Mi" }, limits: { memory: "256Mi" } }
   */
  resources?: ContainerResources;
  /** Least severe lines of its log; the audit's lines come at every level. @default "info" */
  logLevel?: "debug" | "info" | "warn" | "error" | "silent";
}

/** One or both of `jwt` and `tokens`, or `none` alone. */
export interface McpGuardAuthentication {
  /** Tokens of an OAuth 2 or OpenID Connect issuer, such as Entra ID. @default - none count */
  jwt?: McpGuardJwt;
  /** Static bearer tokens, by the caller's name: 1 to 63 of a-z, 0-9, '-' and '.'. @default - none */
  tokens?: Record<string, McpGuardCaller>;
  /** "anyone-may-call": whoever the NetworkPolicy lets in. In so many words, so that nobody comes by it by accident. */
  none?: "anyone-may-call";
}

/** Whose tokens count, and what is read from them. */
export interface McpGuardJwt {
  /** The issuer, an https URL, exactly as it stands in `iss`: "https://login.microsoftonline.com/<tenant>/v2.0". */
  issuer: string;
  /** What stands in `aud` of tokens for this server; a token needs one of them. */
  audience: pulumi.Input<string>[];
  /** The issuer's public keys. @default - what its OpenID discovery says */
  jwksUri?: string;
  /** Signature algorithms that count; none and symmetric ones are errors. @default ["RS256"] */
  algorithms?: McpGuardAlgorithm[];
  /** How far the issuer's clock may be off, in seconds, 0 to 300. @default 30 */
  clockToleranceSeconds?: number;
  /** The claim that names the caller. @default "sub" */
  subjectClaim?: string;
  /** The claim with the caller's roles. @default "roles" */
  rolesClaim?: string;
  /** The claim with the caller's scopes, which count as roles. @default "scp" */
  scopesClaim?: string;
  /**
   * Addresses that the guard fetches the keys from. A pod is one to a NetworkPolicy: what is opened for the guard is
   * open to the server too.
   * @default - where `jwksUri`, or else `issuer`, is: an address, or Entra ID's addresses; for another name it must be
   * given. A Service of the cluster is an error: its certificate is none that the guard trusts
   */
  egress?: NetworkEgress[];
}

/** Signatures that only the issuer can make. Source: servers/guard/config/access.ts. @useDeclaredType */
export type McpGuardAlgorithm = (typeof ALGORITHMS)[number];

/** All of them. */
export const ALGORITHMS = [
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

/** Somebody with a static token. */
export interface McpGuardCaller {
  /** What `authorization` knows the caller by, besides its name. @default [] */
  roles?: string[];
  /** The token, at least 32 characters without spaces. @default - 64 hexadecimal digits, made once and kept */
  token?: pulumi.Input<string>;
}

/** Who may call which tool. */
export interface McpGuardAuthorization {
  /** What holds where no rule matches. @default "allow" */
  default?: "allow" | "deny";
  /** The first that matches decides. @default [] */
  rules?: McpGuardRule[];
}

/** Matches a call of one of `tools` by somebody with one of `roles` or among `subjects`; without both, by anybody. */
export interface McpGuardRule {
  /** What follows when it matches. */
  effect: "allow" | "deny";
  /** Names; "*" stands for any letters. */
  tools: string[];
  /** Roles, of which the caller needs one. @default - the caller's don't matter */
  roles?: string[];
  /** Callers, by their names. @default - the caller's doesn't matter */
  subjects?: string[];
}

/** So many calls, 1 to 1000000, in so many seconds, 1 to 86400. */
export interface McpGuardRate {
  /** Calls, 1 or more. */
  calls: number;
  /** In how many seconds. */
  seconds: number;
}

/** How much may be called; what is beyond is answered 429, 413, 408, 504 or 503. */
export interface McpGuardLimits {
  /** Calls of a caller. @default { calls: 120, seconds: 60 } */
  caller?: McpGuardRate;
  /** Calls of a caller to a tool, by the tool. @default {} */
  tools?: Record<string, McpGuardRate>;
  /** Calls of all callers to a search engine, by the engine. @default {} */
  engines?: Record<string, McpGuardRate>;
  /** Calls at once, 1 to 10000. @default 16 */
  concurrency?: number;
  /** Largest body of a request in bytes, 1024 to 67108864. @default 1048576 */
  bodyBytes?: number;
  /** How long a request may take to arrive, in seconds, 1 to 300. @default 30 */
  requestSeconds?: number;
  /** Deadline of a call with all repetitions, in seconds, 1 to 86400. @default 60 */
  callSeconds?: number;
  /** Open sessions, 1 to 100000. @default - 1000; over stdio as many as the server's memory has room for */
  sessions?: number;
  /** Those of one caller, 1 to 100000. @default - half of `sessions`; all of them where anyone may call */
  sessionsPerCaller?: number;
  /** When a session that is not used ends, in seconds, 1 to 86400. @default 1800 */
  sessionIdleSeconds?: number;
}

/** When the server counts as down. */
export interface McpGuardBreaker {
  /** Failures in a row, 1 to 1000; a tool that says it failed is none. @default 5 */
  failures?: number;
  /** How long nothing is tried then, in seconds, 1 to 3600. @default 30 */
  openSeconds?: number;
}

/** Repetitions, only of what is safe to repeat. */
export interface McpGuardRetries {
  /** How many, 0 to 10. @default 2 */
  attempts?: number;
  /** Delay before the first in milliseconds, 1 to 60000. @default 100 */
  initialMs?: number;
  /** Longest delay in milliseconds, 1 to 60000 and not below `initialMs`. @default 2000 */
  maxMs?: number;
  /** Tools that are safe to repeat, besides those whose annotations say so. @default [] */
  tools?: string[];
}

/** A server with a tool that asks search engines. */
export interface McpGuardSearch {
  /** The tool. @default "search" */
  tool?: string;
  /** Its argument with the engines. @default "engines" */
  enginesArgument?: string;
  /** Engines that may be asked, the best first. */
  engines: string[];
  /** When one fails the next is asked. @default true */
  fallback?: boolean;
}
