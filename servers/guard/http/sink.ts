import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { eventOf } from "../mcp/events.ts";
import type { Id } from "../mcp/message.ts";
import type { Refusal } from "../refusal.ts";

/** How long the head of a stream waits for the first event. */
const FLUSH_MS = 10;

/** The client's end of an answer that is passed on. */
export class Sink {
  readonly #raw: ServerResponse;
  readonly #cors: Record<string, string>;
  #stream = false;
  #flushing: NodeJS.Timeout | undefined;

  /** `cors` goes with every answer. */
  constructor(raw: ServerResponse, cors: Record<string, string>) {
    this.#raw = raw;
    this.#cors = cors;
    // A client that goes away is told of by "close".
    raw.on("error", () => {}).once("close", () => clearTimeout(this.#flushing));
  }

  /** Whether the head of the answer is decided. */
  get opened(): boolean {
    return this.#raw.headersSent;
  }

  /** Whether it is an event stream, to which messages can be added at any time. */
  get isStream(): boolean {
    return this.#stream;
  }

  /** Calls the listener if the client goes away before the answer has ended, or has gone already. */
  onGone(listener: () => void): void {
    const tell = () => {
      if (!this.#raw.writableFinished) listener();
    };
    if (this.#raw.destroyed) tell();
    else this.#raw.once("close", tell);
  }

  open(status: number, headers: Record<string, string>): void {
    this.#raw.writeHead(status, { ...headers, ...this.#cors });
    this.#stream = headers["content-type"]?.startsWith("text/event-stream") ?? false;
    if (!this.#stream) return;
    // A client must see its stream open; but in one packet with the first event, if that is not far.
    this.#flushing = setTimeout(() => this.#raw.flushHeaders(), FLUSH_MS);
  }

  /** Opens an event stream of the guard's own. */
  openStream(headers: Record<string, string> = {}): void {
    this.open(200, { "content-type": "text/event-stream", "cache-control": "no-cache", ...headers });
  }

  /** Passes on bytes; waits while the client reads too slowly. */
  async write(bytes: Buffer, signal?: AbortSignal): Promise<void> {
    if (this.#raw.destroyed || this.#raw.writableEnded || bytes.length === 0) return;
    clearTimeout(this.#flushing);
    if (!this.#raw.write(bytes)) await once(this.#raw, "drain", { signal });
  }

  /** Adds a message to the stream. */
  event(message: unknown, signal?: AbortSignal): Promise<void> {
    return this.write(eventOf(JSON.stringify(message)), signal);
  }

  /** Ends the answer, with these bytes if given. */
  end(bytes?: Buffer): void {
    clearTimeout(this.#flushing);
    if (!this.#raw.writableEnded) this.#raw.end(bytes);
  }

  /** Ends the answer without a message in it. */
  endEmpty(): void {
    if (this.#raw.destroyed || this.#raw.writableEnded) return;
    if (!this.opened) this.openStream();
    this.end();
  }

  /** A whole answer of JSON. */
  json(status: number, message: unknown, headers: Record<string, string> = {}): void {
    const text = JSON.stringify(message);
    const length = String(Buffer.byteLength(text));
    this.open(status, { ...headers, "content-type": "application/json", "content-length": length });
    this.#raw.end(text);
  }

  /** Ends the answer with a refusal, in the form that is still possible. */
  refuse(refusal: Refusal, id: Id | null): void {
    if (this.#raw.destroyed || this.#raw.writableEnded) return;
    if (!this.opened) {
      this.json(refusal.status, refusal.toRpc(id), refusal.headers);
    } else if (this.#stream) {
      this.end(id === null ? undefined : eventOf(JSON.stringify(refusal.toRpc(id))));
    } else {
      // A JSON answer that is cut off can't be completed; the client sees that it is broken.
      this.#raw.destroy();
    }
  }
}
