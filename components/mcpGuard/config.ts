import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import type { McpGuardArgs } from "./args.ts";

/** Where the guard reads what is mounted. Source: servers/guard/config.ts. */
export const CONFIG_FILE = "/etc/mcp-guard/guard.yaml";
export const TOKENS_DIRECTORY = "/var/run/secrets/mcp-guard/tokens";
export const SESSIONS_DIRECTORY = "/var/run/secrets/mcp-guard/sessions";

/** The file there with the key of portable sessions. */
export const SESSION_KEY = "key";

/** The port of /healthz, /readyz and /metrics. */
export const MANAGEMENT_PORT = 9464;

/**
 * How long a connection lasts where any pod may answer: clients that keep theirs would never find a pod that came
 * later. A new one costs a caller in the cluster a millisecond.
 */
const CONNECTION_SECONDS = 30;

/** Where the guard stands. */
export interface GuardPlace {
  /** The server's name. */
  server: string;
  /** The port that the guard listens on. */
  port: number;
  /** The server's own port; both are in one pod. */
  upstreamPort: number;
  /** Path of the endpoint, of both. */
  path: string;
  /**
   * How often the server is asked whether it is ready, in seconds; a gateway starts a process each time.
   * @default - the guard's: 10
   */
  probeSeconds?: number;
  /** What a session is to the server, where any pod may answer. @default - in-memory */
  sessions?: "stateless" | "portable";
  /** How its pod goes. @default - the guard's: no draining, and 20 seconds for running calls */
  ending?: { drainSeconds: number; graceSeconds: number };
}

/**
 * The guard's settings file: what is said, and nothing else, so that defaults are in one place, the guard.
 */
export function guardConfig(guard: McpGuardArgs, place: GuardPlace): pulumi.Output<string> {
  const { jwt, tokens, none } = guard.authentication;
  const { egress, ...issuer } = jwt ?? {};
  const settings = {
    server: place.server,
    listen: {
      port: place.port,
      path: place.path,
      allowedOrigins: guard.allowedOrigins,
      allowedHosts: guard.allowedHosts,
      publicUrl: guard.publicUrl,
      connectionSeconds: place.sessions && CONNECTION_SECONDS,
    },
    management: { port: MANAGEMENT_PORT },
    upstream: {
      url: `http://127.0.0.1:${place.upstreamPort}${place.path}`,
      sse: guard.sse,
      probeSeconds: place.probeSeconds,
    },
    authentication: {
      jwt: jwt && issuer,
      tokens: tokens && {
        directory: TOKENS_DIRECTORY,
        roles: Object.fromEntries(Object.entries(tokens).map(([name, { roles = [] }]) => [name, roles])),
      },
      none,
    },
    authorization: guard.authorization,
    limits: guard.limits,
    breaker: guard.breaker,
    retries: guard.retries,
    search: guard.search,
    sessions: place.sessions && {
      mode: place.sessions,
      keyFile: place.sessions === "portable" ? `${SESSIONS_DIRECTORY}/${SESSION_KEY}` : undefined,
    },
    drainSeconds: place.ending?.drainSeconds,
    shutdownGraceSeconds: place.ending?.graceSeconds,
    logLevel: guard.logLevel,
  };
  return pulumi.output(settings).apply((known) => stringify(known, { lineWidth: 0 }));
}
