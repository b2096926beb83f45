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

/** The Kubernetes API, read only. */
export interface Reader {
  /** Address of the API server. */
  readonly server: string;
  /** The time by the server's clock, which the objects' timestamps are of, once it has answered. */
  readonly serverTime: Date | undefined;
  get(path: string, options?: ReadOptions): Promise<Answer<unknown>>;
  /** The same for what isn't JSON. */
  text(path: string, options?: ReadOptions): Promise<Answer<string>>;
  close(): Promise<void>;
}

export interface ReadOptions {
  query?: Record<string, string>;
  accept?: string;
}

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

  const read = async (path: string, { query = {}, accept = "application/json" }: ReadOptions) => {
    const url = new URL(`${server}${path}`);
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
    const request = new RequestContext(url.toString(), HttpMethod.GET);
    for (const [key, value] of Object.entries(first.getHeaders())) request.setHeaderParam(key, value);
    request.setHeaderParam("Accept", accept);
    if (dispatcher) request.setDispatcher(dispatcher);
    // For the body too: a server that stops in the middle must not hold up the others.
    request.setSignal(AbortSignal.timeout(timeoutMs));
    const response = await http.send(request).toPromise();
    const time = Date.parse(response.headers.date ?? "");
    if (!Number.isNaN(time)) serverTime = new Date(time);
    return { status: response.httpStatusCode, text: await response.body.text() };
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
      const timedOut = error instanceof Error && error.name === "TimeoutError";
      return timedOut
        ? { ok: false, refusal: "timeout", message: `no answer within ${timeoutMs / 1000} s` }
        : { ok: false, refusal: "failed", message: messageOf(error) };
    }
  };

  return {
    server,
    get serverTime() {
      return serverTime;
    },
    get: (path, options = {}) => answer(path, options, (text) => JSON.parse(text) as unknown),
    text: (path, options = {}) => answer(path, { accept: "*/*", ...options }, (text) => text),
    close: async () => {
      await dispatcher?.close();
    },
  };
}

function refusalOf(status: number): Refusal {
  if (status === 401) return "unauthorized";
  if (status === 403) return "forbidden";
  if (status === 404) return "absent";
  return status === 410 ? "expired" : "failed";
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
