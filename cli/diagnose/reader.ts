import {
  HttpMethod,
  IsomorphicFetchHttpLibrary,
  type KubeConfig,
  RequestContext,
} from "@kubernetes/client-node";
import { exitCodes, UserError } from "../userError.ts";

/** Why the API didn't give an answer that can be used. */
export type Refusal = "unauthorized" | "forbidden" | "absent" | "timeout" | "expired" | "failed";

/** What the API answered. */
export type Answer<T> = { ok: true; body: T } | { ok: false; refusal: Refusal; message: string };

/** A request to something behind the API server's proxy. */
export interface ProxiedRequest {
  method: "GET" | "POST" | "DELETE";
  headers?: Record<string, string>;
  body?: string;
}

/** What it answered; any status is an answer. */
export interface ProxiedAnswer {
  status: number;
  headers: Record<string, string>;
  text: string;
}

/** The Kubernetes API: of its own objects nothing is ever changed. */
export interface Reader {
  /** Address of the API server. */
  readonly server: string;
  /** The time by the server's clock, which the objects' timestamps are of, once it has answered. */
  readonly serverTime: Date | undefined;
  get(path: string, options?: ReadOptions): Promise<Answer<unknown>>;
  /** The same for what isn't JSON. */
  text(path: string, options?: ReadOptions): Promise<Answer<string>>;
  /** Asks a Pod or a Service, by the API server's proxy, which keeps the kubeconfig's credentials to itself. */
  proxied(path: string, request: ProxiedRequest): Promise<Answer<ProxiedAnswer>>;
  close(): Promise<void>;
}

export interface ReadOptions {
  query?: Record<string, string>;
  accept?: string;
}

const methods = { GET: HttpMethod.GET, POST: HttpMethod.POST, DELETE: HttpMethod.DELETE };

/** How long the proxy may take: where a NetworkPolicy keeps the API server out of a pod, there never is an answer. */
const PROXY_MS = 5000;

/**
 * Reads with one connection for everything, because the client's own API classes open one for each call, and as
 * plain JSON, because they turn it into dates and classes that can't be saved and read again.
 *
 * @param timeoutMs for each request
 * @throws {UserError} with exit code 2 when the credentials can't be had
 */
export async function openReader(config: KubeConfig, timeoutMs: number): Promise<Reader> {
  const server = config.getCurrentCluster()?.server.replace(/\/+$/, "") ?? "";
  const first = new RequestContext(server, HttpMethod.GET);
  try {
    await config.applySecurityAuthentication(first);
  } catch (error) {
    throw new UserError(
      `no credentials for ${server}: ${messageOf(error)}; a kubeconfig of AKS with Entra ID needs kubelogin on PATH`,
      exitCodes.usage,
    );
  }
  const http = new IsomorphicFetchHttpLibrary();
  const dispatcher = first.getDispatcher();
  let serverTime: Date | undefined;

  const send = async (url: string, { method, headers = {}, body }: ProxiedRequest, limitMs: number) => {
    const request = new RequestContext(url, methods[method]);
    for (const [key, value] of Object.entries({ ...headers, ...first.getHeaders() })) {
      request.setHeaderParam(key, value);
    }
    if (body !== undefined) request.setBody(body);
    if (dispatcher) request.setDispatcher(dispatcher);
    // For the body too: a server that stops in the middle must not hold up the others.
    request.setSignal(AbortSignal.timeout(limitMs));
    const response = await http.send(request).toPromise();
    return {
      status: response.httpStatusCode,
      headers: response.headers,
      text: await response.body.text(),
    };
  };

  const read = async (path: string, { query = {}, accept = "application/json" }: ReadOptions) => {
    const url = new URL(`${server}${path}`);
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
    const response = await send(url.href, { method: "GET", headers: { Accept: accept } }, timeoutMs);
    const time = Date.parse(response.headers["date"] ?? "");
    if (!Number.isNaN(time)) serverTime = new Date(time);
    return response;
  };

  const answer = async <T>(
    path: string,
    options: ReadOptions,
    parse: (text: string) => T,
  ): Promise<Answer<T>> => {
    try {
      const { status, text } = await read(path, options);
      if (status >= 200 && status < 300) return { ok: true, body: parse(text) };
      return { ok: false, refusal: refusalOf(status), message: statusMessage(status, text) };
    } catch (error) {
      return failure(error, timeoutMs);
    }
  };

  const proxied = async (path: string, request: ProxiedRequest): Promise<Answer<ProxiedAnswer>> => {
    const limitMs = Math.min(timeoutMs, PROXY_MS);
    try {
      return { ok: true, body: await send(`${server}${path}`, request, limitMs) };
    } catch (error) {
      return failure(error, limitMs);
    }
  };

  return {
    server,
    get serverTime() {
      return serverTime;
    },
    get: (path, options = {}) => answer(path, options, (text) => JSON.parse(text) as unknown),
    text: (path, options = {}) => answer(path, { accept: "*/*", ...options }, (text) => text),
    proxied,
    close: async () => {
      await dispatcher?.close();
    },
  };
}

function failure(error: unknown, limitMs: number): Answer<never> {
  const timedOut = error instanceof Error && error.name === "TimeoutError";
  return timedOut
    ? { ok: false, refusal: "timeout", message: `no answer within ${limitMs / 1000} s` }
    : { ok: false, refusal: "failed", message: messageOf(error) };
}

function refusalOf(status: number): Refusal {
  if (status === 401) return "unauthorized";
  if (status === 403) return "forbidden";
  if (status === 404) return "absent";
  return status === 410 ? "expired" : "failed";
}

/**
 * What a Pod or a Service answered. The API server's own refusals, and its news that it can't reach them, are Status
 * objects, which an MCP server never sends.
 */
export function reachedPod(answer: Answer<ProxiedAnswer>): Answer<ProxiedAnswer> {
  if (!answer.ok) return answer;
  const { status, text } = answer.body;
  if (status < 400 || !/"kind":\s*"Status"/.test(text)) return answer;
  return { ok: false, refusal: refusalOf(status), message: statusMessage(status, text) };
}

/** The message of a Status object, or what was answered instead. */
function statusMessage(status: number, text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: string };
    if (message) return message;
  } catch {
    // A proxy in front of the API answers in its own way.
  }
  return `HTTP ${status}: ${text.slice(0, 200).trim()}`;
}

/** The innermost message: Node hides "connection refused" behind "fetch failed". */
export function messageOf(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  if (inner instanceof AggregateError && inner.errors[0] instanceof Error) return inner.errors[0].message;
  return inner instanceof Error ? inner.message : String(inner);
}
