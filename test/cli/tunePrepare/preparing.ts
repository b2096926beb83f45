import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { type Ended, runHere } from "../running.ts";

/** A folder with an input and an output for each test of a file. */
export class Preparing {
  dir = "";
  input = "";
  out = "";

  constructor() {
    beforeEach(async () => {
      this.dir = await mkdtemp(join(tmpdir(), "tune-prepare-"));
      this.input = join(this.dir, "dolly.jsonl");
      this.out = join(this.dir, "train.jsonl");
    });
    afterEach(() => rm(this.dir, { recursive: true }));
  }

  async prepare(text: string | Buffer, ...flags: string[]): Promise<Ended> {
    await writeFile(this.input, text);
    return runHere(["tune-prepare", this.input, "--out", this.out, ...flags]);
  }

  /** What was written, as the answer that each record has. */
  async answers(): Promise<string[]> {
    const lines = (await readFile(this.out, "utf8")).trimEnd().split("\n");
    return lines.map((line) => JSON.parse(line).messages.at(-1).content);
  }
}

export function record(index: number) {
  return { instruction: `Question ${index}?`, context: "", response: `Answer ${index}` };
}

/** Records as JSON Lines. */
export function jsonl(records: readonly object[]): string {
  return records.map((each) => `${JSON.stringify(each)}\n`).join("");
}

export const hundred = jsonl(Array.from({ length: 100 }, (_, index) => record(index)));
