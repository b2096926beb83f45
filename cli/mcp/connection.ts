import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import manifest from "../../package.json" with { type: "json" };
import { HttpRefusal } from "./failure.ts";
import type { HttpPlace, Place } from "./place.ts";

/** A server that answered `initialize`. */
export interface Connection {
  client: Client;
  /** Ends the session, after what is still on its way has been sent. */
  close(): Promise<void>;
}

export interface ConnectOptions {
  timeoutMs: number;
  signal: AbortSignal;
  /** What a server on stdio writes beside the protocol. */
  onServerLog: (text: string) => void;
  /** What HTTP goes by. @default fetch */
  fetch?: typeof fetch;
}

/** How long a farewell may take: a server that hangs must not hold up the end. */
const farewellMs = 2000;

/** Opens a session; what goes wrong is thrown as it is. */
export async function connect(place: Place, options: ConnectOptions): Promise<Connection> {
  const { timeoutMs, signal } = options;
  const { transport, refused } = transportOf(place, options);
  const sent = trackNotifications(transport);
  const client = new Client({ name: manifest.name, version: manifest.version });
  const close = async () => {
    await within(farewellMs, Promise.allSettled(sent));
    if (transport instanceof StreamableHTTPClientTransport) {
      await within(farewellMs, transport.terminateSession());
    }
    await client.close();
  };
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    await Promise.race([client.connect(transport, { timeout: timeoutMs }), aborted(limit)]);
    return { client, close };
  } catch (error) {
    // An event source hides why it failed behind an error of its own, and fails again when it is closed.
    const reason = refused() ?? error;
    await close();
    throw reason;
  }
}

function transportOf(place: Place, { onServerLog, fetch: send = fetch }: ConnectOptions) {
  if (place.transport === "stdio") {
    const transport = new StdioClientTransport({ ...place, stderr: "pipe" });
    transport.stderr?.on("data", (data: Buffer) => onServerLog(data.toString()));
    return { transport, refused: () => undefined };
  }
  const { url, headers } = place;
  const { fetch, refused } = observed(place, send);
  const options = { fetch, requestInit: { headers } };
  const transport: Transport =
    place.transport === "sse"
      ? new SSEClientTransport(url, options)
      : new StreamableHTTPClientTransport(url, options);
  return { transport, refused };
}

/**
 * A fetch that throws refusals with all that their headers say, of which the SDK's errors keep only the status. The
 * stream that a client of streamable HTTP opens beside its requests is not needed, and may be refused.
 */
function observed({ transport }: HttpPlace, send: typeof fetch) {
  let last: unknown;
  const fetched: typeof fetch = async (input, init) => {
    if (transport === "http" && init?.method !== "POST") return send(input, init);
    try {
      const response = await send(input, init);
      if (response.status < 400) return response;
      throw new HttpRefusal(response, await response.text().catch(() => ""));
    } catch (error) {
      last = error;
      throw error;
    }
  };
  return { fetch: fetched, refused: () => (transport === "sse" ? last : undefined) };
}

/** Notes what is sent without being waited for: a cancellation that is cut off cancels nothing. */
function trackNotifications(transport: Transport): Set<Promise<void>> {
  const sent = new Set<Promise<void>>();
  const send = transport.send.bind(transport);
  transport.send = (message, options) => {
    const sending = send(message, options);
    if (!("id" in message)) {
      const done = sending.catch(() => {}).finally(() => sent.delete(done));
      sent.add(done);
    }
    return sending;
  };
  return sent;
}

/** Rejects when a signal is aborted, and never settles otherwise. */
export function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  await Promise.race([work, aborted(AbortSignal.timeout(ms))]).catch(() => {});
}
