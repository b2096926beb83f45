import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { expect } from "vitest";
import { checkConfig } from "../../../../../servers/guard/config.ts";
import { type Surroundings, startGuard } from "../../../../../servers/guard/server.ts";
import { sdkUpstream, type Upstream } from "./upstream.ts";

/** The callers' tokens. */
export const tokens = {
  alice: "a11ce-0f1e2d3c4b5a69788796a5b4c3d2e1f0",
  bob: "b0b00-1a2b3c4d5e6f708192a3b4c5d6e7f809",
} as const;

export type Who = keyof typeof tokens;

/** What a test changes of the guard's settings, by section. */
export type Changes = Record<string, Record<string, unknown>>;

interface Options extends Partial<Pick<Surroundings, "after">> {
  upstream?: Upstream;
  /** Clock of sessions and latencies in milliseconds. */
  now?: () => number;
}

/** A real guard before a server that keeps what it sees; alice has the role "admin". */
export async function startHostile(changes: Changes = {}, { upstream, ...surroundings }: Options = {}) {
  const server = upstream ?? (await sdkUpstream());
  const directory = await mkdtemp(join(tmpdir(), "hostile-"));
  for (const [name, token] of Object.entries(tokens)) await writeFile(join(directory, name), token);
  const { authentication, listen, upstream: toUpstream, ...others } = changes;
  const config = checkConfig({
    server: "hostile",
    listen: { host: "127.0.0.1", port: 0, ...listen },
    management: { host: "127.0.0.1", port: 0 },
    upstream: { url: server.url.href, probeSeconds: 300, ...toUpstream },
    authentication: authentication ?? { tokens: { directory, roles: { alice: ["admin"] } } },
    logLevel: "debug",
    shutdownGraceSeconds: 0,
    ...others,
  });
  const audit: Record<string, unknown>[] = [];
  /** All that the guard wrote, the log and the audit, as it was written. */
  const written: string[] = [];
  const log = pino({ level: "debug" }, { write: (line: string) => void written.push(line) });
  const waiting: (() => void)[] = [];
  const write = (line: string) => {
    written.push(line);
    audit.push(JSON.parse(line));
    for (const wake of waiting.splice(0)) wake();
  };
  const guard = await startGuard(config, { log, write, ...surroundings });
  // The guard has asked the server for its tools, so from here on the server sees callers only.
  await fetch(new URL("/readyz", guard.managementUrl));
  server.seen.length = 0;
  return {
    ...guard,
    upstream: server,
    audit,
    written,
    /** Resolves once the audit has so many lines. */
    async audited(lines: number) {
      while (audit.length < lines) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    /** The exposition of the metrics. */
    metrics: async () => (await fetch(new URL("/metrics", guard.managementUrl))).text(),
    /**
     * Fails if the server has seen anything, after a harmless request has gone all the way: whatever an
     * attack had let through would have arrived.
     */
    async untouched(authorization = `Bearer ${tokens.alice}`) {
      await rpc(guard.url, { method: "ping", id: "harmless" }, { authorization });
      const bodies = server.seen.splice(0).map(({ method, url, body }) => `${method} ${url} ${body}`);
      expect(bodies).toEqual([`POST /mcp {"jsonrpc":"2.0","method":"ping","id":"harmless"}`]);
    },
    async close() {
      await guard.close();
      await server.close();
      await rm(directory, { recursive: true });
    },
  };
}

export type Hostile = Awaited<ReturnType<typeof startHostile>>;

/** An answer with the JSON-RPC message in it. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The last message, of a JSON answer or of a stream. */
  rpc: { id?: unknown; result?: Record<string, unknown>; error?: { code: number; message: string } };
}

/** Headers that MCP asks for. */
export const mcpHeaders = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
};

/** Posts bytes as alice, unless the headers say otherwise. */
export async function post(
  url: URL,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const authorization = `Bearer ${tokens.alice}`;
  const response = await fetch(url, {
    method: "POST",
    headers: { ...mcpHeaders, authorization, ...headers },
    body,
  });
  return read(response);
}

/** Posts a message as alice. */
export const rpc = (url: URL, message: object, headers: Record<string, string> = {}): Promise<Answer> =>
  post(url, JSON.stringify({ jsonrpc: "2.0", ...message }), headers);

/** The headers of a caller's requests, in a session if given. */
export const as = (who: Who, session?: string): Record<string, string> => ({
  authorization: `Bearer ${tokens[who]}`,
  ...(session === undefined ? {} : { "mcp-session-id": session }),
});

/** Opens a session and returns its id. */
export async function openSession(url: URL, headers = as("alice")): Promise<string> {
  const params = {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "test", version: "1" },
  };
  const opened = await rpc(url, { id: 0, method: "initialize", params }, headers);
  const id = opened.headers.get("mcp-session-id");
  if (id === null) throw new Error(`no session: ${opened.status} ${opened.text}`);
  await rpc(url, { method: "notifications/initialized" }, { ...headers, "mcp-session-id": id });
  return id;
}

/** Calls a tool. */
export function callTool(
  url: URL,
  params: Record<string, unknown>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return rpc(url, { id: 1, method: "tools/call", params }, headers);
}

/** Reads an answer to its end. */
export async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  const stream = response.headers.get("content-type")?.startsWith("text/event-stream");
  const data = stream ? text.split("\n").filter((line) => line.startsWith("data: ")) : [text];
  let message = {};
  try {
    message = JSON.parse((data.at(-1) ?? "").replace(/^data: /, ""));
  } catch {
    // Not every answer has a message.
  }
  return { status: response.status, headers: response.headers, text, rpc: message };
}
