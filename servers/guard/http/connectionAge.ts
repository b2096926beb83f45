import type { Socket } from "node:net";

/**
 * Tells whether a connection has had its time, from its first request on. Each has a little more or less of it, so that
 * connections which began together don't end together.
 *
 * @param seconds 0 is for ever
 * @param now a clock in milliseconds
 * @param random from 0 to 1
 */
export function connectionAge(
  seconds: number,
  now: () => number,
  random: () => number = Math.random,
): (socket: Socket) => boolean {
  const ends = new WeakMap<Socket, number>();
  return (socket) => {
    if (seconds === 0) return false;
    const end = ends.get(socket);
    if (end !== undefined) return now() >= end;
    ends.set(socket, now() + seconds * 1000 * (0.75 + random() / 2));
    return false;
  };
}
