import type { IncomingMessage } from "node:http";
import type { Logger } from "pino";
import type { UnauthenticatedReason } from "../authentication/unauthenticated.ts";

/** For so long after a line the next ones of the same reason are only counted. */
const silenceMs = 10_000;
/** Of a header that anybody may fill, the log takes so many characters. */
const maxLength = 200;

/**
 * Logs from where requests without a caller come: whoever looks into a rise of them has nothing else to go by. A reason
 * has a line every ten seconds at most, with how many there were meanwhile, so that nobody fills the disk.
 */
export function strangersLog(log: Logger, now: () => number) {
  const seen = new Map<UnauthenticatedReason, { at: number; unlogged: number }>();
  return (reason: UnauthenticatedReason, { socket, headers }: IncomingMessage): void => {
    const before = seen.get(reason);
    if (before && now() - before.at < silenceMs) {
      before.unlogged += 1;
      return;
    }
    seen.set(reason, { at: now(), unlogged: 0 });
    // Behind a gateway `address` is the gateway's; its last entry in `forwardedFor` is whom it heard from, and those
    // before are the client's own words.
    const forwardedFor = String(headers["x-forwarded-for"] ?? "").slice(-maxLength) || undefined;
    log.info(
      { reason, address: socket.remoteAddress, forwardedFor, unlogged: before?.unlogged ?? 0 },
      "a request without a caller was refused",
    );
  };
}
