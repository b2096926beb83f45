import type { z } from "zod";
import { authenticationSection, authorizationSection } from "./access.ts";
import {
  address,
  host,
  httpUrl,
  list,
  named,
  oneOf,
  origin,
  path,
  port,
  rate,
  section,
  someText,
  text,
  toolName,
  wholeNumber,
  yesOrNo,
} from "./forms.ts";

const headerName = /^[a-z0-9!#$%&'*+.^_`|~-]+$/i;
/** What the guard itself decides for each request. */
const RESERVED_HEADERS =
  /^(host|connection|keep-alive|te|trailer|upgrade|transfer-encoding|content-(length|type|encoding)|mcp-.*|accept.*)$/i;

const listen = section({
  /** Address of the MCP endpoint. @default "0.0.0.0" */
  host: address.default("0.0.0.0"),
  /** TCP port of the MCP endpoint; 0 takes any free one. @default 3000 */
  port: port.default(3000),
  /** Path of the streamable HTTP endpoint. @default "/mcp" */
  path: path.default("/mcp"),
  /** Path of the SSE transport's stream, where `upstream.sse` is on. @default "/sse" */
  ssePath: path.default("/sse"),
  /** Path to which clients of the SSE transport post. @default "/messages" */
  messagesPath: path.default("/messages"),
  /** Origins whose pages may call; requests without an Origin always may, others are answered 403. @default [] */
  allowedOrigins: list(origin, "a list of origins").default([]),
  /** Host names without ports that requests may name; others are answered 403. @default [] (any) */
  allowedHosts: list(host, "a list of host names").default([]),
  /**
   * After how many seconds, give or take a quarter, a connection ends with its next answer, 0 to 86400; 0 is never. A
   * Service balances connections and no requests: without it new pods get no calls of clients that are there already.
   * @default 0
   */
  connectionSeconds: wholeNumber(0, 86_400).default(0),
  /**
   * The MCP endpoint's URL as clients know it, for the OAuth metadata.
   * @default - http, the Host of the request and `path`
   */
  publicUrl: httpUrl("https://mcp.example.com/mcp").optional(),
});

const management = section({
  /** Address of /healthz, /readyz and /metrics. @default "0.0.0.0" */
  host: address.default("0.0.0.0"),
  /** TCP port of /healthz, /readyz and /metrics; 0 takes any free one. @default 9464 */
  port: port.default(9464),
});

const upstream = section({
  /** The MCP server's streamable HTTP endpoint. */
  url: httpUrl("http://127.0.0.1:8080/mcp"),
  /** Also pass on the SSE transport of MCP 2024-11-05. @default false */
  sse: yesOrNo.default(false),
  /** Path of the server's SSE stream. @default "/sse" */
  ssePath: path.default("/sse"),
  /**
   * For how many seconds /readyz goes by the server's last answer to its `initialize`, 1 to 300. A gateway that
   * starts a process for each session deserves a long one. @default 10
   */
  probeSeconds: wholeNumber(1, 300).default(10),
  /** Headers that every request to the server carries, for example a key of its own. @default {} */
  headers: named(text("a header's value", /^[\t\x20-\x7e]*$/), "headers and their values")
    .superRefine((headers, context) => {
      for (const name of Object.keys(headers)) {
        if (headerName.test(name) && !RESERVED_HEADERS.test(name)) continue;
        const message = headerName.test(name)
          ? "is decided by the guard for each request; leave it out"
          : "is no header name";
        context.addIssue({ code: "custom", path: [name], message });
      }
    })
    .default({}),
});

const limits = section({
  /** Per caller, all tools together. @default { calls: 120, seconds: 60 } */
  caller: rate.default({ calls: 120, seconds: 60 }),
  /** Per caller and tool. @default {} (no limit but the caller's) */
  tools: named(rate, "tools and their limits").default({}),
  /** Per search engine, all callers together. @default {} (no limit) */
  engines: named(rate, "engines and their limits").default({}),
  /** Calls of tools at once, all callers together; more are answered 429. 1 to 10000. @default 16 */
  concurrency: wholeNumber(1, 10_000).default(16),
  /** Largest body of a request in bytes, 1024 to 67108864; larger ones are answered 413. @default 1048576 */
  bodyBytes: wholeNumber(1024, 64 * 1024 * 1024).default(1_048_576),
  /** How long a client may take to send a request, in seconds, 1 to 300; then 408. @default 30 */
  requestSeconds: wholeNumber(1, 300).default(30),
  /** Deadline of a call with all its retries, in seconds, 1 to 86400; then 504. @default 60 */
  callSeconds: wholeNumber(1, 86_400).default(60),
  /** Sessions open at once, 1 to 100000; more are answered 503. @default 1000 */
  sessions: wholeNumber(1, 100_000).default(1000),
  /**
   * Sessions of one caller open at once, 1 to 100000; more are answered 503.
   * @default - half of `sessions`; all of them where anyone may call
   */
  sessionsPerCaller: wholeNumber(1, 100_000).optional(),
  /** After how many seconds without a request or an open stream a session ends, 1 to 86400. @default 1800 */
  sessionIdleSeconds: wholeNumber(1, 86_400).default(1800),
});

const breaker = section({
  /**
   * Failures of the server in a row that open the breaker, 1 to 1000: not reached, 5xx, or no byte of an answer
   * until the deadline. @default 5
   */
  failures: wholeNumber(1, 1000).default(5),
  /** How long calls are then refused before one is tried, in seconds, 1 to 3600. @default 30 */
  openSeconds: wholeNumber(1, 3600).default(30),
});

const retries = section({
  /** How often a failed request is repeated, 0 to 10; 0 never repeats. @default 2 */
  attempts: wholeNumber(0, 10).default(2),
  /** Delay before the first repetition in milliseconds, before jitter, 1 to 60000. @default 100 */
  initialMs: wholeNumber(1, 60_000).default(100),
  /** Longest delay in milliseconds, 1 to 60000. @default 2000 */
  maxMs: wholeNumber(1, 60_000).default(2000),
  /** Tools that are safe to repeat, besides those whose annotations say so. @default [] */
  tools: list(toolName, "a list of tools").default([]),
}).refine(({ initialMs, maxMs }) => initialMs <= maxMs, {
  path: ["maxMs"],
  error: "must not be smaller than initialMs",
});

const sessions = section({
  /**
   * What a session is to the server. "in-memory": it lives in the process that opened it, so there is one pod, or
   * each client stays with its own. "stateless": the server opens none; one that does is not ready. "portable": what
   * the client said in `initialize`, and nothing more; the guard then gives out ids that hold it, and opens a session
   * of its own pod's server for whoever comes with one. @default "in-memory"
   */
  mode: oneOf("in-memory", "stateless", "portable").default("in-memory"),
  /** File with the key that signs portable ids, 32 characters or more; the same in every pod. */
  keyFile: someText("the path of a file").optional(),
}).refine(({ mode, keyFile }) => (mode === "portable") === (keyFile !== undefined), {
  path: ["keyFile"],
  error: 'must be there with mode "portable", and only then',
});

const search = section({
  /** The tool that searches. @default "search" */
  tool: toolName.default("search"),
  /** Its argument that lists engines. @default "engines" */
  enginesArgument: someText("the name of an argument").default("engines"),
  /** Engines that may be used, in order of preference; calls that ask for others are refused. */
  engines: list(someText("the name of an engine"), "a list of engines")
    .min(1, "must name at least one engine")
    .refine((engines) => new Set(engines).size === engines.length, "must name each engine once"),
  /** Whether the next allowed engine is tried when one fails. @default true */
  fallback: yesOrNo.default(true),
});

/** The whole file. */
export const schema = section({
  /** The server's name in metrics and audit. */
  server: text("a name of letters, digits, '-', '_' and '.'", /^[A-Za-z0-9]([\w.-]{0,62})$/),
  listen: listen.prefault({}),
  management: management.prefault({}),
  upstream,
  authentication: authenticationSection,
  authorization: authorizationSection.prefault({}),
  limits: limits.prefault({}),
  breaker: breaker.prefault({}),
  retries: retries.prefault({}),
  search: search.optional(),
  sessions: sessions.prefault({}),
  audit: section({
    /** Where the audit's lines go. @default "stdout" */
    destination: oneOf("stdout").default("stdout"),
  }).prefault({}),
  /** Least severe lines of the log. @default "info" */
  logLevel: oneOf("debug", "info", "warn", "error", "silent").default("info"),
  /**
   * How long new requests are still taken after SIGTERM, in seconds, 0 to 300: until every node knows that the pod
   * isn't ready any more. @default 0
   */
  drainSeconds: wholeNumber(0, 300).default(0),
  /** How long running calls may take after that, in seconds, 0 to 600. @default 20 */
  shutdownGraceSeconds: wholeNumber(0, 600).default(20),
}).refine(({ sessions: { mode }, upstream: { sse } }) => !(sse && mode === "portable"), {
  path: ["upstream", "sse"],
  error: 'must be left out with sessions.mode "portable": a session of the SSE transport is its stream',
});

/** What the guard runs with. */
export type Config = z.infer<typeof schema>;
