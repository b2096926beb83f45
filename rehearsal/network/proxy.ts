import { once } from "node:events";
import { createServer } from "node:http";
import { connect, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { CertificateAuthority } from "../certs.ts";
import { forward } from "./forward.ts";
import { Sockets, tunnel } from "./sockets.ts";

/** What answers in the place of public hosts, in plain text on this machine. */
export interface Destination {
  port: number;
  /** Which hosts; `*.` stands for one more label, as in a certificate. */
  hosts: readonly string[];
  /** Which of them there are at the moment. @default all of them */
  serves?: (host: string) => boolean;
}

/** What answers for hosts by itself, also over TLS, at ports that it says for each; undefined for any other host. */
export type Passage = (host: string, port: number) => number | undefined;

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
 * @param passage hosts whose connections are passed on as they are, and that plain HTTP may be asked of, too.
 */
export async function startProxy(
  ca: CertificateAuthority,
  destinations: readonly Destination[],
  onRefused: (host: string) => void,
  port = 0,
  passage: Passage = () => undefined,
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

  const proxy = createServer((request, response) => {
    const url = URL.parse(request.url ?? "");
    const through = url && passage(url.hostname, Number(url.port || 80));
    if (url && through) {
      forward(request, response, url, through);
    } else {
      response.writeHead(405).end("only CONNECT is served\n");
    }
  });
  proxy.on("connection", (socket) => sockets.track(socket));
  proxy.on("connect", (request, client: Socket) => {
    const [host = "", asPort] = (request.url ?? "").split(":");
    const through = passage(host, Number(asPort));
    if (through === undefined && portFor(host) === undefined) {
      onRefused(request.url ?? "");
      client.end(`HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const inner = sockets.track(
      connect(through ?? tlsPort, "127.0.0.1", () =>
        client.write("HTTP/1.1 200 Connection Established\r\n\r\n"),
      ),
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
