import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { codes, Refusal } from "../refusal.ts";
import type { UpstreamAnswer } from "../upstream/client.ts";

/** Headers that mean something else to whoever reads the first of two than to whoever reads the last. */
const SINGLE = new Set([
  "host",
  "authorization",
  "mcp-session-id",
  "mcp-protocol-version",
  "last-event-id",
  "origin",
  "content-type",
  "content-length",
  "content-encoding",
  "transfer-encoding",
]);

/** What the server is told of a request's headers; all else, the caller's token above all, stays here. */
const TO_UPSTREAM = ["accept", "mcp-session-id", "mcp-protocol-version", "last-event-id"];

/** What the client is told of an answer's headers. */
const TO_CLIENT = ["content-type", "cache-control", "allow", "retry-after", "x-accel-buffering"];

/** Refuses requests that two readers could read in two ways. */
export function checkHead({ rawHeaders, headers, httpVersionMajor }: IncomingMessage): void {
  // Node takes a request line without a version for HTTP/0.9, which has no headers.
  if (httpVersionMajor !== 1) throw bad("the version of HTTP must be 1.1");
  let seen: Set<string> | undefined;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]?.toLowerCase() ?? "";
    if (!SINGLE.has(name)) continue;
    seen ??= new Set();
    if (seen.has(name)) throw bad(`the header ${name} stands there twice`);
    seen.add(name);
  }
  // Node refuses this too; kept because everything hangs on it.
  if (seen?.has("content-length") && seen.has("transfer-encoding")) {
    throw bad("Content-Length and Transfer-Encoding exclude each other");
  }
  if (seen?.has("transfer-encoding") && headers["transfer-encoding"]?.toLowerCase() !== "chunked") {
    throw bad("Transfer-Encoding must be chunked");
  }
}

/** Refuses bodies that aren't plain JSON in UTF-8. */
export function checkContent(headers: IncomingHttpHeaders): void {
  const type = headers["content-type"] ?? "";
  if (!/^application\/json *(; *charset="?utf-8"? *)?$/i.test(type)) {
    throw new Refusal(415, codes.refused, "Content-Type must be application/json, in UTF-8");
  }
  const encoding = headers["content-encoding"];
  if (encoding !== undefined && encoding.toLowerCase() !== "identity") {
    throw new Refusal(415, codes.refused, "Content-Encoding is not supported; send the body as it is");
  }
}

/** The headers for the server. */
export function upstreamHeaders(
  headers: IncomingHttpHeaders,
  trace: Record<string, string>,
): Record<string, string> {
  const result: Record<string, string> = { ...trace };
  for (const name of TO_UPSTREAM) {
    const value = headers[name];
    if (typeof value === "string") result[name] = value;
  }
  return result;
}

/** The headers for the client; the session's id is not among them, because the guard has to judge it first. */
export function clientHeaders({ headers }: UpstreamAnswer): Record<string, string> {
  const result: Record<string, string> = {};
  for (const name of TO_CLIENT) {
    const value = headers[name];
    if (typeof value === "string") result[name] = value;
  }
  return result;
}

/**
 * With the connection's end: where a request can't be trusted to end where it seems to, no next one begins.
 */
const bad = (reason: string) =>
  new Refusal(400, codes.refused, `Bad request: ${reason}`, { headers: { connection: "close" } });
