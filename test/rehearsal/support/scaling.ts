import { setTimeout as wait } from "node:timers/promises";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ProxyAgent, fetch as request } from "undici";
import type { Stage } from "./stage.ts";

/** Clients of a server in the cluster, each with a session of its own, that call all the time. */
export interface Clients {
  /** How long each waits between two calls, in milliseconds. */
  pace(ms: number): void;
  /** Resolves after so many more calls that were answered rightly. */
  more(calls: number): Promise<void>;
  /** Waits for something; rejects with the first call that fails meanwhile. */
  during<T>(something: Promise<T>): Promise<T>;
  /** The ids of their sessions. */
  sessions(): (string | undefined)[];
  /** Lets the last calls be answered; rejects if one failed. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** Connects them as programs of the cluster would: by the Service's name, each connection to one of its pods. */
export async function startClients(
  stage: Stage,
  url: string,
  { token, count }: { token: string; count: number },
): Promise<Clients> {
  const dispatcher = new ProxyAgent({ uri: stage.running.environment.serviceProxy, proxyTunnel: true });
  const throughProxy = ((address: string | URL, init: object) =>
    request(String(address), { ...init, dispatcher })) as unknown as typeof fetch;
  const transports = Array.from(
    { length: count },
    () =>
      new StreamableHTTPClientTransport(new URL(url), {
        fetch: throughProxy,
        requestInit: { headers: { authorization: `Bearer ${token}` } },
      }),
  );
  const clients = transports.map(() => new Client({ name: "scaling", version: "1" }));
  for (const [i, transport] of transports.entries()) await clients[i]?.connect(transport);

  const stopped = new AbortController();
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {}); // Whoever waits hears of it.
  let [paceMs, calls] = [1000, 0];
  let waiting: (() => void)[] = [];
  const callOn = async (client: Client, name: string) => {
    for (let i = 0; !stopped.signal.aborted; i++) {
      const message = `${name}/${i}`;
      const { content } = await client.callTool({ name: "echo", arguments: { message } });
      const [{ text } = { text: "" }] = content as { text: string }[];
      if (text !== `Echo: ${message}`) throw new Error(`${message} was answered ${text}`);
      calls += 1;
      for (const wake of waiting.splice(0)) wake();
      await wait(paceMs, undefined, { signal: stopped.signal }).catch(() => {});
    }
  };
  const running = Promise.all(clients.map((client, i) => callOn(client, String(i))));
  running.catch((error) => {
    stopped.abort();
    failed.reject(error);
  });
  return {
    pace(ms) {
      paceMs = ms;
    },
    async more(count) {
      const enough = calls + count;
      while (calls < enough) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    during: (something) => Promise.race([something, failed.promise]),
    sessions: () => transports.map(({ sessionId }) => sessionId),
    async stop() {
      stopped.abort();
      await running;
    },
    async close() {
      stopped.abort();
      await running.catch(() => {});
      for (const client of clients) await client.close();
      await dispatcher.destroy();
      waiting = [];
    },
  };
}
