import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { addAbortSignal, pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { exitCodes, UserError } from "../userError.ts";

/** A file or the standard input as it is read. */
export interface Input {
  /** As messages name it. */
  name: string;
  /** The bytes, decompressed when they are gzip. */
  chunks: AsyncIterable<Buffer>;
  /** How many bytes it has, as it is stored; undefined when that isn't known. */
  size: number | undefined;
  /** How many of them have been read. */
  read: () => number;
}

const chunkBytes = 2 ** 18;

/**
 * Opens a file, or the standard input for "-". Nothing is read ahead of the one who takes the chunks.
 *
 * @throws {UserError} when it can't be opened
 */
export async function openInput(path: string, signal?: AbortSignal): Promise<Input> {
  const name = path === "-" ? "stdin" : path;
  const found =
    path === "-" ? undefined : await stat(path).catch((error) => Promise.reject(unreadable(error)));
  if (found?.isDirectory()) throw new UserError(`${path} is a folder, not a file`, exitCodes.usage);
  const source =
    found === undefined ? (process.stdin as Readable) : createReadStream(path, { highWaterMark: chunkBytes });
  if (signal) addAbortSignal(signal, source);
  let read = 0;
  const counted = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      read += chunk.length;
      yield chunk;
    }
  };
  return {
    name,
    chunks: explained(name, decompressed(counted())),
    size: found?.isFile() ? found.size : undefined,
    read: () => read,
  };
}

/** Looks at the first two bytes, which are the same in every gzip file, whatever it is called. */
async function* decompressed(chunks: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  let head: Buffer = Buffer.alloc(0);
  let more = true;
  while (more && head.length < 2) {
    const next = await chunks.next();
    more = !next.done;
    if (!next.done) head = Buffer.concat([head, next.value]);
  }
  const all = async function* () {
    yield head;
    yield* chunks;
  };
  if (head[0] === 0x1f && head[1] === 0x8b) {
    // The iteration of gunzip below reports errors; the callback has nothing to add.
    yield* pipeline(all, createGunzip({ chunkSize: chunkBytes }), () => {}) as AsyncIterable<Buffer>;
  } else {
    yield* all();
  }
}

async function* explained(name: string, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* chunks;
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (code.startsWith("Z_")) {
      throw new UserError(`${name} is damaged or cut off: ${(error as Error).message}`, exitCodes.failed);
    }
    throw code.startsWith("E") && "syscall" in (error as object) ? unreadable(error as Error) : error;
  }
}

function unreadable(error: Error): UserError {
  return new UserError(`cannot read the input: ${error.message}`, exitCodes.usage);
}
