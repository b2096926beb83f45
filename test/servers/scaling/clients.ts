import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { closing } from "../guard/helpers.ts";
import type { Pod } from "./pods.ts";

/** What a Service does, for each request anew: any of its pods answers. */
export class Balancer {
  readonly pods: Pod[] = [];
  readonly #answered = new Map<Pod, number>();
  #wake: (() => void)[] = [];
  #turn = 0;

  readonly fetch = async (_url: string | URL, init?: RequestInit): Promise<Response> => {
    const pod = this.pods[this.#turn++ % this.pods.length];
    if (pod === undefined) throw new Error("no pod");
    const response = await fetch(pod.url, init);
    this.#answered.set(pod, (this.#answered.get(pod) ?? 0) + 1);
    for (const wake of this.#wake.splice(0)) wake();
    return response;
  };

  /** Resolves once each of these pods has answered so many more requests. */
  async answered(pods: readonly Pod[], more: number): Promise<void> {
    const before = new Map(this.#answered);
    const enough = (pod: Pod) => (this.#answered.get(pod) ?? 0) - (before.get(pod) ?? 0) >= more;
    while (!pods.every(enough)) await new Promise<void>((resolve) => this.#wake.push(resolve));
  }
}

/** Clients that call one after the other until they are told to stop. */
export interface Load {
  /** Waits for something while all is well; rejects with the first call that failed. */
  during<T>(something: Promise<T>): Promise<T>;
  /** Calls that were answered, and rightly. */
  calls: () => number;
  /** The ids of the clients' sessions. */
  sessions: () => (string | undefined)[];
  /** Lets the last calls be answered; rejects if one failed. */
  stop(): Promise<void>;
}

/** So many of the official client, each with a session of its own, all of them calling all the time. */
export async function startLoad(balancer: Balancer, count: number): Promise<Load> {
  let [calls, stopped] = [0, false];
  const failed = Promise.withResolvers<never>();
  const fail = (reason: unknown) => {
    stopped = true;
    failed.reject(reason);
  };
  failed.promise.catch(() => {}); // Whoever waits hears of it.
  const transports: StreamableHTTPClientTransport[] = [];
  const clients = await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const client = new Client({ name: `client-${i}`, version: "1" });
      const transport = new StreamableHTTPClientTransport(new URL("http://service/mcp"), {
        fetch: balancer.fetch,
      });
      transports.push(transport);
      await client.connect(transport);
      return closing(client);
    }),
  );
  const running = clients.map(async (client, i) => {
    for (let call = 0; !stopped; call++) {
      const message = `${i}/${call}`;
      try {
        const { content } = await client.callTool({ name: "echo", arguments: { message } });
        const [{ text } = { text: "" }] = content as { text: string }[];
        if (text === `Echo: ${message}`) calls += 1;
        else fail(new Error(`${message} was answered ${text}`));
      } catch (error) {
        fail(error);
      }
    }
  });
  return {
    during: (something) => Promise.race([something, failed.promise]),
    calls: () => calls,
    sessions: () => transports.map(({ sessionId }) => sessionId),
    async stop() {
      stopped = true;
      await Promise.race([Promise.all(running), failed.promise]);
    },
  };
}
