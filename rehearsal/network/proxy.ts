import { once } from "node:events";
import { createServer } from "node:http";
import { connect, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { CertificateAuthority } from "../certs.ts";

/** A public host, and the plain-text port of this machine that answers in its place. */
export type Hosts = Readonly<Record<string, number>>;

/** A running proxy. */
export interface Proxy {
  port: number;
  close(): Promise<void>;
}

/**
 * The way out: programs that are told of it by HTTPS_PROXY reach the given hosts on this machine, by
 * their real names and over TLS, and no others. What else is asked for is refused and reported, so
 * that a rehearsal which needs the internet fails here and not on somebody's train.
 *
 * @param onRefused gets each host that was asked for and is not on the list.
 * @param port where to listen; 0 takes a free one.
 */
export async function startProxy(
  ca: CertificateAuthority,
  hosts: Hosts,
  onRefused: (host: string) => void,
  port = 0,
): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const tls = createTlsServer(await ca.issue({ name: "rehearsal", hosts: Object.keys(hosts) }), (secure) => {
    const target = hosts[secure.servername ? String(secure.servername) : ""];
    if (target === undefined) {
      secure.destroy();
      return;
    }
    tunnel(track(secure), track(connect(target, "127.0.0.1")));
  });
  tls.listen(0, "127.0.0.1");
  await once(tls, "listening");
  const tlsPort = (tls.address() as { port: number }).port;

  const proxy = createServer((_request, response) => {
    response.writeHead(405).end("only CONNECT is served\n");
  });
  proxy.on("connect", (request, client: Socket) => {
    track(client);
    const [host = ""] = (request.url ?? "").split(":");
    if (hosts[host] === undefined) {
      onRefused(request.url ?? "");
      client.end(`HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const inner = track(
      connect(tlsPort, "127.0.0.1", () => client.write("HTTP/1.1 200 Connection Established\r\n\r\n")),
    );
    tunnel(client, inner);
  });
  proxy.listen(port, "127.0.0.1");
  await once(proxy, "listening");

  function track(socket: Socket): Socket {
    sockets.add(socket);
    // Whoever resets a connection hurts that connection only. Node destroys the socket by itself; without
    // a listener it would end the process too.
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    return socket;
  }
  return {
    port: (proxy.address() as { port: number }).port,
    async close() {
      for (const socket of sockets) {
        socket.destroy();
      }
      proxy.close();
      tls.close();
      await Promise.all([once(proxy, "close"), once(tls, "close")]);
    },
  };
}

/** Joins two sockets. What ends one of them hard ends the other: half a connection helps nobody. */
function tunnel(one: Socket, other: Socket): void {
  one.pipe(other).pipe(one);
  one.on("error", () => other.destroy());
  other.on("error", () => one.destroy());
}
