import { readFileSync } from "node:fs";
import type { Caller } from "./caller.ts";
import { type Config, ConfigError } from "./config.ts";
import { portableIds } from "./mcp/portable.ts";
import type { RunningCall, Session, Sessions } from "./mcp/sessions.ts";
import { codes, Refusal } from "./refusal.ts";
import { type Resilience, UpstreamFailure } from "./resilience/index.ts";
import type { Upstream } from "./upstream/client.ts";
import { openSession } from "./upstream/probe.ts";

/** How sessions come about, and how a request finds its own. Source: "Session Management" of MCP 2025-06-18. */
export interface SessionMode<Call extends RunningCall> {
  /** The session of this id, if it is this caller's. */
  find(id: string, caller: Caller): Promise<Session<Call> | undefined>;
  /**
   * A caller is about to open a session. The function that is returned binds it, once the server has named it, and
   * returns the id that the client gets; undefined if the server's id is in use already.
   */
  opening(caller: Caller, params: unknown): (upstreamId: string) => string | undefined;
  /** Opens a session that the server has forgotten anew; whether that went well. */
  renew(session: Session<Call>): Promise<boolean>;
  /** The client has ended a session. */
  ended(session: Session<Call>): void;
}

interface Around<Call extends RunningCall> {
  sessions: Sessions<Call>;
  upstream: Upstream;
  resilience: Pick<Resilience, "run">;
}

/** How long a server may take to open a session that is taken up. */
const OPEN_MS = 10_000;
/** So many ids of ended sessions are remembered, for a client that goes on using one at the same pod. */
const MAX_ENDED = 10_000;

/** The mode that the settings ask for; throws a `ConfigError`. */
export function sessionMode<Call extends RunningCall>(
  { server, sessions: { mode, keyFile } }: Config,
  around: Around<Call>,
): SessionMode<Call> {
  if (mode === "portable") return portable(server, readKey(keyFile ?? ""), around);
  const { sessions } = around;
  return {
    find: async (id, caller) => sessions.get(id, caller),
    opening: (caller) => (upstreamId) => {
      if (mode === "stateless") throw openedAny();
      return sessions.add(upstreamId, caller)?.id;
    },
    renew: async () => false,
    ended: ({ id }) => sessions.remove(id),
  };
}

/** A session that any pod takes up which has the key: it opens one at its own server, with the same handshake. */
function portable<Call extends RunningCall>(
  server: string,
  key: string,
  { sessions, upstream, resilience }: Around<Call>,
): SessionMode<Call> {
  const ids = portableIds(key, server);
  /** What is being opened now, by the session's id: requests of one session may come all at once. */
  const renewing = new Map<string, Promise<string | undefined>>();
  const takingUp = new Map<string, Promise<Session<Call> | undefined>>();
  const ended = new Set<string>();

  const open = (id: string, caller: Caller): Promise<string | undefined> => {
    const handshake = ids.read(caller, id);
    if (handshake === undefined || ended.has(id)) return Promise.resolve(undefined);
    const signal = AbortSignal.timeout(OPEN_MS);
    return resilience
      .run(() => openSession(upstream, handshake, signal), { repeatable: true, signal })
      .catch((error: unknown) => {
        if (!signal.aborted) throw error;
        throw new UpstreamFailure("The MCP server took too long to open a session");
      });
  };

  const takeUp = async (id: string, caller: Caller): Promise<Session<Call> | undefined> => {
    const giveBack = sessions.reserve(caller);
    if (giveBack === undefined) throw tooManySessions();
    try {
      const upstreamId = await open(id, caller);
      return upstreamId === undefined ? undefined : sessions.add(id, caller, upstreamId);
    } finally {
      giveBack();
    }
  };

  return {
    async find(id, caller) {
      const here = sessions.get(id, caller);
      if (here !== undefined || ids.read(caller, id) === undefined) return here;
      return await once(takingUp, id, () => takeUp(id, caller));
    },
    opening(caller, params) {
      const id = ids.make(caller, params);
      if (id === undefined) {
        const reason =
          "initialize must have protocolVersion, capabilities and clientInfo of 2048 bytes at most";
        throw new Refusal(400, codes.invalidParams, `Invalid params: ${reason}`);
      }
      return (upstreamId) => sessions.add(id, caller, upstreamId)?.id;
    },
    async renew(session) {
      const before = session.upstreamId;
      const caller = { subject: session.subject, roles: [] };
      const upstreamId = await once(renewing, session.id, () => open(session.id, caller));
      if (upstreamId === undefined) return false;
      if (session.upstreamId === before) session.upstreamId = upstreamId;
      return true;
    },
    ended({ id }) {
      sessions.remove(id);
      for (const oldest of ended.size >= MAX_ENDED ? ended : []) {
        ended.delete(oldest);
        break;
      }
      ended.add(id);
    },
  };
}

/** Does something once for all who ask meanwhile. */
function once<T>(running: Map<string, Promise<T>>, key: string, act: () => Promise<T>): Promise<T> {
  const begun = running.get(key);
  if (begun) return begun;
  const run = act().finally(() => running.delete(key));
  running.set(key, run);
  return run;
}

/** What a client is told for whom there is no place. */
export const tooManySessions = (): Refusal =>
  new Refusal(503, codes.refused, "Too many sessions are open", { retryAfterSeconds: 30 });

/** Why a server that opens sessions can't be what its settings say. */
export const OPENS_SESSIONS =
  'The MCP server opens sessions (Mcp-Session-Id), and sessions.mode is "stateless": other pods would not know them';

const openedAny = () => new Refusal(502, codes.upstream, OPENS_SESSIONS, { outcome: "upstream-error" });

/** Shorter keys, in characters, could be guessed. */
const MIN_KEY = 32;

function readKey(file: string): string {
  let key: string;
  try {
    key = readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new ConfigError(`sessions.keyFile: can't read ${file} (${(error as NodeJS.ErrnoException).code})`);
  }
  if (key.length >= MIN_KEY) return key;
  throw new ConfigError(`sessions.keyFile: the key in ${file} must have at least ${MIN_KEY} characters`);
}
