import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { stripVTControlCharacters } from "node:util";
import { z } from "zod";
import type { Step } from "../document/scenario.ts";
import type { BlockResult } from "../reports.ts";
import { type Cut, limited, type OutputLimits } from "./output.ts";

/** Follows `ie execute` by what it shows when a block has ended: a line of a check mark or a cross. */
export class BlockFollower {
  readonly #blocks: BlockResult[];
  readonly #onEnd: (done: number, block: BlockResult) => void;
  #done = 0;

  constructor(steps: readonly Step[], onEnd: (done: number, block: BlockResult) => void) {
    this.#blocks = notRun(steps);
    this.#onEnd = onEnd;
  }

  /** A line of output. A document can print such a line too: then progress is ahead, but not the outcome. */
  line(line: string): void {
    const mark = line.trim();
    const block = this.#blocks[this.#done];
    if (block === undefined || (mark !== "✔" && mark !== "✗")) return;
    block.status = mark === "✔" ? "passed" : "failed";
    this.#done += 1;
    this.#onEnd(this.#done, block);
  }

  /** What became of each block; `passed` is what the exit code says of all. */
  results(passed: boolean): BlockResult[] {
    if (passed) return this.#blocks.map((block) => ({ ...block, status: "passed" }));
    return this.#blocks;
  }
}

/** All blocks of a run that has not begun. */
export function notRun(steps: readonly Step[]): BlockResult[] {
  return steps.flatMap(({ name, blocks }, step) =>
    blocks.map((_, block) => ({ step: step + 1, block: block + 1, name, status: "not-run" as const })),
  );
}

// What is used of the report that `ie test --report` writes: internal/engine/common/reports.go and codeblock.go.
// Its blocks come in any order, and an error's text is lost on the way.
const upstreamReport = z.object({
  error: z.string(),
  steps: z
    .array(
      z.object({
        stepNumber: z.number(),
        codeBlockNumber: z.number(),
        stepName: z.string(),
        success: z.boolean(),
        error: z.unknown(),
        similarityScore: z.number(),
        stdOut: z.string(),
        stdErr: z.string(),
        codeBlock: z.object({
          resultBlock: z.object({ content: z.string(), expectedRegexPattern: z.unknown() }),
        }),
      }),
    )
    .nullable(),
});

/** A report of this size is not read: it would have to fit into memory several times. */
const maxReportBytes = 64 * 1024 * 1024;

/** Reads the report of `ie test`; undefined when it wrote none, or a document put something else in its place. */
export async function readTestReport(
  path: string,
  limits: OutputLimits,
): Promise<{ error: string; blocks: BlockResult[]; cut?: Cut } | undefined> {
  const text = await readLimited(path);
  if (text === undefined) return undefined;
  const read = upstreamReport.safeParse(jsonOf(text)).data;
  if (read === undefined) return undefined;
  const { error, steps } = read;
  const left = { ...limits };
  const cut: Cut = { bytes: 0, lines: 0 };
  // The limits hold for all blocks together.
  const keep = (output: string) => {
    const kept = limited(output, left);
    left.bytes -= Buffer.byteLength(kept.text);
    left.lines -= kept.text === "" ? 0 : kept.text.split("\n").length;
    cut.bytes += kept.cut?.bytes ?? 0;
    cut.lines += kept.cut?.lines ?? 0;
    return kept.text;
  };
  const blocks = (steps ?? [])
    .sort((a, b) => a.stepNumber - b.stepNumber || a.codeBlockNumber - b.codeBlockNumber)
    .map((one): BlockResult => {
      const ran = one.success || one.error !== null;
      const { content, expectedRegexPattern } = one.codeBlock.resultBlock;
      const compared = ran && content !== "" && expectedRegexPattern === null;
      return {
        step: one.stepNumber + 1,
        block: one.codeBlockNumber + 1,
        name: one.stepName,
        status: one.success ? "passed" : ran ? "failed" : "not-run",
        ...(compared ? { similarity: one.similarityScore } : {}),
        ...(ran ? { stdout: keep(one.stdOut), stderr: keep(one.stdErr) } : {}),
      };
    });
  const why = stripVTControlCharacters(error).replaceAll(/[ \t]+$/gm, "");
  return { error: limited(why, limits).text, blocks, ...(cut.bytes > 0 || cut.lines > 0 ? { cut } : {}) };
}

async function readLimited(path: string): Promise<string | undefined> {
  // A pipe without a writer would never be open.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const found = await file.stat();
    return found.isFile() && found.size <= maxReportBytes ? await file.readFile("utf8") : undefined;
  } finally {
    await file.close();
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
