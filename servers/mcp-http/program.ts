import { type Logger, pino } from "pino";
import { ConfigError, type HttpConfig } from "./config.ts";

/** What a program has started. */
export interface Started {
  /** Where it came up, for its log. For example `http://127.0.0.1:3000/mcp`. */
  url?: URL;
  log: Logger;
  /** Ends it in good order. */
  close(): Promise<void>;
}

/**
 * Runs a server's program until SIGTERM or SIGINT, which end it with code 0. When it can't start, says in one
 * line why, as far as people can do something about it, and ends with code 1.
 */
export async function runProgram(name: string, start: () => Promise<Started>): Promise<void> {
  try {
    const { url, log, close } = await start();
    log.info({ url: url?.href }, "listening");
    const stop = async (signal: string) => {
      log.info({ signal }, "shutting down");
      await close();
      log.info("stopped");
      process.exit(0);
    };
    // Once only: a second signal ends the process at once.
    process.once("SIGTERM", stop).once("SIGINT", stop);
  } catch (error) {
    console.error(`${name}: ${explain(error)}`);
    process.exitCode = 1;
  }
}

/**
 * A log of JSON lines on file descriptor `dest`.
 * Written at once: by default the lines before an exit can come out in another order.
 *
 * @default dest is 1, standard output
 */
export function createLog(name: string, level: HttpConfig["logLevel"], dest = 1): Logger {
  return pino({ name, level }, pino.destination({ dest, sync: true }));
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  const { code, address, port } = error as { code?: string; address?: string; port?: number };
  if (code === "EADDRINUSE") return `port ${port} of ${address} is in use; set PORT to a free one`;
  if (code === "EACCES") return `may not listen on port ${port}; set PORT to 1024 or above`;
  if (code === "EADDRNOTAVAIL") return `this machine has no address ${address}; set HOST to one that it has`;
  if (code === "ENOTFOUND") return "HOST does not resolve to an address";
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
