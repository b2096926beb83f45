import { randomBytes } from "node:crypto";
import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { makeFolder } from "./engine/workspace.ts";

const cutSchema = z
  .object({ bytes: z.number(), lines: z.number() })
  .describe("How much of the output was left out, because of the limits on it");

const blockResultSchema = z.object({
  step: z.number().describe("Number of the step, from 1"),
  block: z.number().describe("Number of the block in the step, from 1"),
  name: z.string().describe("The step's heading"),
  status: z.enum(["passed", "failed", "not-run"]),
  similarity: z.number().optional().describe("Of the output to the expected one, from 0 to 1"),
  stdout: z.string().optional(),
  stderr: z.string().optional(),
});

const summaryShape = {
  id: z.string().describe("For read_report"),
  tool: z.enum(["execute_document", "test_document"]),
  document: z.string().describe("Name in the catalogue, or (inline)"),
  title: z.string(),
  digest: z.string().describe("SHA-256 of the document"),
  startedAt: z.string().describe("UTC, ISO 8601"),
  seconds: z.number().describe("How long it ran"),
  outcome: z.enum(["passed", "failed", "timed-out", "cancelled"]),
  blocksPassed: z.number(),
  blocksTotal: z.number(),
};

/** What a list tells of a report. */
export const summarySchema = z.object(summaryShape);
export type ReportSummary = z.output<typeof summarySchema>;

/** One run, as it is kept and answered. */
export const reportShape = {
  ...summaryShape,
  exitCode: z.number().nullable().describe("Of ie; null when it was ended"),
  error: z.string().describe("Why it failed; empty when it passed"),
  variables: z.array(z.string()).describe("Names of the variables that the caller set"),
  blocks: z.array(blockResultSchema),
  output: z.string().describe("What ie showed; empty where the blocks have their output"),
  cut: cutSchema.optional(),
};
const reportSchema = z.object(reportShape);
export type Report = z.output<typeof reportSchema>;
export type BlockResult = z.output<typeof blockResultSchema>;

const idPattern = /^\d{8}T\d{9}Z-[0-9a-f]{8}$/;

/** A new report's id; ids sort by time. */
export function newReportId(startedAt: Date): string {
  return `${startedAt.toISOString().replaceAll(/[-:.]/g, "")}-${randomBytes(4).toString("hex")}`;
}

/** The short form of a report. */
export function summaryOf(report: Report): ReportSummary {
  return summarySchema.parse(report);
}

/** Reports of earlier runs: one JSON file each, of which the oldest make room for new ones. */
export class Reports {
  readonly #folder: string;
  readonly #max: number;
  /** Reports don't change, so that what was read once is known. */
  readonly #summaries = new Map<string, ReportSummary>();

  constructor(options: { folder: string; max: number }) {
    this.#folder = options.folder;
    this.#max = options.max;
  }

  /** Keeps a report. */
  async add(report: Report): Promise<void> {
    await makeFolder(this.#folder);
    // Under another name first, so that nobody reads half of it.
    const partial = join(this.#folder, `.${report.id}`);
    await writeFile(partial, JSON.stringify(report), { mode: 0o600 });
    await rename(partial, this.#path(report.id));
    for (const id of (await this.#ids()).slice(this.#max)) await rm(this.#path(id), { force: true });
  }

  /** A report by its id. */
  async get(id: string): Promise<Report | undefined> {
    // An id is part of a path.
    if (!idPattern.test(id)) return undefined;
    const text = await readFile(this.#path(id), "utf8").catch(() => "null");
    return reportSchema.safeParse(jsonOf(text)).data;
  }

  /** The newest reports first, of one document and tool if they are named. */
  async list(filter: { document?: string; tool?: string } = {}): Promise<ReportSummary[]> {
    const ids = await this.#ids();
    for (const id of this.#summaries.keys()) if (!ids.includes(id)) this.#summaries.delete(id);
    const all = await Promise.all(ids.map((id) => this.#summary(id)));
    return all.filter(
      (one): one is ReportSummary =>
        one !== undefined &&
        (filter.document === undefined || one.document === filter.document) &&
        (filter.tool === undefined || one.tool === filter.tool),
    );
  }

  async #summary(id: string): Promise<ReportSummary | undefined> {
    const known = this.#summaries.get(id);
    if (known !== undefined) return known;
    const report = await this.get(id);
    if (report === undefined) return undefined;
    this.#summaries.set(id, summaryOf(report));
    return this.#summaries.get(id);
  }

  async #ids(): Promise<string[]> {
    const files = await readdir(this.#folder).catch(() => []);
    const ids = files.filter((file) => file.endsWith(".json")).map((file) => file.slice(0, -".json".length));
    return ids
      .filter((id) => idPattern.test(id))
      .sort()
      .reverse();
  }

  #path(id: string): string {
    return join(this.#folder, `${id}.json`);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
