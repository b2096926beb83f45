import { pino } from "pino";
import { ConfigError, readConfig } from "./config.ts";
import { startServer } from "./server.ts";

try {
  const config = readConfig(process.env);
  // Written at once: by default the lines before an exit can come out in another order.
  const stdout = pino.destination({ dest: 1, sync: true });
  const log = pino({ name: "echo", level: config.logLevel }, stdout);
  const server = await startServer(config, log);
  log.info({ url: server.url.href }, "listening");

  const stop = async (signal: string) => {
    log.info({ signal }, "shutting down");
    await server.close();
    log.info("stopped");
    process.exit(0);
  };
  // Once only: a second signal ends the process at once.
  process.once("SIGTERM", stop).once("SIGINT", stop);
} catch (error) {
  console.error(`echo: ${explain(error)}`);
  process.exitCode = 1;
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
