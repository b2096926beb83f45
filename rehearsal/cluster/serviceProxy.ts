import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import { forward } from "../network/forward.ts";
import { Sockets, tunnel } from "../network/sockets.ts";
import { isOfCluster } from "./serviceTarget.ts";

/** The way into the cluster's network for programs of this machine. */
export interface ServiceProxy {
  port: number;
  close(): Promise<void>;
}

/** The port of this machine that answers for a Service; undefined when none does. */
export type Target = (host: string, port: number) => Promise<number | undefined>;

/**
 * A proxy for programs that are told of it by HTTP_PROXY: they reach Services by the names that they have inside
 * the cluster, and pods by their addresses, as if they ran there. It takes both forms in which clients ask a proxy for a plain-text address. It
 * is no way to anywhere else but to the public hosts of the cluster's Gateways, and no network policy is applied.
 *
 * @param port where to listen; 0 takes a free one.
 * @param gateways finds the port of this machine for a host of a Gateway.
 * @param told what becomes of a request for a Service that nobody stands behind: a person is told why, and a pod's
 * program loses the connection, as it has none there in a cluster.
 */
export async function startServiceProxy(
  target: Target,
  port = 0,
  gateways: (host: string, port: number) => number | undefined = () => undefined,
  told: "person" | "pod" = "person",
): Promise<ServiceProxy> {
  const sockets = new Sockets();
  const find = async (url: URL): Promise<number | { status: number; reason: string }> => {
    const asked = { host: url.hostname, port: Number(url.port || 80) };
    if (!isOfCluster(asked.host)) {
      const gateway = gateways(asked.host, asked.port);
      return gateway ?? { status: 403, reason: `${asked.host} is no Service of the cluster` };
    }
    const local = await target(asked.host, asked.port).catch((error: unknown) => {
      console.error(`service proxy: ${url.host}: ${error}`);
      return undefined;
    });
    const reason = `no pod that runs here stands behind ${asked.host} port ${asked.port}`;
    return local ?? { status: 503, reason };
  };

  const server = createServer(async (incoming, response) => {
    const url = URL.parse(incoming.url ?? "");
    const found = url ? await find(url) : { status: 400, reason: "not a request to a proxy" };
    if (typeof found !== "number" || !url) {
      const { status, reason } = found as { status: number; reason: string };
      if (told === "pod") {
        response.destroy();
        return;
      }
      response.writeHead(status, { "content-type": "text/plain" }).end(`${reason}\n`);
      return;
    }
    forward(incoming, response, url, found);
  });
  server.on("connection", (socket) => sockets.track(socket));
  server.on("connect", async (incoming: IncomingMessage, client: Socket) => {
    const url = URL.parse(`http://${incoming.url}`);
    const found = url ? await find(url) : { status: 400, reason: "no host and port" };
    if (typeof found !== "number") {
      client.end(`HTTP/1.1 ${found.status} ${found.reason}\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const inner = sockets.track(connect(found, "127.0.0.1"));
    inner.once("error", () => client.destroy());
    inner.once("connect", () => {
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      tunnel(client, inner);
    });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as { port: number }).port,
    async close() {
      server.close();
      sockets.destroy();
      await once(server, "close");
    },
  };
}
