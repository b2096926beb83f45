import type { Logger } from "pino";
import type { Catalogue } from "./mcp/catalogue.ts";
import type { Upstream } from "./upstream/client.ts";
import { probe } from "./upstream/probe.ts";

/** Whether calls would get anywhere: undefined if so, or the reason why not. */
export type Readiness = () => Promise<string | undefined>;

/** How long a server may take to answer a probe. */
const PROBE_MS = 10_000;
/** A failure is forgotten after this time, so that a server that has come up is found ready soon. */
const FAILURE_MS = 1000;
/** The list of tools is read anew after this time, beside what clients' own lists tell. */
const TOOLS_MS = 300_000;

/**
 * Asks the server with a real `initialize`, not more often than `probeSeconds` say, and once for all who ask
 * meanwhile.
 */
export function createReadiness(options: {
  upstream: Upstream;
  catalogue: Catalogue;
  probeSeconds: number;
  /** Why a server that opens sessions isn't ready; undefined where it may. */
  noSessions: string | undefined;
  log: Logger;
  now: () => number;
}): Readiness {
  const { upstream, catalogue, probeSeconds, noSessions, log, now } = options;
  let known: { reason: string | undefined; until: number } | undefined;
  let asking: Promise<string | undefined> | undefined;
  let toolsAt = Number.NEGATIVE_INFINITY;

  const ask = async (): Promise<string | undefined> => {
    const listTools = now() - toolsAt >= TOOLS_MS;
    try {
      const { tools, session } = await probe(upstream, {
        signal: AbortSignal.timeout(PROBE_MS),
        listTools,
      });
      if (listTools) toolsAt = now();
      catalogue.learn(tools);
      return session ? noSessions : undefined;
    } catch (error) {
      const timedOut = (error as Error).name === "TimeoutError";
      return timedOut
        ? `The MCP server gave no answer within ${PROBE_MS / 1000} seconds`
        : (error as Error).message;
    }
  };

  const judge = async (): Promise<string | undefined> => {
    const reason = await ask();
    if (known === undefined || known.reason !== reason) {
      if (reason === undefined) log.info("the MCP server answers");
      else log.warn({ reason }, "the MCP server doesn't answer");
    }
    known = { reason, until: now() + (reason === undefined ? probeSeconds * 1000 : FAILURE_MS) };
    return reason;
  };

  return async () => {
    if (known !== undefined && now() < known.until) return known.reason;
    asking ??= judge().finally(() => {
      asking = undefined;
    });
    return asking;
  };
}
