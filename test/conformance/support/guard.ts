import { pino } from "pino";
import { checkConfig } from "../../../servers/guard/config.ts";
import { startGuard } from "../../../servers/guard/server.ts";
import type { Running } from "../fixture/server.ts";

/**
 * Starts a server and the guard before it.
 *
 * @param settings of the guard, besides where it and the server are
 */
export async function startBehindGuard(start: () => Promise<Running>, settings: object): Promise<Running> {
  const server = await start();
  const config = checkConfig({
    server: "echo",
    listen: { host: "127.0.0.1", port: 0, allowedHosts: ["127.0.0.1"] },
    management: { host: "127.0.0.1", port: 0 },
    upstream: { url: server.url.href },
    ...settings,
  });
  const guard = await startGuard(config, { log: pino({ level: "silent" }), write: () => {} });
  return {
    url: guard.url,
    close: async () => {
      await guard.close();
      await server.close();
    },
  };
}
