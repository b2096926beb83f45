import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createSecureContext } from "node:tls";
import { Sockets } from "../../network/sockets.ts";
import { hostMatches } from "./attachment.ts";
import { type AttachedRoute, findRule } from "./matching.ts";
import { answer, type Target, upgrade } from "./passing.ts";

/** A listener that takes requests. */
export interface ProgrammedListener {
  /** As in the Gateway; on this machine all listeners of one protocol have one port. */
  port: number;
  /** @default every host */
  hostname?: string;
  /** PEM; a listener without speaks plain HTTP. */
  certificate?: { cert: string; key: string };
  routes: readonly AttachedRoute[];
}

/** Where Gateways take requests on this machine. */
export interface GatewayServer {
  /** For what asks a Gateway's port 80. */
  httpPort: number;
  /** For what asks a Gateway's port 443. */
  httpsPort: number;
  /** The listeners of all Gateways from now on. */
  program(listeners: readonly ProgrammedListener[]): void;
  /** The port of this machine for a host and port of a Gateway; undefined when none has that host. */
  portFor(host: string, port: number): number | undefined;
  close(): Promise<void>;
}

/**
 * Takes the requests of Gateways and passes them on to the pods behind their routes' Services. It speaks HTTP/1.1
 * only. A host that no certificate is for can't begin a connection, one that no route is for is answered with 404,
 * as by Envoy.
 */
export async function startGatewayServer(
  target: Target,
  ports = { http: 0, https: 0 },
): Promise<GatewayServer> {
  let listeners: readonly ProgrammedListener[] = [];
  const sockets = new Sockets();
  const find = (host: string, port: number) =>
    listeners
      .filter((listener) => listener.port === port && hostMatches(listener.hostname ?? "*", host))
      .sort((a, b) => rank(b.hostname) - rank(a.hostname))[0];

  const plain = createServer();
  const secure = createTlsServer({
    // Without a certificate nobody gets further than hello.
    SNICallback: (name, done) => {
      const certificate = find(name, 443)?.certificate;
      done(null, certificate && createSecureContext(certificate));
    },
  });
  for (const [server, port, scheme] of [
    [plain, 80, "http"],
    [secure, 443, "https"],
  ] as const) {
    // An answer may take as long as its route allows.
    server.requestTimeout = 0;
    const found = (incoming: IncomingMessage) => {
      const host = (incoming.headers.host ?? "").replace(/:\d+$/, "").toLowerCase();
      const { pathname: path, searchParams: query, search } = new URL(incoming.url ?? "/", "http://host");
      const { method = "GET", headers } = incoming;
      const rule = findRule(find(host, port)?.routes ?? [], { host, path, query, method, headers });
      return { rule, host, path, search, scheme };
    };
    server.on("request", (incoming, response) => {
      void answer(target, incoming, response, found(incoming)).catch((error) => {
        console.error(`gateway: ${error}`);
        response.destroy();
      });
    });
    server.on("upgrade", (incoming, socket) => {
      void upgrade(target, sockets, incoming, socket, found(incoming)).catch(() => socket.destroy());
    });
    server.on("connection", (socket) => sockets.track(socket));
  }
  secure.on("tlsClientError", (_error, socket) => socket.destroy());
  plain.listen(ports.http, "127.0.0.1");
  secure.listen(ports.https, "127.0.0.1");
  await Promise.all([once(plain, "listening"), once(secure, "listening")]);
  const [httpPort, httpsPort] = [plain, secure].map((server) => (server.address() as AddressInfo).port);
  return {
    httpPort: httpPort as number,
    httpsPort: httpsPort as number,
    program: (now) => {
      listeners = now;
    },
    portFor: (host, port) =>
      find(host.toLowerCase(), port) && (port === 443 ? httpsPort : port === 80 ? httpPort : undefined),
    async close() {
      const closed = [plain, secure].map((server) => once(server.close(), "close"));
      sockets.destroy();
      await Promise.all(closed);
    },
  };
}

function rank(hostname = "*"): number {
  return hostname.startsWith("*") ? hostname.length : 1_000;
}
