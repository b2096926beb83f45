#!/usr/bin/env node
import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { scenarioNamed, scenarios } from "./arm/scenarios.ts";
import { findEnvironment, type Running, startEnvironment, stopEnvironment } from "./environment.ts";
import { RehearsalError } from "./errors.ts";
import { MemoryWatch } from "./memory.ts";
import { rehearse } from "./rehearsal.ts";
import { Report } from "./report.ts";
import { type Summary, summaryLines } from "./summary.ts";
import { ensureToolchain, type Toolchain } from "./toolchain/toolchain.ts";
import { repository } from "./workspace.ts";

interface Options {
  keep: boolean;
  shell: boolean;
  down: boolean;
  json: boolean;
  scenario: string;
  seed?: number;
  portBase?: number;
  dir: string;
}

const program = new Command("rehearse")
  .description(
    "Brings the dev stack up, changes nothing, and takes it down again, on this machine: real Pulumi engine,\n" +
      "real kubernetes plugin, real Kubernetes control plane and controllers, an emulated Azure Resource Manager.",
  )
  .option("--keep", "leave the stack up and say how to look at it", false)
  .option(
    "--shell",
    "open a shell in which `pulumi up -s dev` works, bringing the stack up first if it isn't",
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
      "\n\nExit code: 0 it went well, 1 it failed, 2 wrong usage, 130 interrupted.",
  )
  .configureOutput({ outputError: (text, write) => write(text) })
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

const options = program.parse().opts<Options>();
options.dir = resolve(options.dir);
const report = new Report(options.json ? process.stderr : process.stdout);
const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    report.line("interrupted: letting Pulumi save its state, then ending everything");
    interrupted.abort();
  });
}
process.exitCode = await main().catch((error: unknown) => {
  if (interrupted.signal.aborted) {
    return 130;
  }
  if (!(error instanceof RehearsalError)) {
    throw error;
  }
  report.error(error.message, error.hint);
  return 1;
});

async function main(): Promise<number> {
  if (options.down) {
    const was = await stopEnvironment(options.dir);
    report.line(was ? `ended; state and logs stay in ${options.dir}` : `nothing is up in ${options.dir}`);
    return 0;
  }
  const memory = new MemoryWatch();
  report.phase("toolchain");
  const toolchain = await ensureToolchain((line) => report.progress(line));
  report.done(toolchain.buildMs ? "built" : "found in the cache");
  if (options.shell) {
    const up = await findEnvironment(options.dir, toolchain).catch(() => undefined);
    if (up) {
      return openShell(up);
    }
  }
  const running = await start(toolchain);
  let keep = false;
  try {
    const result = await rehearse({
      running,
      toolchain,
      report,
      keep: options.keep || options.shell,
      signal: interrupted.signal,
    });
    const summary: Summary = {
      ok: result.phases.every(({ ok }) => ok) && !interrupted.signal.aborted,
      scenario: options.scenario,
      toolchain: { buildMs: Math.round(toolchain.buildMs), pulumi: toolchain.pulumi.program },
      ...result,
      totalMs: Math.round(report.elapsedMs),
      peakMemoryMiB: memory.stop(),
      logs: join(options.dir, "logs"),
    };
    await writeFile(join(options.dir, "summary.json"), JSON.stringify(summary, undefined, 2));
    keep = (options.keep || options.shell) && summary.ok;
    for (const line of summaryLines(summary)) {
      report.line(line);
    }
    if (options.json) {
      process.stdout.write(`${JSON.stringify(summary, undefined, 2)}\n`);
    }
    if (interrupted.signal.aborted) {
      return 130;
    }
    if (!summary.ok) {
      return 1;
    }
    return keep ? await leaveUp(running) : 0;
  } finally {
    if (!keep) {
      await running.stop();
    }
  }
}

async function start(toolchain: Toolchain): Promise<Running> {
  report.phase("surroundings");
  const { dir, scenario, seed, portBase } = options;
  const running = await startEnvironment({
    dir,
    toolchain,
    scenario,
    ...(seed === undefined ? {} : { seed }),
    ...(portBase === undefined ? {} : { portBase }),
    onStep: (text) => report.progress(text),
  });
  report.done(`Azure Resource Manager and Kubernetes answer, scenario ${scenario}`);
  return running;
}

async function leaveUp(running: Running): Promise<number> {
  await writeShellFile(running);
  await running.detach();
  if (options.shell) {
    return openShell(running);
  }
  for (const line of [
    "",
    "The stack is up. To look at it:",
    "  npm run rehearse -- --shell                 a shell in which pulumi and kubectl work on it",
    `  . ${join(options.dir, "env.sh")}   the same for the shell you are in`,
    "  npm run rehearse -- --down                  ends it",
  ]) {
    report.line(line);
  }
  return 0;
}

/** A file to source: the environment for a shell that is open already. */
async function writeShellFile(running: Running): Promise<void> {
  const lines = Object.entries(shellEnvironment(running))
    .filter(([name, value]) => value !== process.env[name])
    .map(([name, value]) => `export ${name}='${(value ?? "").replaceAll("'", "'\\''")}'`);
  const text = [...lines, `cd '${running.project}'`, ""].join("\n");
  await writeFile(join(options.dir, "env.sh"), text, { mode: 0o600 });
}

/** People look at the cluster with kubectl; programs are kept from finding it by this variable. */
function shellEnvironment(running: Running): NodeJS.ProcessEnv {
  return { ...running.env, KUBECONFIG: running.environment.kubeconfig };
}

function openShell(running: Running): number {
  const shell = process.env["SHELL"] ?? "/bin/sh";
  report.line(
    `a shell in ${running.project}: try \`pulumi up -s dev\` or \`kubectl get pods -A\`; exit leaves it up`,
  );
  const done = spawnSync(shell, { cwd: running.project, env: shellEnvironment(running), stdio: "inherit" });
  report.line("still up; npm run rehearse -- --down ends it");
  return done.status ?? 1;
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) {
    throw new InvalidArgumentError("it has to be a whole number");
  }
  return Number(text);
}

function scenario(name: string): string {
  try {
    return scenarioNamed(name).name;
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}
