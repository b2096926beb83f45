import { connect as openSocket } from "node:net";
import { text } from "node:stream/consumers";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { type Logger, pino } from "pino";
import { afterEach } from "vitest";
import { type Config, checkConfig } from "../../../servers/guard/config.ts";
import { type RunningGuard, startGuard } from "../../../servers/guard/server.ts";
import { type Fixture, startFixture } from "./fixture.ts";

const running: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.close();
});

/** Ends something after the test. */
export function closing<T extends { close(): unknown }>(one: T): T {
  running.push(one);
  return one;
}

/** A line of the audit. */
export type AuditLine = Record<string, unknown> & { outcome: string; tool: string };

/** A guard that runs, and what it wrote. */
export interface Guarded extends RunningGuard {
  /** The audit so far. */
  audit: AuditLine[];
  /** The text of /metrics. */
  metrics(): Promise<string>;
}

/** What a test changes of the settings: each section by itself. */
export type Changes = { [K in keyof Config]?: Partial<Config[K]> | Config[K] };

/** What a guard takes from outside. */
interface Options {
  now?: () => number;
  deadlines?: Deadlines;
  log?: Logger;
}

/** Deadlines that pass when a test says so. */
export class Deadlines {
  readonly #pending = new Map<() => void, number>();
  readonly after = (seconds: number, act: () => void) => {
    this.#pending.set(act, seconds);
    return () => void this.#pending.delete(act);
  };

  /** Lets the time of all that runs be over, or of what runs for so many seconds. */
  pass(only?: number): void {
    for (const [act, seconds] of this.#pending) {
      if (only !== undefined && seconds !== only) continue;
      this.#pending.delete(act);
      act();
    }
  }
}

/** A guard on free ports before a server, closed after the test. Anyone may call unless `changes` say otherwise. */
export async function guard(
  upstream: URL | string,
  changes: Changes = {},
  { now, deadlines, log = pino({ level: "silent" }) }: Options = {},
): Promise<Guarded> {
  const config: Record<string, unknown> = checkConfig({
    server: "fixture",
    listen: { host: "127.0.0.1", port: 0 },
    management: { host: "127.0.0.1", port: 0 },
    upstream: { url: String(upstream) },
    authentication: { none: "anyone-may-call" },
    shutdownGraceSeconds: 0,
  });
  for (const [key, value] of Object.entries(changes)) {
    const whole = key === "authentication" || typeof value !== "object";
    config[key] = whole ? value : { ...(config[key] as object), ...(value as object) };
  }
  const audit: AuditLine[] = [];
  const guarded = await startGuard(config as Config, {
    log,
    write: (line) => audit.push(JSON.parse(line)),
    now,
    after: deadlines?.after,
  });
  let closed: Promise<void> | undefined;
  return closing({
    ...guarded,
    audit,
    metrics: async () => (await fetch(new URL("/metrics", guarded.managementUrl))).text(),
    close: () => {
      closed ??= guarded.close();
      return closed;
    },
  });
}

/** The fixture with a guard before it. */
export async function guardedFixture(changes: Changes = {}, options: Options & { json?: boolean } = {}) {
  const fixture: Fixture = closing(await startFixture({ json: options.json }));
  const front = await guard(fixture.url, changes, options);
  // Has learnt the tools then.
  await fetch(new URL("/readyz", front.managementUrl));
  fixture.received.length = 0;
  return { fixture, front };
}

/** The official client, connected; closed after the test. */
export async function connect(url: URL, headers: Record<string, string> = {}): Promise<Client> {
  const client = new Client({ name: "test", version: "1" });
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }));
  return closing(client);
}

/** Posts a body as it is, with the headers that MCP asks for and more. */
export function post(
  url: URL,
  body: string | object,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
) {
  return fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...headers,
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
    signal,
  });
}

/** A JSON-RPC request. */
export const request = (method: string, params: object = {}, id: string | number = 1) => ({
  jsonrpc: "2.0",
  id,
  method,
  params,
});

/** A call of a tool. */
export const callOf = (name: string, args: object = {}, id: string | number = 1) =>
  request("tools/call", { name, arguments: args }, id);

export const initialize = request("initialize", {
  protocolVersion: "2025-06-18",
  capabilities: {},
  clientInfo: { name: "test", version: "1" },
});

/** Opens a session by hand and returns its id as a header. */
export async function openSession(url: URL, headers: Record<string, string> = {}) {
  const response = await post(url, initialize, headers);
  await response.text();
  return { ...headers, "mcp-session-id": response.headers.get("mcp-session-id") ?? "" };
}

/** The messages of an answer, JSON or events. */
export async function messagesOf(response: Response): Promise<Record<string, unknown>[]> {
  const body = await response.text();
  if (!response.headers.get("content-type")?.startsWith("text/event-stream")) return [JSON.parse(body)];
  return [...body.matchAll(/^data: ?(.+)$/gm)].map(([, data]) => JSON.parse(data ?? ""));
}

/** Status, and code and id of the JSON-RPC error, of a refusal. */
export async function refusal(response: Response) {
  const { id, error } = (await response.json()) as { id: unknown; error: { code: number; message: string } };
  return { status: response.status, code: error.code, id, message: error.message };
}

/** Sends bytes as they are over a connection of their own, and returns all that is answered until it ends. */
export async function sendRaw(url: URL, bytes: string | Buffer): Promise<string> {
  const socket = openSocket(Number(url.port), url.hostname);
  socket.write(bytes);
  return text(socket);
}
