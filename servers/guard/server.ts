import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { createAudit, shortSession } from "./audit.ts";
import { createAuthenticator } from "./authentication/index.ts";
import { createAuthorizer } from "./authorization.ts";
import { ShuttingDown } from "./calls/failures.ts";
import type { ToolCall } from "./calls/toolCall.ts";
import type { Config } from "./config.ts";
import { createReadiness } from "./health.ts";
import type { Ending } from "./http/ending.ts";
import { createFront } from "./http/front.ts";
import { Leaving } from "./leaving.ts";
import { createLimits } from "./limits/index.ts";
import { createManagement } from "./management.ts";
import { Catalogue } from "./mcp/catalogue.ts";
import { Sessions } from "./mcp/sessions.ts";
import { createMetrics } from "./metrics.ts";
import type { After, Parts } from "./parts.ts";
import { createResilience } from "./resilience/index.ts";
import { engineName } from "./search/engines.ts";
import { createSearch } from "./search/index.ts";
import { OPENS_SESSIONS, sessionMode } from "./sessionMode.ts";
import { createUpstream } from "./upstream/client.ts";

/** A guard that is listening. */
export interface RunningGuard {
  /** The MCP endpoint, for example `http://127.0.0.1:3000/mcp`. */
  url: URL;
  /** Where /healthz, /readyz and /metrics are. */
  managementUrl: URL;
  /**
   * Says that it isn't ready, goes on for `drainSeconds`, stops accepting, lets running calls finish for the grace
   * period, and ends.
   */
  close(): Promise<void>;
}

/** What a guard takes from outside; tests put in their own. */
export interface Surroundings {
  log: Logger;
  /** Takes the audit's lines, each with its line end. */
  write: (line: string) => void;
  /** A clock in milliseconds. @default the process's */
  now?: () => number;
  /** The timer of deadlines. @default the process's */
  after?: After;
}

/** Starts the guard; rejects when it can't listen, or with a `ConfigError`. */
export async function startGuard(
  config: Config,
  { log, write, now = () => performance.now(), after = timer }: Surroundings,
): Promise<RunningGuard> {
  const parts = await createParts(config, { log, write, now, after });
  const { upstream, catalogue, sessions } = parts;
  const noSessions = config.sessions.mode === "stateless" ? OPENS_SESSIONS : undefined;
  const readiness = createReadiness({ upstream, catalogue, log, now, noSessions, ...config.upstream });
  const streams = new Set<Ending>();
  const leaving = new Leaving();
  const front = createFront(parts, streams, leaving);
  // While closing, a connection is not kept for a next request once its answer has ended.
  front.server.on("request", (_request, response) =>
    response.once("close", () => leaving.closing && setImmediate(() => front.server.closeIdleConnections())),
  );
  const management = createManagement(parts.metrics, readiness, leaving, after);
  const sweeper = setInterval(() => sessions.sweep(), Math.min(config.limits.sessionIdleSeconds, 60) * 1000);

  const close = async (drainSeconds = config.drainSeconds) => {
    leaving.begin();
    if (drainSeconds > 0) await new Promise<void>((resolve) => void after(drainSeconds, resolve));
    leaving.closing = true;
    clearInterval(sweeper);
    // Only listens, and may do so for ever.
    for (const stream of streams) stream.now(new ShuttingDown());
    const grace = setTimeout(() => {
      for (const call of parts.running) call.shutDown();
      // What the calls' clients are told goes out first.
      setImmediate(() => front.server.closeAllConnections());
    }, config.shutdownGraceSeconds * 1000);
    await front.close();
    clearTimeout(grace);
    for (const call of parts.running) call.shutDown();
    await leaving.gone();
    await management.close();
    await upstream.close();
    parts.authenticator.close();
  };

  try {
    await front.listen({ host: config.listen.host, port: config.listen.port });
    await management.listen({ host: config.management.host, port: config.management.port });
  } catch (error) {
    await close(0);
    throw error;
  }
  // Learns which tools there are, before the first call.
  void readiness();
  return {
    url: urlOf(front, config.listen.path),
    managementUrl: urlOf(management, "/"),
    close: () => close(),
  };
}

const timer: After = (seconds, act) => {
  const timeout = setTimeout(act, seconds * 1000);
  return () => clearTimeout(timeout);
};

async function createParts(
  config: Config,
  { log, write, now, after }: Required<Surroundings>,
): Promise<Parts> {
  const { limits } = config;
  const metrics = createMetrics(config.server, {
    concurrency: limits.concurrency,
    sessions: limits.sessions,
    engines: [...new Set(config.search?.engines.map(engineName))],
  });
  const resilience = createResilience(config);
  resilience.onState((state) => {
    metrics.breakerChanged(state);
    log.warn({ state }, "the circuit breaker changed");
  });
  const sessions = new Sessions<ToolCall>({
    idleSeconds: limits.sessionIdleSeconds,
    max: limits.sessions,
    maxPerCaller: limits.sessionsPerCaller ?? shareOf(config),
    now,
    onSize: (open) => metrics.sessionsChanged(open),
    portable: config.sessions.mode === "portable",
    onIdle: (upstreamId, why) => {
      log.info({ session: shortSession(upstreamId) }, `session ended, ${why}`);
      upstream.send({ method: "DELETE", headers: { "mcp-session-id": upstreamId } }).then(
        ({ body }) => body.resume(),
        () => {}, // The server may have ended it too.
      );
    },
  });
  const upstream = createUpstream(config.upstream, () => {
    if (sessions.size === 0) return;
    // Sessions live in the server's memory. Clients that hear 404 open new ones; some servers say 400 instead.
    log.warn({ sessions: sessions.size }, "the MCP server is gone, and its sessions with it");
    sessions.clear();
  });
  return {
    config,
    log,
    now,
    after,
    authenticator: await createAuthenticator(config.authentication, { log }),
    allowed: createAuthorizer(config.authorization),
    limits: createLimits(limits),
    resilience,
    search: createSearch(config.search),
    audit: createAudit(write, { server: config.server }),
    metrics,
    sessions,
    sessionMode: sessionMode(config, { sessions, upstream, resilience }),
    running: new Set(),
    catalogue: new Catalogue((names) => metrics.toolsListed(names), settledTools(config)),
    upstream,
  };
}

/**
 * One caller gets half of the sessions, so that there are some for others; where nobody is known, one is
 * all.
 */
function shareOf({ authentication, limits }: Config): number {
  return authentication.none === undefined ? Math.ceil(limits.sessions / 2) : limits.sessions;
}

/** The tools that the settings speak of by their whole names. */
function settledTools({ authorization, limits, retries, search }: Config): string[] {
  const ruled = authorization.rules.flatMap(({ tools }) => tools).filter((name) => !name.includes("*"));
  return [...ruled, ...Object.keys(limits.tools), ...retries.tools, ...(search ? [search.tool] : [])];
}

function urlOf({ server }: FastifyInstance, path: string): URL {
  const { address, port, family } = server.address() as AddressInfo;
  return new URL(`http://${family === "IPv6" ? `[${address}]` : address}:${port}${path}`);
}
