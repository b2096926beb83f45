import { existsSync } from "node:fs";
import { HttpMethod, IsomorphicFetchHttpLibrary, KubeConfig, RequestContext } from "@kubernetes/client-node";
import { ReadError } from "./readError.ts";

const REQUEST_MS = 20_000;

/** How long credentials are used before they are asked for again: tokens of Entra ID live an hour. */
const CREDENTIALS_MS = 5 * 60_000;

interface Session {
  headers: Record<string, string>;
  dispatcher: ReturnType<RequestContext["getDispatcher"]>;
  since: number;
}

/**
 * The Kubernetes API, to read from. One connection serves all requests, because the client's own API classes open one
 * for each, and answers are left as they are, because those classes turn them into objects with dates.
 */
export class Api {
  readonly #config: KubeConfig;
  readonly #server: string;
  readonly #http = new IsomorphicFetchHttpLibrary();
  #session: Session | undefined;

  /** @param kubeconfig its text, or the path of a file */
  constructor(kubeconfig: string) {
    const config = new KubeConfig();
    if (!kubeconfig.includes("\n") && existsSync(kubeconfig)) config.loadFromFile(kubeconfig);
    else config.loadFromString(kubeconfig);
    this.#config = config;
    this.#server = config.getCurrentCluster()?.server.replace(/\/+$/, "") ?? "";
  }

  async json<T>(path: string, signal: AbortSignal): Promise<T> {
    return JSON.parse(await this.text(path, signal)) as T;
  }

  async text(path: string, signal: AbortSignal): Promise<string> {
    let status: number;
    let body: string;
    try {
      const { headers, dispatcher } = await this.#credentials();
      const request = new RequestContext(`${this.#server}${path}`, HttpMethod.GET);
      for (const [key, value] of Object.entries(headers)) request.setHeaderParam(key, value);
      if (dispatcher) request.setDispatcher(dispatcher);
      request.setSignal(AbortSignal.any([signal, AbortSignal.timeout(REQUEST_MS)]));
      const response = await this.#http.send(request).toPromise();
      status = response.httpStatusCode;
      body = await response.body.text();
    } catch (error) {
      await this.close();
      throw new ReadError("unreachable", messageOf(error), { cause: error });
    }
    if (status >= 200 && status < 300) return body;
    // The next request asks for new credentials.
    if (status === 401) await this.close();
    const why = status === 404 ? "absent" : status === 403 ? "forbidden" : "unreachable";
    throw new ReadError(why, `HTTP ${status}: ${statusMessage(body)}`);
  }

  async close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.dispatcher?.close().catch(() => undefined);
  }

  async #credentials(): Promise<Session> {
    if (this.#session && Date.now() - this.#session.since > CREDENTIALS_MS) await this.close();
    if (!this.#session) {
      const probe = new RequestContext(this.#server, HttpMethod.GET);
      await this.#config.applySecurityAuthentication(probe);
      this.#session = { headers: probe.getHeaders(), dispatcher: probe.getDispatcher(), since: Date.now() };
    }
    return this.#session;
  }
}

/** The message of a Status object, or what was answered instead. */
function statusMessage(body: string): string {
  try {
    return (JSON.parse(body) as { message?: string }).message ?? body.slice(0, 200);
  } catch {
    return body.slice(0, 200).trim();
  }
}

/** The innermost message: Node hides "connection refused" behind "fetch failed". */
function messageOf(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  if (inner instanceof AggregateError && inner.errors[0] instanceof Error) return inner.errors[0].message;
  return inner instanceof Error ? inner.message : String(inner);
}
