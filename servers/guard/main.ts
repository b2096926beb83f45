import { pino } from "pino";
import { ConfigError, loadConfig } from "./config.ts";
import { startGuard } from "./server.ts";

const path = process.env["GUARD_CONFIG"] || "/etc/mcp-guard/guard.yaml";

try {
  const config = loadConfig(path);
  // Written at once: by default the lines before an exit can come out in another order, or not at all.
  const stdout = pino.destination({ dest: 1, sync: true });
  const log = pino({ name: "guard", level: config.logLevel }, stdout);
  const guard = await startGuard(config, { log, write: (line) => stdout.write(line) });
  log.info({ url: guard.url.href, management: guard.managementUrl.href }, "listening");

  const stop = async (signal: string) => {
    log.info({ signal }, "shutting down");
    await guard.close();
    log.info("stopped");
    process.exit(0);
  };
  // Once only: a second signal ends the process at once.
  process.once("SIGTERM", stop).once("SIGINT", stop);
} catch (error) {
  console.error(`guard: ${explain(error)}`);
  process.exitCode = 1;
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  const { code, address, port } = error as { code?: string; address?: string; port?: number };
  const where = `listen or management of ${path}`;
  if (code === "EADDRINUSE") return `port ${port} of ${address} is in use; set another one in ${where}`;
  if (code === "EACCES") return `may not listen on port ${port}; set one from 1024 up in ${where}`;
  if (code === "EADDRNOTAVAIL")
    return `this machine has no address ${address}; set one that it has in ${where}`;
  if (code === "ENOTFOUND") return `the host to listen on does not resolve to an address; see ${where}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
