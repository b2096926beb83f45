import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A way to several pods on one address: each connection goes to one of them, by chance, as kube-proxy does it. */
export class Balancer {
  /** Ports of the pods that are ready. */
  readonly ready = new Set<number>();
  /** Connections that each pod got. */
  readonly connections = new Map<number, number>();
  readonly #server = createServer((client) => this.#forward(client));
  readonly #sockets = new Set<Socket>();

  /** Listens, and gives the port. */
  async listen(): Promise<number> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, "close");
  }

  #forward(client: Socket): void {
    const ports = [...this.ready];
    const port = ports[Math.floor(Math.random() * ports.length)];
    if (port === undefined) return void client.destroy();
    this.connections.set(port, (this.connections.get(port) ?? 0) + 1);
    const server = connect(port, "127.0.0.1");
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(one);
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => this.#sockets.delete(one));
    }
  }
}
