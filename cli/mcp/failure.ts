import { McpError } from "@modelcontextprotocol/sdk/types.js";
import { exitCodes, UserError } from "../userError.ts";
import { visible } from "../visible.ts";
import { forwarding, isService } from "./forwarding.ts";
import { type Place, shownUrl } from "./place.ts";
import { refusalText } from "./refusal.ts";

/** An answer of HTTP that isn't one of MCP. */
export class HttpRefusal extends Error {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;

  constructor({ status, headers }: Pick<Response, "status" | "headers">, body: string) {
    super(`HTTP ${status}`);
    this.name = "HttpRefusal";
    this.status = status;
    this.headers = headers;
    this.body = body;
  }
}

/** What failed, in words that say what to do next, and without the token, should the server have repeated it. */
export function explained(error: unknown, place: Place, timeoutMs: number): UserError {
  if (error instanceof UserError) return error;
  const token = place.transport === "stdio" ? undefined : place.token;
  const message = messageFor(error, place, timeoutMs);
  return new UserError(token ? message.replaceAll(token, "[token]") : message, exitCodes.failed);
}

function messageFor(error: unknown, place: Place, timeoutMs: number): string {
  const where = place.transport === "stdio" ? visible(place.command) : shownUrl(place.url);
  if (error instanceof HttpRefusal) return `${where} ${refusalText(error, place)}`;
  if (isTimeout(error)) {
    return `${where} gave no answer within ${timeoutMs / 1000} s; --timeout <seconds> waits longer`;
  }
  const { code, message } = innermost(error);
  if (error instanceof McpError) {
    if (place.transport === "stdio" && /Connection closed/.test(message)) {
      return `${where} ended before it answered; what it wrote is above`;
    }
    return `the server refuses: ${visible(message)}${retryHint(error.data)}`;
  }
  if (place.transport === "stdio") {
    return code === "ENOENT" ? `there is no program ${where}` : `${where} can't be used: ${visible(message)}`;
  }
  return `${where} ${networkText(code, message, place.url)}`;
}

function networkText(code: string | undefined, message: string, url: URL): string {
  switch (code) {
    case "ECONNREFUSED":
      return isService(url)
        ? `refuses the connection: ${forwarding(url)}`
        : "refuses the connection: is the server running, and is the port right? One in a cluster needs " +
            "kubectl port-forward";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return isService(url)
        ? `is a Service, whose name only its cluster knows: ${forwarding(url)}`
        : `can't be reached: the name ${url.hostname} does not resolve`;
    case "CERT_HAS_EXPIRED":
      return "has a certificate that has expired";
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return `has a certificate for another name: ${visible(message)}`;
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
      return "has a certificate of an unknown authority: name its file with --ca or NODE_EXTRA_CA_CERTS";
  }
  if (/Unexpected content type|HTTP error: Invalid content type/i.test(message)) {
    return `doesn't answer as an MCP server (${visible(message)}); is the path right? It is usually /mcp`;
  }
  return `can't be used: ${visible(message)}`;
}

/** The SDK's own time limit, and the one of the connection; a server may use the same code for something else. */
function isTimeout(error: unknown): boolean {
  if (error instanceof McpError)
    return (error.data as { timeout?: number } | undefined)?.timeout !== undefined;
  return error instanceof Error && error.name === "TimeoutError";
}

function retryHint(data: unknown): string {
  const seconds = (data as { retryAfterSeconds?: unknown } | undefined)?.retryAfterSeconds;
  return typeof seconds === "number" ? `; try again in ${seconds} s` : "";
}

/** Node hides "connection refused" behind "fetch failed", and behind one error for each address. */
function innermost(error: unknown): { code?: string; message: string } {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  if (inner instanceof AggregateError && inner.errors[0] instanceof Error) inner = inner.errors[0];
  if (!(inner instanceof Error)) return { message: String(inner) };
  const { code } = inner as { code?: unknown };
  return { code: typeof code === "string" ? code : undefined, message: inner.message };
}
