import { createHash } from "node:crypto";
import { redact } from "./redact.ts";

/** How a call ended. */
export const outcomes = [
  "ok",
  "tool-error",
  "protocol-error",
  "denied",
  "limited",
  "refused",
  "breaker-open",
  "timeout",
  "cancelled",
  "upstream-error",
] as const;

export type Outcome = (typeof outcomes)[number];

/**
 * One call, as the audit keeps it: who, what and how it ended, but nothing that would let a reader act as the
 * caller.
 */
export interface AuditEntry {
  /** The caller's subject. */
  caller: string;
  roles: readonly string[];
  /** The session's id; only its beginning is written, because the whole would be enough to use it. */
  session?: string | undefined;
  tool: string;
  /** Of `argumentDigest`: tells the same arguments from others without telling them. */
  argumentDigest: string;
  /** What was searched for; what looks like a secret in it isn't written. */
  query?: string | undefined;
  /** The engines that were asked. */
  engines?: readonly string[] | undefined;
  resultCount?: number | undefined;
  outcome: Outcome;
  /** From the request to the end of the answer, in milliseconds. */
  latencyMs: number;
  /** The trace that the call belongs to, if its client sent one. */
  traceId?: string | undefined;
}

const queryLength = 200;
/** Callers choose tools' and engines' names, and issuers subjects: none of them may make a line endless. */
const nameLength = 128;

/**
 * A function that writes one line of JSON for a call. `"audit": true` tells such lines from the log's, which
 * go the same way. `now` is the clock; `server` is in every line if given.
 */
export function createAudit(
  write: (line: string) => void,
  { server, now = () => new Date() }: { server?: string; now?: () => Date } = {},
): (entry: AuditEntry) => void {
  return (entry) => {
    const line = {
      audit: true,
      time: now().toISOString(),
      server,
      caller: cut(entry.caller, nameLength),
      roles: entry.roles.map((role) => cut(role, nameLength)),
      session: entry.session && shortSession(entry.session),
      tool: cut(entry.tool, nameLength),
      argumentDigest: entry.argumentDigest,
      query: entry.query === undefined ? undefined : cut(redact(entry.query), queryLength),
      engines: entry.engines?.map((engine) => cut(engine, nameLength)),
      resultCount: entry.resultCount,
      outcome: entry.outcome,
      latencyMs: Math.round(entry.latencyMs * 10) / 10,
      traceId: entry.traceId,
    };
    write(`${inPlainSight(JSON.stringify(line))}\n`);
  };
}

/** As much of a session's id as may be written: eight characters, and never more than half of it. */
export function shortSession(id: string): string {
  return id.slice(0, Math.min(8, Math.floor(id.length / 2)));
}

/**
 * SHA-256 over the arguments as JSON with sorted keys, its first 16 bytes in hex. The order of keys makes no
 * difference, nor does leaving out arguments that are empty.
 */
export function argumentDigest(args: unknown): string {
  return createHash("sha256")
    .update(canonical(args ?? {}))
    .digest("hex")
    .slice(0, 32);
}

function canonical(value: unknown): string {
  try {
    return JSON.stringify(value, (_key, item) => (isObject(item) ? sorted(item) : item));
  } catch {
    // Nested so deeply that writing it breaks the stack: a call that does so is still worth its line.
    return "too deep";
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sorted(object: Record<string, unknown>): Record<string, unknown> {
  // Without a prototype "__proto__" is a key like any other.
  const result: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(object).sort()) result[key] = object[key];
  return result;
}

/**
 * JSON with all characters escaped that can't be seen: some readers end a line at U+2028 or U+0085,
 * terminals obey U+009B, and U+202E turns what follows around. JSON itself escapes only those below U+0020.
 */
function inPlainSight(json: string): string {
  return json.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (invisible) =>
    Array.from(
      { length: invisible.length },
      (_, i) => `\\u${invisible.charCodeAt(i).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
}

/** Cuts a text to so many characters, never through the middle of one, and shows that it did. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
