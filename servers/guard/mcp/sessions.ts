import type { Caller } from "../caller.ts";
import type { Id } from "./message.ts";

/** A call of a tool that runs in a session. */
export interface RunningCall {
  /** Ends it: its client doesn't want the answer any more. */
  cancel(): void;
}

/** A session, which belongs to the caller that opened it. */
export interface Session<Call extends RunningCall = RunningCall> {
  readonly id: string;
  readonly subject: string;
  /** The server's id for it, which another one takes the place of when a portable session is taken up again. */
  upstreamId: string;
  /** The calls that run in it, by the id of their request. */
  readonly calls: Map<Id, Call>;
  /** Other requests whose answers come on the same stream as those of calls, by their ids. */
  readonly asked: Set<Id>;
  /** Requests and streams that are open now; a session that has one is not idle. */
  open: number;
  /** When the last one ended, in milliseconds of the clock. */
  idleSince: number;
}

interface Options {
  /** After how many seconds an idle session ends. */
  idleSeconds: number;
  /** How many may be open. */
  max: number;
  /** How many of them one caller may have. */
  maxPerCaller: number;
  /** A clock in milliseconds. */
  now: () => number;
  /** Is told how many are open, whenever that changes. */
  onSize?: (open: number) => void;
  /** Is told the server's id of a session that ended because it was idle, and why. */
  onIdle?: (upstreamId: string, why: string) => void;
  /**
   * Whether an idle session may end for one that needs its place, because its client finds it again whenever it
   * comes back. @default false: live sessions are never dropped for new ones
   */
  portable?: boolean;
}

/** The sessions of one transport: bound to their callers, bounded in number, and ended when idle for long. */
export class Sessions<Call extends RunningCall = RunningCall> {
  readonly #sessions = new Map<string, Session<Call>>();
  readonly #options: Options;
  /** Places that are kept, each for a caller. */
  readonly #reserved = new Set<{ subject: string }>();

  constructor(options: Options) {
    this.#options = options;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /**
   * Keeps a place for a session that a caller is about to open; the function gives it back. Undefined if
   * there is none: live sessions are never dropped for new ones unless they are portable, and one caller can't
   * have all.
   */
  reserve({ subject }: Caller): (() => void) | undefined {
    if (this.#isFull(subject)) this.sweep();
    if (this.#options.portable && this.#isFull(subject)) this.#makeRoom(subject);
    if (this.#isFull(subject)) return undefined;
    const place = { subject };
    this.#reserved.add(place);
    return () => void this.#reserved.delete(place);
  }

  #isFull(subject: string): boolean {
    return this.#sessions.size + this.#reserved.size >= this.#options.max || this.#hasAll(subject);
  }

  /** Whether a caller has as many as one may have. */
  #hasAll(subject: string): boolean {
    let own = 0;
    for (const session of this.#sessions.values()) if (session.subject === subject) own += 1;
    for (const place of this.#reserved) if (place.subject === subject) own += 1;
    return own >= this.#options.maxPerCaller;
  }

  /** Ends what has been idle for the longest: a session of the caller's own, if it has all that it may have. */
  #makeRoom(subject: string): void {
    const own = this.#hasAll(subject);
    let longest: Session<Call> | undefined;
    for (const session of this.#sessions.values()) {
      if (session.open > 0 || (own && session.subject !== subject)) continue;
      if (longest === undefined || session.idleSince < longest.idleSince) longest = session;
    }
    if (longest) this.#end(longest, "another one needs its place");
  }

  /** Binds a new session to its caller; undefined if the id is in use already. */
  add(id: string, { subject }: Caller, upstreamId = id): Session<Call> | undefined {
    if (this.#sessions.has(id)) return undefined;
    const session = {
      id,
      subject,
      upstreamId,
      calls: new Map(),
      asked: new Set<Id>(),
      open: 0,
      idleSince: this.#options.now(),
    };
    this.#sessions.set(id, session);
    this.#sizeChanged();
    return session;
  }

  /** A live session of this caller. */
  get(id: string, { subject }: Caller): Session<Call> | undefined {
    const session = this.#sessions.get(id);
    if (session === undefined || session.subject !== subject || this.#endIfIdle(session)) return undefined;
    return session;
  }

  /** Keeps a session alive until the returned function is called. */
  hold(session: Session<Call>): () => void {
    session.open += 1;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      session.open -= 1;
      session.idleSince = this.#options.now();
    };
  }

  remove(id: string): void {
    if (this.#sessions.delete(id)) this.#sizeChanged();
  }

  /** Forgets all of them: the server that had them is gone. */
  clear(): void {
    if (this.#sessions.size === 0) return;
    this.#sessions.clear();
    this.#sizeChanged();
  }

  /** Ends the sessions that have been idle for too long. */
  sweep(): void {
    for (const session of this.#sessions.values()) this.#endIfIdle(session);
  }

  #endIfIdle(session: Session<Call>): boolean {
    const idleMs = this.#options.now() - session.idleSince;
    if (session.open > 0 || idleMs <= this.#options.idleSeconds * 1000) return false;
    this.#end(session, "idle for too long");
    return true;
  }

  #end({ id, upstreamId }: Session<Call>, why: string): void {
    this.remove(id);
    this.#options.onIdle?.(upstreamId, why);
  }

  #sizeChanged(): void {
    this.#options.onSize?.(this.#sessions.size);
  }
}
