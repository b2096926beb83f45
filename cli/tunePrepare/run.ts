import { realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Writable } from "node:stream";
import { TemporaryFile, writableTarget } from "../outputFile.ts";
import { progressOn } from "../progress.ts";
import { exitCodes, UserError } from "../userError.ts";
import { asSize } from "../values.ts";
import { type Collector, collectAll, collectSample, type Figures } from "./collect.ts";
import { openInput } from "./input.ts";
import { Preparation, type Prepared, type PrepareOptions } from "./prepare.ts";
import { Reservoir, seeded } from "./random.ts";

export interface RunOptions extends PrepareOptions {
  input: string;
  output: string;
  force: boolean;
  sample?: number;
  seed: number;
}

/** What was found; the figures are missing when there were problems and nothing was written. */
export interface Ran {
  /** The input as messages name it. */
  name: string;
  prepared: Prepared;
  figures?: Figures;
}

/**
 * Reads the input and writes the output, which appears at once and whole or not at all.
 *
 * @throws {UserError} when a file can't be read or written
 */
export async function run(options: RunOptions, signal: AbortSignal): Promise<Ran> {
  const toStdout = options.output === "-";
  const target = toStdout
    ? join(tmpdir(), "tune-prepare")
    : await writableTarget(options.output, options.force);
  if (!toStdout) await refuseTarget(options, target);
  const input = await openInput(options.input, signal);
  const files: TemporaryFile[] = [];
  const temporary = async () => {
    const file = await TemporaryFile.beside(target);
    files.push(file);
    return file;
  };
  const progress = progressOn(process.stderr, process.env);
  try {
    const collector = await collectorFor(options, temporary);
    const preparation = new Preparation(options, collector);
    await preparation.read(input, signal, ({ recordsIn, problems }) => {
      progress.show(() => {
        const share = input.size === undefined ? "" : ` of ${asSize(input.size)}`;
        const wrong = problems.length === 0 ? "" : `, ${problems.length} with problems`;
        return `${asSize(input.read())}${share}, ${recordsIn.toLocaleString("en-US")} records${wrong}`;
      });
    });
    const prepared = preparation.result;
    const ran = { name: input.name, prepared };
    if (prepared.problems.length > 0) return ran;
    const { file, figures } = await collector.finish(signal);
    if (figures.records === 0) throw new UserError(`${input.name} has no record`, exitCodes.failed);
    progress.end();
    signal.throwIfAborted();
    await (toStdout ? copy(file, process.stdout, signal) : file.become(target, options.force));
    return { ...ran, figures };
  } finally {
    progress.end();
    await Promise.all(files.map((file) => file.remove()));
  }
}

async function collectorFor(
  { sample, seed }: RunOptions,
  temporary: () => Promise<TemporaryFile>,
): Promise<Collector> {
  return sample === undefined
    ? collectAll(await temporary())
    : collectSample(await temporary(), await temporary(), new Reservoir(sample, seeded(seed)));
}

/**
 * KAITO tells the type of a data set by its name: a name that has one of these words anywhere is of that type, and
 * with two of them chance decides, because they are in a Python set
 * (presets/workspace/tuning/text-generation/dataset.py, SUPPORTED_EXTENSIONS, v0.11.0).
 */
const otherTypes = ["csv", "parquet", "arrow", "webdataset"];

async function refuseTarget({ input, output }: RunOptions, target: string): Promise<void> {
  const name = basename(output).toLowerCase();
  const other = otherTypes.find((type) => name.includes(type));
  if (!name.includes("json") || other) {
    const found = other ? `has "${other}" in its name` : `has no "json" in its name`;
    throw new UserError(
      `${output} ${found}, by which KAITO tells the type of the file; call it train.jsonl, for example`,
      exitCodes.usage,
    );
  }
  if (input !== "-" && (await realpath(input).catch(() => undefined)) === target) {
    throw new UserError(`${output} is the input itself`, exitCodes.usage);
  }
}

async function copy(file: TemporaryFile, to: Writable, signal: AbortSignal): Promise<void> {
  const buffer = Buffer.allocUnsafe(2 ** 16);
  // The callback of write has the same error; without a listener it would end the process.
  to.on("error", () => {});
  for (let position = 0; ; ) {
    signal.throwIfAborted();
    const chunk = await file.read(buffer, position);
    if (chunk.length === 0) return;
    position += chunk.length;
    await new Promise<void>((resolve, reject) => {
      to.write(chunk, (error) => (error ? reject(cannotPrint(error)) : resolve()));
    });
  }
}

function cannotPrint(error: Error): UserError {
  return new UserError(`the output was closed before it was complete: ${error.message}`, exitCodes.failed);
}
