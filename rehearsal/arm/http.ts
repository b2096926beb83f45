import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { ArmError } from "./errors.ts";

/** An answer before it is written. */
export interface Reply {
  status: number;
  headers?: Record<string, string>;
  /** Sent as JSON; undefined sends no body. */
  body?: unknown;
}

/** One request in the form that the routes read. */
export interface ArmRequest {
  method: string;
  /** Path with doubled slashes collapsed: a scope may start with one. */
  path: string;
  query: URLSearchParams;
  headers: Record<string, string | undefined>;
  /** The body as text; empty when there is none. */
  text: string;
}

// Far more than any request of ARM has; Azure's own limit is 4 MB.
const maxBody = 4 * 1024 * 1024;

/** Reads a whole request. @throws {ArmError} 413 when its body is larger than Azure takes */
export async function readRequest(message: IncomingMessage): Promise<ArmRequest> {
  const [path = "/", query = ""] = (message.url ?? "/").split("?", 2);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBody) {
      throw new ArmError(413, "RequestEntityTooLarge", "The request content size exceeds 4 MB.");
    }
    chunks.push(chunk);
  }
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    headers[name] = Array.isArray(value) ? value.join(",") : value;
  }
  return {
    method: message.method ?? "GET",
    path: path.replaceAll(/\/{2,}/g, "/").replace(/(.)\/$/, "$1"),
    query: new URLSearchParams(query),
    headers,
    text: Buffer.concat(chunks).toString("utf8"),
  };
}

/** The body as JSON. @throws {ArmError} 400 `InvalidRequestContent` */
export function jsonOf(request: ArmRequest): unknown {
  if (request.text === "") {
    return {};
  }
  try {
    return JSON.parse(request.text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ArmError(
      400,
      "InvalidRequestContent",
      `The request content was invalid and could not be deserialized: '${reason}'.`,
    );
  }
}

/** Headers that every answer of ARM has; the remaining-requests figure goes down with each request. */
export function commonHeaders(request: ArmRequest, served: number): Record<string, string> {
  const id = randomUUID();
  const client = request.headers["x-ms-client-request-id"];
  const kind = request.method === "DELETE" ? "deletes" : request.method === "GET" ? "reads" : "writes";
  const remaining = Math.max(0, (kind === "reads" ? 16_499 : 2_999) - served);
  return {
    "cache-control": "no-cache",
    "x-ms-request-id": id,
    "x-ms-correlation-request-id": request.headers["x-ms-correlation-request-id"] ?? id,
    ...(client ? { "x-ms-client-request-id": client } : {}),
    [`x-ms-ratelimit-remaining-subscription-${kind}`]: String(remaining),
  };
}

/** Writes an answer. */
export function writeReply(response: ServerResponse, reply: Reply): void {
  const text = reply.body === undefined ? "" : JSON.stringify(reply.body);
  response.writeHead(reply.status, {
    ...(text ? { "content-type": "application/json; charset=utf-8" } : {}),
    "content-length": String(Buffer.byteLength(text)),
    ...reply.headers,
  });
  response.end(text);
}

/** One page of a list, with an absolute link to the next. */
export function pageOf(
  rows: readonly unknown[],
  size: number,
  url: URL,
): { value: unknown[]; nextLink?: string } {
  const start = Number(url.searchParams.get("$skiptoken") ?? 0) || 0;
  const value = rows.slice(start, start + size);
  if (start + size >= rows.length) {
    return { value };
  }
  const next = new URL(url);
  next.searchParams.set("$skiptoken", String(start + size));
  return { value, nextLink: next.href };
}
