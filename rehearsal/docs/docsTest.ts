#!/usr/bin/env node
import { join, resolve } from "node:path";
import { Command } from "commander";
import { startEnvironment } from "../environment.ts";
import { RehearsalError } from "../errors.ts";
import { Interrupts } from "../interrupts.ts";
import { Report, seconds } from "../report.ts";
import { ensureToolchain } from "../toolchain/toolchain.ts";
import { repository } from "../workspace.ts";
import { fixSample } from "./fix.ts";
import { planOf } from "./plan.ts";
import { checkShare, type DocsResult, differenceLines, runDocuments } from "./run.ts";
import { stampDocuments } from "./stamps.ts";
import { readTutorials } from "./tutorials.ts";

interface Options {
  fix: boolean;
  list: boolean;
  goOn: boolean;
  json: boolean;
  dir: string;
}

const program = new Command("docs:test")
  .description(
    "Runs the executable documents of docs/tutorials on this machine, compares what they print with what they\n" +
      "say, and stops at the first difference.",
  )
  .argument("[names...]", "documents without .md (default: all of them); what they need goes before them")
  .option("--fix", "write what is printed where a document expects another text", false)
  .option("--go-on", "don't stop at the first difference, but tell all of them", false)
  .option("--list", "say what would run, in which order, and run nothing", false)
  .option("--dir <folder>", "where state, keys and logs go", join(repository, ".rehearsal", "docs"))
  .option("--json", "print the result as JSON on stdout, and progress on stderr", false)
  .addHelpText(
    "after",
    "\nExit code: 0 all as they say, 1 one differs, 2 wrong usage, 130 or 143 interrupted.",
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

program.parse();
const options = program.opts<Options>();
options.dir = resolve(options.dir);
const report = new Report(options.json ? process.stderr : process.stdout);
const interrupts = new Interrupts((line) => report.line(line));
process.exitCode = await main().catch((error: unknown) => {
  if (interrupts.first.aborted) {
    return interrupts.exitCode;
  }
  if (!(error instanceof RehearsalError)) {
    throw error;
  }
  report.error(error.message, error.hint);
  return 1;
});

async function main(): Promise<number> {
  const tutorials = await readTutorials();
  const plan = planOf(tutorials, program.args);
  if (program.args.length === 0) {
    checkShare(tutorials.flatMap(({ blocks }) => blocks));
  }
  if (options.list) {
    for (const { tutorial, kind, blocks } of plan) {
      report.line(`${tutorial.name}${kind === "cleanup" ? ": cleanup" : ""}: ${blocks.length} blocks`);
    }
    return 0;
  }
  report.phase("toolchain");
  const { first: signal } = interrupts;
  const toolchain = await ensureToolchain({ onProgress: (line) => report.progress(line), signal });
  report.done(toolchain.buildMs ? "built" : "found in the cache");
  report.phase("surroundings");
  const onStep = (text: string) => report.progress(text);
  const running = await startEnvironment({ dir: options.dir, toolchain, onStep, signal });
  report.done("Azure Resource Manager and Kubernetes answer");
  try {
    const result = await runDocuments(plan, {
      running,
      report,
      signal,
      goOn: options.goOn,
      ...(options.fix ? { fix: fixSample } : {}),
    });
    tell(result);
    const complete = result.documents.filter((one) => one.complete).map(({ name }) => name);
    // Read anew: they may have been fixed.
    await stampDocuments(await readTutorials(), complete);
    return signal.aborted ? interrupts.exitCode : result.ok ? 0 : 1;
  } finally {
    await running.stop();
  }
}

function tell(result: DocsResult): void {
  const ran = result.documents.reduce((sum, one) => sum + one.ran, 0);
  const skipped = result.documents.flatMap(({ name, cloudOnly }) =>
    cloudOnly.map(({ line, reason }) => `docs/tutorials/${name}.md:${line}: ${reason}`),
  );
  for (const line of result.differences.flatMap(differenceLines)) {
    report.line(line);
  }
  report.line(`${ran} blocks ran, ${skipped.length} are for the cloud only, in ${seconds(report.elapsedMs)}`);
  for (const line of skipped) {
    report.line(`  ${line}`);
  }
  for (const { name, line } of result.fixed) {
    report.line(`written anew: docs/tutorials/${name}.md:${line}`);
  }
  if (options.json) {
    process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
  }
}
