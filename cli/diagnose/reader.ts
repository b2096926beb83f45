import {
  HttpMethod,
  IsomorphicFetchHttpLibrary,
  type KubeConfig,
  RequestContext,
} from "@kubernetes/client-node";
import { exitCodes, UserError } from "../userError.ts";
import {
  NotForwarded,
  type PodAnswer,
  type PodPort,
  type PodRequest,
  requestByForward,
} from "./portForward.ts";

/** Why the API didn't give an answer that can be used. */
export type Refusal = "unauthorized" | "forbidden" | "absent" | "timeout" | "expired" | "failed";

/** What the API answered. */
export type Answer<T> = { ok: true; body: T } | { ok: false; refusal: Refusal; message: string };

/** The Kubernetes API: of its own objects nothing is ever changed. */
export interface Reader {
  /** Address of the API server. */
  readonly server: string;
  /** The time by the server's clock, which the objects' timestamps are of, once it has answered. */
  readonly serverTime: Date | undefined;
  get(path: string, options?: ReadOptions): Promise<Answer<unknown>>;
  /** The same for what isn't JSON. */
  text(path: string, options?: ReadOptions): Promise<Answer<string>>;
  /**
   * Asks a pod: by a forwarded port, or by the API server's proxy where ports aren't forwarded. The kubeconfig's
   * credentials stay with the API server.
   */
  askPod(place: PodPort, path: string, request: PodRequest): Promise<Answer<PodAnswer>>;
  close(): Promise<void>;
}

export interface ReadOptions {
  query?: Record<string, string>;
  accept?: string;
}

const methods = { GET: HttpMethod.GET, POST: HttpMethod.POST, DELETE: HttpMethod.DELETE };

/** A port is forwarded at once or not at all; a stdio server has to start its process before it answers. */
const FORWARD_MS = { openMs: 3000, answerMs: 5000 };

/** Where a NetworkPolicy keeps the API server out of a pod, its proxy never has an answer. */
const PROXY_MS = 2000;

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

  const send = async (url: string, { method, headers = {}, body }: PodRequest, limitMs: number) => {
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

  const proxied = async (
    { namespace, pod, port }: PodPort,
    path: string,
    request: PodRequest,
  ): Promise<Answer<PodAnswer>> => {
    const limitMs = Math.min(timeoutMs, PROXY_MS);
    try {
      const url = `${server}/api/v1/namespaces/${namespace}/pods/${pod}:${port}/proxy${path}`;
      return reachedPod(await send(url, request, limitMs));
    } catch (error) {
      return failure(error, limitMs);
    }
  };

  /** Pods whose ports can't be forwarded, and why. */
  const notForwarded = new Map<string, NotForwarded>();

  const askPod = async (place: PodPort, path: string, request: PodRequest): Promise<Answer<PodAnswer>> => {
    const key = `${place.namespace}/${place.pod}`;
    const openMs = Math.min(timeoutMs, FORWARD_MS.openMs);
    const answerMs = Math.min(timeoutMs, FORWARD_MS.answerMs);
    if (!notForwarded.has(key)) {
      try {
        return {
          ok: true,
          body: await requestByForward(config, place, path, request, { openMs, answerMs }),
        };
      } catch (error) {
        if (!(error instanceof NotForwarded)) return failure(error, answerMs);
        notForwarded.set(key, error);
      }
    }
    const answer = await proxied(place, path, request);
    const first = notForwarded.get(key);
    if (answer.ok || first === undefined) return answer;
    const message = `${first.message}; by the API server's proxy: ${answer.message}`;
    return { ok: false, refusal: first.forbidden ? "forbidden" : answer.refusal, message };
  };

  return {
    server,
    get serverTime() {
      return serverTime;
    },
    get: (path, options = {}) => answer(path, options, (text) => JSON.parse(text) as unknown),
    text: (path, options = {}) => answer(path, { accept: "*/*", ...options }, (text) => text),
    askPod,
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
 * What a pod answered to the proxy. The API server's own refusals, and its news that it can't reach it, are Status
 * objects, which an MCP server never sends.
 */
function reachedPod(answer: PodAnswer): Answer<PodAnswer> {
  const { status, text } = answer;
  if (status < 400 || !/"kind":\s*"Status"/.test(text)) return { ok: true, body: answer };
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
