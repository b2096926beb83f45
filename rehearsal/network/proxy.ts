import { once } from "node:events";
import { createServer } from "node:http";
import { connect, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { CertificateAuthority } from "../certs.ts";
import { Sockets, tunnel } from "./sockets.ts";

/** What answers in the place of public hosts, in plain text on this machine. */
export interface Destination {
  port: number;
  /** Which hosts; `*.` stands for one more label, as in a certificate. */
  hosts: readonly string[];
  /** Which of them there are at the moment. @default all of them */
  serves?: (host: string) => boolean;
}

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
  destinations: readonly Destination[],
  onRefused: (host: string) => void,
  port = 0,
): Promise<Proxy> {
  const sockets = new Sockets();
  const names = destinations.flatMap(({ hosts }) => hosts);
  const portFor = (host: string) =>
    destinations.find(
      ({ hosts, serves }) =>
        (hosts.includes(host) || hosts.includes(host.replace(/^[^.]+/, "*"))) && (serves?.(host) ?? true),
    )?.port;
  const tls = createTlsServer(await ca.issue({ name: "rehearsal", hosts: names }), (secure) => {
    const target = portFor(secure.servername ? String(secure.servername) : "");
    if (target === undefined) {
      secure.destroy();
      return;
    }
    tunnel(sockets.track(secure), sockets.track(connect(target, "127.0.0.1")));
  });
  tls.listen(0, "127.0.0.1");
  await once(tls, "listening");
  const tlsPort = (tls.address() as { port: number }).port;

  const proxy = createServer((_request, response) => {
    response.writeHead(405).end("only CONNECT is served\n");
  });
  proxy.on("connect", (request, client: Socket) => {
    sockets.track(client);
    const [host = ""] = (request.url ?? "").split(":");
    if (portFor(host) === undefined) {
      onRefused(request.url ?? "");
      client.end(`HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const inner = sockets.track(
      connect(tlsPort, "127.0.0.1", () => client.write("HTTP/1.1 200 Connection Established\r\n\r\n")),
    );
    tunnel(client, inner);
  });
  proxy.listen(port, "127.0.0.1");
  await once(proxy, "listening");

  return {
    port: (proxy.address() as { port: number }).port,
    async close() {
      sockets.destroy();
      proxy.close();
      tls.close();
      await Promise.all([once(proxy, "close"), once(tls, "close")]);
    },
  };
}
