import type { Readable } from "node:stream";
import { Pool } from "undici";
import type { Config } from "../config.ts";
import { UpstreamFailure } from "../resilience/index.ts";

/** The head of an answer of the server, and the body as it comes. */
export interface UpstreamAnswer {
  status: number;
  contentType: string | undefined;
  headers: Record<string, string | string[] | undefined>;
  body: Readable;
}

/** What is sent to the server. */
export interface UpstreamRequest {
  method: "GET" | "POST" | "DELETE";
  /** Path and query. @default - the path of the streamable HTTP endpoint */
  path?: string;
  /** Headers besides those of the settings. */
  headers: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
}

/** The server answered, but not as a server that works: with 5xx, or a redirection. */
export class UpstreamAnswered extends UpstreamFailure {
  readonly status: number;
  /** Its Retry-After in seconds. */
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, retryAfter: unknown) {
    super(`The MCP server answered ${status}`);
    this.status = status;
    this.retryAfterSeconds = /^\d{1,6}$/.test(String(retryAfter)) ? Number(retryAfter) : undefined;
  }
}

/** The MCP server behind the guard. */
export interface Upstream {
  /** Sends a request; throws `UpstreamFailure`, or the signal's reason. The body must be read or destroyed. */
  send(request: UpstreamRequest): Promise<UpstreamAnswer>;
  close(): Promise<void>;
}

/** How long it may take to connect: the server is on this machine, or near. */
const CONNECT_MS = 5000;

/**
 * Connections are kept for the next request, for a little less than the 5 seconds after which Node's and Python's
 * usual servers close idle ones; a server that says otherwise (Keep-Alive) is believed.
 * `onRefused` is called when nobody listens there any more.
 */
export function createUpstream({ url, headers }: Config["upstream"], onRefused: () => void): Upstream {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, {
    keepAliveTimeout: 4000,
    // Deadlines are the signal's: a stream may be silent for as long as it likes.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: CONNECT_MS },
  });
  return {
    async send({ method, path = pathname, headers: more, body, signal }) {
      const answer = await pool
        .request({ method, path, headers: { ...headers, ...more }, body, signal })
        .catch((error: NodeJS.ErrnoException) => {
          signal?.throwIfAborted();
          const code = codeOf(error);
          if (code === "ECONNREFUSED") onRefused();
          throw new UpstreamFailure(`The MCP server could not be reached (${code})`);
        });
      // Whoever reads the body hears of it; where nobody does, it must not end the process.
      answer.body.on("error", () => {});
      const { statusCode: status } = answer;
      if (status >= 500 || (status >= 300 && status < 400)) {
        answer.body.dump().catch(() => {});
        throw new UpstreamAnswered(status, answer.headers["retry-after"]);
      }
      const type = answer.headers["content-type"];
      return {
        status,
        contentType: Array.isArray(type) ? type[0] : type,
        headers: answer.headers,
        body: answer.body,
      };
    },
    close: () => pool.destroy(),
  };
}

/** The name of what went wrong; several addresses that failed alike are one. */
function codeOf(error: NodeJS.ErrnoException & { errors?: NodeJS.ErrnoException[] }): string {
  return error.code ?? error.errors?.[0]?.code ?? error.name;
}

/** How long a server may take to end an answer of which nothing more is wanted. */
const END_MS = 1000;

/** Lets an answer end by itself, so that its connection can be used again; not for ever. */
export function letEnd(body: Readable): void {
  if (body.readableEnded || body.destroyed) return;
  const late = setTimeout(() => body.destroy(), END_MS);
  body.once("close", () => clearTimeout(late)).resume();
}
