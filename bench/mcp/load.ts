import autocannon from "autocannon";
import { endSession, openSession, resultOf } from "./session.ts";

/** Who calls what, and what must come back. */
export interface Calls {
  url: URL;
  /** Headers that every request has, such as the bearer token. */
  headers: Record<string, string>;
  /** The tool and its arguments. */
  tool: string;
  args: object;
  /** A text that every answer must hold. */
  expected: string;
}

/** How hard is called. */
export interface Pressure {
  /** Clients, each with a connection and a session of its own. */
  clients: number;
  /** Calls in all, for a run that is as long as it takes. */
  calls?: number;
  /** Seconds, for a run of that length. */
  seconds?: number;
  /** Calls a second that each client begins, spread over time; without it each calls as soon as it is answered. */
  ratePerClient?: number;
}

/** What a run took; times in milliseconds. */
export interface Load {
  calls: number;
  /** Answers with a wrong status or body, and connections that failed. */
  wrong: number;
  callsPerSecond: number;
  p50: number;
  p95: number;
  p99: number;
}

/** Calls a tool from many clients at once, and looks at every answer. */
export async function load(target: Calls, pressure: Pressure): Promise<Load> {
  const sessions = await Promise.all(
    Array.from({ length: pressure.clients }, () => openSession(target.url, target.headers)),
  );
  const times: number[] = [];
  const started = performance.now();
  const runs =
    pressure.ratePerClient === undefined
      ? [cannon(target, pressure, sessions, times)]
      : // autocannon begins all calls of a second at once. One instance a client, begun one after the other,
        // spreads them as clients do that know nothing of each other.
        sessions.map(async (session, index) => {
          await pause((1000 / pressure.clients) * index);
          return cannon(target, { ...pressure, clients: 1 }, [session], times);
        });
  const results = await Promise.all(runs);
  const seconds = (performance.now() - started) / 1000;
  await Promise.all(sessions.map((session) => endSession(target.url, session)));
  times.sort((a, b) => a - b);
  const at = (share: number) =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return {
    calls: times.length,
    wrong: results.reduce((sum, { errors, non2xx, mismatches }) => sum + errors + non2xx + mismatches, 0),
    callsPerSecond: times.length / seconds,
    ...{ p50: at(0.5), p95: at(0.95), p99: at(0.99) },
  };
}

function cannon(target: Calls, pressure: Pressure, sessions: Record<string, string>[], times: number[]) {
  const { clients, calls, seconds, ratePerClient } = pressure;
  const left = [...sessions];
  return new Promise<autocannon.Result>((resolve, reject) => {
    const run = autocannon(
      {
        url: target.url.href,
        method: "POST",
        body: JSON.stringify({
          jsonrpc: "2.0",
          id: 1,
          method: "tools/call",
          params: { name: target.tool, arguments: target.args },
        }),
        connections: clients,
        timeout: 30,
        ...(calls === undefined ? { duration: seconds ?? 10 } : { amount: calls }),
        // Times are taken from the calls themselves, without an estimate of calls that were not made.
        ...(ratePerClient === undefined
          ? {}
          : { connectionRate: ratePerClient, ignoreCoordinatedOmission: true }),
        setupClient: (client) => client.setHeaders({ ...left.pop() }),
        verifyBody: (body) => holds(String(body), target.expected),
      },
      (error, result) => (error ? reject(error) : resolve(result)),
    );
    run.on("response", (_client, _status, _bytes, milliseconds) => times.push(milliseconds));
  });
}

/** A status of 200 says nothing: the answer may be an error of the protocol or of the tool. */
function holds(body: string, expected: string): boolean {
  const result = resultOf(body);
  return result !== undefined && result.isError !== true && JSON.stringify(result).includes(expected);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
