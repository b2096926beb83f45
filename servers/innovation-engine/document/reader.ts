import { createHash } from "node:crypto";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import PQueue from "p-queue";
import type { ParsedDocument } from "./document.ts";
import type { Question } from "./worker.ts";

/** A document that can't be read; the message is for whoever sent it. */
export class DocumentError extends Error {}

interface Answer {
  document?: ParsedDocument;
  problem?: string;
}

const kept = 200;
const mostWaiting = 128;

/**
 * Reads documents in a thread of its own and within a time limit: there are texts of a few kilobytes for which a
 * Markdown parser takes a minute, in which this process would answer nobody. What was read is kept by digest.
 */
export class DocumentReader {
  readonly #timeoutMs: number;
  readonly #queue = new PQueue({ concurrency: 1 });
  readonly #read = new Map<string, Promise<ParsedDocument>>();
  #worker: Promise<Worker>;
  #nextId = 0;

  /** `timeoutMs`: how long one document may take. @default 2000 */
  constructor({ timeoutMs = 2000 } = {}) {
    this.#timeoutMs = timeoutMs;
    // At once, so that the first caller doesn't wait for it.
    this.#worker = startWorker();
  }

  /**
   * Reads a document and the `.ini` file beside it; rejects with a `DocumentError`. Those `ofCatalogue` come before
   * those of callers, of whom only so many may wait.
   */
  async read(source: string, ini = "", { ofCatalogue = false } = {}): Promise<ParsedDocument> {
    const key = digestOf(`${source}\0${ini}`);
    const known = this.#read.get(key);
    if (known !== undefined) return known;
    if (!ofCatalogue && this.#queue.size >= mostWaiting) {
      throw new DocumentError(`${mostWaiting} documents wait to be read already; try again later`);
    }
    const ask = () => this.#ask({ id: this.#nextId++, source, ini });
    const reading = this.#queue.add(ask, { priority: ofCatalogue ? 1 : 0 });
    this.#read.set(key, reading);
    reading.catch(() => this.#read.delete(key));
    const [oldest] = this.#read.keys();
    if (this.#read.size > kept && oldest !== undefined) this.#read.delete(oldest);
    return reading;
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    await (await this.#worker).terminate();
  }

  async #ask(question: Question): Promise<ParsedDocument> {
    const worker = await this.#worker;
    const { promise, resolve } = Promise.withResolvers<Answer>();
    const ended = () => resolve({ problem: "reading it ended the reader" });
    const late = { problem: `reading it takes over ${this.#timeoutMs} ms` };
    const timer = setTimeout(() => resolve(late), this.#timeoutMs);
    worker.once("message", resolve).once("exit", ended);
    worker.ref();
    worker.postMessage(question);
    const { document, problem } = await promise;
    clearTimeout(timer);
    worker.off("message", resolve).off("exit", ended);
    worker.unref();
    if (document !== undefined) return document;
    // It may be busy still, or gone.
    this.#worker = startWorker();
    await worker.terminate();
    throw new DocumentError(`the document can't be read: ${problem}`);
  }
}

/** Starts a thread, and waits until it can read. */
async function startWorker(): Promise<Worker> {
  const resourceLimits = { maxOldGenerationSizeMb: 256, stackSizeMb: 1 };
  const worker = new Worker(new URL("worker.ts", import.meta.url), { execArgv: [], env: {}, resourceLimits });
  await once(worker, "message");
  // Whoever asks it something hears of its end.
  worker.on("error", () => {});
  // It keeps the process alive only while it reads.
  worker.unref();
  return worker;
}

/** SHA-256 of a text, in hexadecimal. */
export function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
