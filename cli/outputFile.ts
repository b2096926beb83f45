import { randomBytes } from "node:crypto";
import { type FileHandle, open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { exitCodes, UserError } from "./userError.ts";

/**
 * The file that a name stands for, when it may be written: links are followed, so that a link stays a link.
 *
 * @param force whether a file that exists may be replaced
 * @throws {UserError} when it may not be written
 */
export async function writableTarget(path: string, force: boolean): Promise<string> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw cannotWrite(path, error, exitCodes.usage);
  });
  if (found === undefined) {
    await stat(dirname(path)).catch((error) => {
      throw cannotWrite(path, error, exitCodes.usage);
    });
    return path;
  }
  if (!found.isFile()) {
    throw new UserError(`${path} exists and is not a regular file`, exitCodes.usage);
  }
  if (!force) {
    throw new UserError(`${path} exists; choose another name, or replace it with --force`, exitCodes.usage);
  }
  return realpath(path);
}

/** A file that grows beside the one that it becomes, so that nobody ever sees half of it. */
export class TemporaryFile {
  readonly path: string;
  #handle: FileHandle | undefined;

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  /** Makes an empty one in the folder of a target. */
  static async beside(target: string): Promise<TemporaryFile> {
    const path = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString("hex")}.tmp`);
    try {
      return new TemporaryFile(path, await open(path, "wx+"));
    } catch (error) {
      throw cannotWrite(target, error as Error);
    }
  }

  async append(bytes: Buffer): Promise<void> {
    await this.#open()
      .appendFile(bytes)
      .catch((error) => Promise.reject(cannotWrite(this.path, error)));
  }

  /** Fills a buffer with what was appended, from a position on, and returns what it has of it. */
  async read(buffer: Buffer, position: number): Promise<Buffer> {
    const { bytesRead } = await this.#open().read(buffer, 0, buffer.length, position);
    return buffer.subarray(0, bytesRead);
  }

  /** Gives it its final name, after everything has reached the disk. */
  async become(target: string, force: boolean): Promise<void> {
    await this.#open().sync();
    await this.#close();
    // Someone else may have made the file in the meantime.
    await rename(this.path, await writableTarget(target, force));
  }

  /** Takes it away unless it has its final name already. */
  async remove(): Promise<void> {
    await this.#close();
    await rm(this.path, { force: true });
  }

  #open(): FileHandle {
    if (this.#handle === undefined) throw new Error(`${this.path} is closed`);
    return this.#handle;
  }

  async #close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }
}

/** Writes whole texts to files: all of them, or none when one can't be written. */
export async function writeWhole(
  texts: readonly { target: string; text: string }[],
  { force, signal }: { force: boolean; signal: AbortSignal },
): Promise<void> {
  const files: { file: TemporaryFile; target: string }[] = [];
  try {
    for (const { target, text } of texts) {
      const file = await TemporaryFile.beside(target);
      files.push({ file, target });
      await file.append(Buffer.from(text));
    }
    signal.throwIfAborted();
    await Promise.all(files.map(({ target }) => writableTarget(target, force)));
    for (const { file, target } of files) {
      await file.become(target, force);
    }
  } finally {
    await Promise.all(files.map(({ file }) => file.remove()));
  }
}

function cannotWrite(path: string, error: Error, exitCode: number = exitCodes.failed): UserError {
  return new UserError(`cannot write ${path}: ${error.message}`, exitCode);
}
