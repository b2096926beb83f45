import { join } from "node:path";
import { interruptible } from "../interrupt.ts";
import { writableTarget, writeWhole } from "../outputFile.ts";
import { progressOn } from "../progress.ts";
import type { AskOptions } from "./ask.ts";
import { compare } from "./compare.ts";
import { connect, type EndpointOptions, type Side } from "./endpoint.ts";
import { asMarkdown } from "./markdown.ts";
import { readPrompts } from "./prompts.ts";
import { type Report, reportOf } from "./report.ts";

export interface RunOptions extends AskOptions {
  base: Pick<EndpointOptions, "url" | "model" | "apiKey">;
  tuned: Pick<EndpointOptions, "url" | "model" | "apiKey">;
  prompts: string;
  limit?: number;
  system?: string;
  concurrency: number;
  retries: number;
  /** Folder of the reports that have no file of their own. */
  out: string;
  markdown?: string;
  reportJson?: string;
  force: boolean;
}

/** What was found, and the files that say it. */
export interface Ran {
  report: Report;
  markdown: string;
  json: string;
}

/**
 * Compares the models and writes both reports, or none.
 *
 * @throws {UserError} when a file can't be read or written, or an endpoint doesn't answer at all
 */
export function run(options: RunOptions): Promise<Ran> {
  return interruptible(async (signal) => {
    const { out, force, maxTokens, temperature, timeout, concurrency, retries } = options;
    const markdown = options.markdown ?? join(out, "tune-compare.md");
    const json = options.reportJson ?? join(out, "tune-compare.json");
    // What would fail at the end should fail before a GPU has worked for hours.
    const targets = [await writableTarget(markdown, force), await writableTarget(json, force)] as const;
    const prompts = await readPrompts({ ...options, path: options.prompts }, signal);
    const endpoint = (side: Side) => connect({ ...options[side], side, retries }, signal);
    const endpoints = { base: await endpoint("base"), tuned: await endpoint("tuned") };
    const progress = progressOn(process.stderr, process.env);
    const asked = { maxTokens, temperature, timeout, concurrency };
    const compared = await compare(prompts, endpoints, asked, signal, (count) => {
      progress.show(() => `${count} of ${prompts.length} prompts`);
    }).finally(progress.end);
    const settings = { ...asked, retries, prompts: options.prompts, system: options.system ?? null };
    const report = reportOf(compared, endpoints, settings, new Date());
    await writeWhole(
      [
        { target: targets[0], text: asMarkdown(report) },
        { target: targets[1], text: `${JSON.stringify(report, undefined, 2)}\n` },
      ],
      { force, signal },
    );
    return { report, markdown, json };
  });
}
