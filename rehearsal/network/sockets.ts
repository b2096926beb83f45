import type { Duplex } from "node:stream";

/** The open connections of a server that tunnels. */
export class Sockets {
  readonly #open = new Set<Duplex>();

  /** Takes note of a connection. */
  track<T extends Duplex>(socket: T): T {
    this.#open.add(socket);
    // Whoever resets a connection hurts that connection only. Node destroys the socket by itself; without
    // a listener it would end the process too.
    socket.on("error", () => undefined);
    socket.on("close", () => this.#open.delete(socket));
    return socket;
  }

  /** Ends all of them. */
  destroy(): void {
    for (const socket of this.#open) {
      socket.destroy();
    }
  }
}

/** Joins two connections. What ends one of them hard ends the other: half a connection helps nobody. */
export function tunnel(one: Duplex, other: Duplex): void {
  one.pipe(other).pipe(one);
  one.on("error", () => other.destroy());
  other.on("error", () => one.destroy());
}
