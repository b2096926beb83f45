import type { Readable } from "node:stream";
import { createParser } from "eventsource-parser";
import type { RpcMessage } from "./message.ts";

/** A piece of a server's answer that can be passed on: its bytes, and the messages in it. */
export interface Piece {
  /** The bytes as they came. */
  raw: Buffer;
  /** What they say; empty for comments and what isn't JSON. Servers of 2025-03-26 may put several into one. */
  messages: RpcMessage[];
  /** The event's id, by which its client could resume the stream. */
  eventId?: string;
  /** The event's name; MCP's own events have none. */
  event?: string;
  /** Its text, for events that aren't messages. */
  data?: string;
}

/** The largest event, or JSON answer, that a server may send: 64 MiB. */
export const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

const LF = 10;
const CR = 13;

/**
 * Cuts a stream of bytes after each blank line, and nowhere else; the bytes stay as they are. A line ends with LF,
 * CR LF or CR. Source: "Parsing an event stream" of the HTML standard.
 */
export class EventSplitter {
  #parts: Buffer[] = [];
  #size = 0;
  #atLineStart = true;
  #afterCr = false;

  /** The events that this chunk completes. */
  push(chunk: Buffer): Buffer[] {
    const events: Buffer[] = [];
    let start = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i];
      if (byte === LF && this.#afterCr) {
        this.#afterCr = false;
      } else if (byte === LF || byte === CR) {
        this.#afterCr = byte === CR;
        if (this.#atLineStart) {
          // The LF of a last CR LF belongs to the event too, if it is here already.
          if (this.#afterCr && chunk[i + 1] === LF) {
            i += 1;
            this.#afterCr = false;
          }
          events.push(this.#take(chunk.subarray(start, i + 1)));
          start = i + 1;
        }
        this.#atLineStart = true;
      } else {
        this.#atLineStart = false;
        this.#afterCr = false;
      }
    }
    if (start < chunk.length) {
      this.#parts.push(chunk.subarray(start));
      this.#size += chunk.length - start;
      if (this.#size > MAX_ANSWER_BYTES) throw new AnswerTooLarge();
    }
    return events;
  }

  #take(end: Buffer): Buffer {
    const event = this.#parts.length === 0 ? end : Buffer.concat([...this.#parts, end]);
    this.#parts = [];
    this.#size = 0;
    return event;
  }
}

/** The server sent more than the guard reads at once. */
export class AnswerTooLarge extends Error {
  constructor() {
    super(`The MCP server's answer is larger than ${MAX_ANSWER_BYTES} bytes`);
  }
}

/** Chunks of a body, which goes on to exist when its reader has enough; see `letEnd`. */
const chunksOf = (body: Readable): AsyncIterable<Buffer> => body.iterator({ destroyOnReturn: false });

/**
 * The pieces of an answer, each as soon as it is complete. An event that the end cuts off is left out: readers of
 * event streams don't look at it either.
 */
export async function* piecesOf(contentType: string | undefined, body: Readable): AsyncGenerator<Piece> {
  const type = contentType?.split(";")[0]?.trim().toLowerCase();
  if (type === "text/event-stream") yield* events(body);
  else if (type === "application/json") yield* json(body);
  else for await (const raw of chunksOf(body)) yield { raw, messages: [] };
}

async function* events(body: Readable): AsyncGenerator<Piece> {
  const splitter = new EventSplitter();
  let piece: Piece = { raw: Buffer.alloc(0), messages: [] };
  const parser = createParser({
    onId: (id) => {
      piece.eventId = id;
    },
    onEvent: ({ event, data }) => {
      piece.event = event;
      piece.data = data;
      if (event === undefined || event === "message") piece.messages = parse(data);
    },
  });
  for await (const chunk of chunksOf(body)) {
    for (const raw of splitter.push(chunk)) {
      piece = { raw, messages: [] };
      parser.feed(raw.toString("utf8"));
      yield piece;
    }
  }
}

async function* json(body: Readable): AsyncGenerator<Piece> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunksOf(body)) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) throw new AnswerTooLarge();
    parts.push(chunk);
  }
  const raw = Buffer.concat(parts);
  yield { raw, messages: parse(raw.toString("utf8")) };
}

function parse(text: string): RpcMessage[] {
  if (text === "") return [];
  try {
    const value: unknown = JSON.parse(text);
    const all = Array.isArray(value) ? value : [value];
    return all.filter((one) => typeof one === "object" && one !== null);
  } catch {
    return [];
  }
}

/** A piece with other messages in it, in the form that the answer has. */
export function rewritten(piece: Piece, messages: readonly RpcMessage[], asEvent: boolean): Buffer {
  const text = JSON.stringify(messages.length === 1 ? messages[0] : messages);
  return asEvent ? eventOf(text, piece.eventId) : Buffer.from(text);
}

/** A message as an event. */
export function eventOf(json: string, id?: string): Buffer {
  const field = id === undefined ? "" : `id: ${id}\n`;
  return Buffer.from(`event: message\n${field}data: ${json}\n\n`);
}
