#!/usr/bin/env node
import { writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { scenarioNamed, scenarios } from "./arm/scenarios.ts";
import { findEnvironment, type Running, startEnvironment, stopEnvironment } from "./environment.ts";
import { RehearsalError } from "./errors.ts";
import { Interrupts } from "./interrupts.ts";
import { MemoryWatch } from "./memory.ts";
import { rehearse } from "./rehearsal.ts";
import { Report } from "./report.ts";
import { openShell, tellHowToLook, writeShellFile } from "./shell.ts";
import { type Summary, summaryLines } from "./summary.ts";
import { ensureToolchain, type Toolchain } from "./toolchain/toolchain.ts";
import { repository, stackNames } from "./workspace.ts";

interface Options {
  keep: boolean;
  shell: boolean;
  down: boolean;
  json: boolean;
  stack: string;
  scenario: string;
  seed?: number;
  portBase?: number;
  dir: string;
}

const program = new Command("rehearse")
  .description(
    "Brings a stack up, changes nothing, and takes it down again, on this machine: real Pulumi engine,\n" +
      "real kubernetes plugin, real Kubernetes control plane and controllers, an emulated Azure Resource Manager.",
  )
  .option("--stack <name>", "the stack whose settings are rehearsed, as in Pulumi.<name>.yaml", stack, "dev")
  .option("--keep", "leave the stack up and say how to look at it", false)
  .option(
    "--shell",
    "open a shell in which `pulumi up -s STACK` works, bringing the stack up first if it isn't",
    false,
  )
  .option("--down", "end what --keep or --shell left up", false)
  .option("--scenario <name>", "a named fault", scenario, "healthy")
  .option("--seed <number>", "seed of the scenario's chances", wholeNumber)
  .option("--port-base <port>", "use consecutive ports from this one (default: free ones)", wholeNumber)
  .option("--dir <folder>", "where state, keys and logs go", join(repository, ".rehearsal", "default"))
  .option("--json", "print the summary as JSON on stdout, and progress on stderr", false)
  .addHelpText(
    "after",
    `\nScenarios:\n${[...scenarios.values()].map(({ name, description }) => `  ${name.padEnd(22)} ${description}`).join("\n")}` +
      "\n\nExit code: 0 it went well, 1 it failed, 2 wrong usage, 130 or 143 interrupted.\nWith --json, run it as `npm run -s rehearse -- --json`: npm prints a banner otherwise.",
  )
  .configureOutput({ outputError: (text, write) => write(text) })
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

const options = program.parse().opts<Options>();
options.dir = resolve(options.dir);
const report = new Report(options.json ? process.stderr : process.stdout);
const interrupts = new Interrupts((line) => report.line(line));
process.exitCode = await main().catch(failure);

async function main(): Promise<number> {
  if (options.down) {
    const was = await stopEnvironment(options.dir);
    report.line(was ? `ended; state and logs stay in ${options.dir}` : `nothing is up in ${options.dir}`);
    print({ ok: true, ended: was });
    return 0;
  }
  if (process.platform !== "linux") {
    throw new RehearsalError(
      `the rehearsal runs on Linux, and this is ${process.platform}`,
      "use a container or a virtual machine; npm test runs here",
    );
  }
  const memory = new MemoryWatch();
  report.phase("toolchain");
  const toolchain = await ensureToolchain({
    onProgress: (line) => report.progress(line),
    signal: interrupts.first,
  });
  report.done(toolchain.buildMs ? "built" : "found in the cache");
  const up = options.shell ? await findEnvironment(options.dir, toolchain) : undefined;
  if (up) {
    return openShell(up, report);
  }
  const running = await start(toolchain);
  const wantsKept = options.keep || options.shell;
  let keep = false;
  try {
    const result = await rehearse({ running, toolchain, report, keep: wantsKept, interrupts });
    const summary: Summary = {
      ok: result.phases.every(({ ok }) => ok) && !interrupts.first.aborted,
      scenario: options.scenario,
      toolchain: { buildMs: Math.round(toolchain.buildMs), pulumi: toolchain.pulumi.program },
      ...(running.environment.builder === undefined ? {} : { builder: running.environment.builder }),
      ...result,
      totalMs: Math.round(report.elapsedMs),
      peakMemoryMiB: memory.stop(),
      logs: join(options.dir, "logs"),
    };
    await writeFile(join(options.dir, "summary.json"), JSON.stringify(summary, undefined, 2));
    // What is up stays up, also when a later phase found fault with it: that is what to look at then.
    keep = wantsKept && summary.stack !== undefined && !interrupts.first.aborted;
    for (const line of summaryLines(summary)) {
      report.line(line);
    }
    print(summary);
    if (keep) {
      await writeShellFile(running);
      await running.detach();
      if (options.shell) {
        openShell(running, report);
      } else {
        tellHowToLook(running, report);
      }
    }
    return interrupts.first.aborted ? interrupts.exitCode : summary.ok ? 0 : 1;
  } finally {
    if (!keep) {
      await running.stop();
    }
  }
}

/** Tells what went wrong, and returns the exit code. */
function failure(error: unknown): number {
  if (interrupts.first.aborted) {
    print({ ok: false, error: "interrupted" });
    return interrupts.exitCode;
  }
  const { message, hint } = error instanceof RehearsalError ? error : unexpected(error);
  report.error(message, hint);
  print({ ok: false, error: message, hint });
  return 1;
}

/** A defect of the rehearsal's own: one line for people, and the stack in a file for whoever mends it. */
function unexpected(error: unknown): { message: string; hint: string } {
  const file = join(tmpdir(), `mcpaas-rehearsal-${process.pid}.txt`);
  writeFileSync(file, error instanceof Error ? `${error.stack}\n` : String(error));
  return {
    message: error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error),
    hint: `this is a defect of the rehearsal; report it with ${file} and the logs in ${options.dir}/logs`,
  };
}

/** For machines. */
function print(result: object): void {
  if (options.json) {
    process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
  }
}

async function start(toolchain: Toolchain): Promise<Running> {
  report.phase("surroundings");
  const { dir, stack, scenario, seed, portBase } = options;
  const running = await startEnvironment({
    dir,
    toolchain,
    stack,
    scenario,
    ...(seed === undefined ? {} : { seed }),
    ...(portBase === undefined ? {} : { portBase }),
    onStep: (text) => report.progress(text),
    signal: interrupts.first,
  });
  report.done(`Azure Resource Manager and Kubernetes answer, scenario ${scenario}`);
  return running;
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) {
    throw new InvalidArgumentError("it has to be a whole number");
  }
  return Number(text);
}

function stack(name: string): string {
  const known = stackNames();
  if (!known.includes(name)) {
    throw new InvalidArgumentError(
      `there is no Pulumi.${name}.yaml; stacks with settings: ${known.join(", ")}`,
    );
  }
  return name;
}

function scenario(name: string): string {
  try {
    return scenarioNamed(name).name;
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}
