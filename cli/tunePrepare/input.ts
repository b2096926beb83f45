import { open, stat } from "node:fs/promises";
import { addAbortSignal, pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { exitCodes, UserError } from "../userError.ts";

/** A file or the standard input as it is read. */
export interface Input {
  /** As messages name it. */
  name: string;
  /** The bytes, decompressed when they are gzip. Each chunk is there only until the next one is taken. */
  chunks: AsyncIterable<Buffer>;
  /** How many bytes it has, as it is stored; undefined when that isn't known. */
  size: number | undefined;
  /** How many of them have been read. */
  read: () => number;
}

const chunkBytes = 2 ** 18;

/**
 * Finds a file, or the standard input for "-". Nothing is read ahead of the one who takes the chunks.
 *
 * @throws {UserError} when it can't be read
 */
export async function openInput(path: string, signal: AbortSignal): Promise<Input> {
  let read = 0;
  const counted = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      read += chunk.length;
      yield chunk;
    }
  };
  const input = (name: string, chunks: AsyncIterable<Buffer>, size?: number): Input => {
    return { name, chunks: explained(name, decompressed(counted(chunks))), size, read: () => read };
  };
  if (path === "-") return input("stdin", addAbortSignal(signal, process.stdin));
  const found = await stat(path).catch((error) => Promise.reject(unreadable(error)));
  if (found.isDirectory()) throw new UserError(`${path} is a folder, not a file`, exitCodes.usage);
  return input(path, chunksOf(path), found.isFile() ? found.size : undefined);
}

/**
 * Reads a file into one buffer, again and again. A stream would make a buffer for each chunk, and V8 leaves many of
 * those behind before it frees them: a hundred MiB on a busy machine.
 */
async function* chunksOf(path: string): AsyncGenerator<Buffer> {
  const file = await open(path);
  try {
    const buffer = Buffer.allocUnsafe(chunkBytes);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, chunkBytes, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** Looks at the first two bytes, which are the same in every gzip file, whatever it is called. */
async function* decompressed(chunks: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  try {
    let head: Buffer = Buffer.alloc(0);
    let more = true;
    while (more && head.length < 2) {
      const next = await chunks.next();
      more = !next.done;
      if (!next.done) head = Buffer.concat([head, next.value]);
    }
    const all = async function* (copied: (chunk: Buffer) => Buffer) {
      yield head;
      for await (const chunk of chunks) yield copied(chunk);
    };
    if (head[0] === 0x1f && head[1] === 0x8b) {
      // The decompressor still works on a chunk when it takes the next one. Its errors are those of the iteration
      // below; the callback has nothing to add.
      const source = all((chunk) => Buffer.from(chunk));
      yield* pipeline(source, createGunzip({ chunkSize: chunkBytes }), () => {}) as AsyncIterable<Buffer>;
    } else {
      yield* all((chunk) => chunk);
    }
  } finally {
    // Closes the file when nobody wants the rest of it.
    await chunks.return(undefined);
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
