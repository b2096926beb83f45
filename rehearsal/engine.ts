import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { finished } from "node:stream/promises";
import { execa } from "execa";
import { type EventSummary, readEvents, summarise } from "./engineEvents.ts";
import type { Running } from "./environment.ts";
import { RehearsalError } from "./errors.ts";

/** What one `pulumi` command did, read from the engine's own event log. */
export interface EngineResult extends EventSummary {
  /** The command as a person would type it. */
  command: string;
  exitCode: number;
  durationMs: number;
  /** What the command printed. */
  log: string;
}

/** How a `pulumi` command is run. */
export interface EngineOptions {
  /** Gets the command's output line by line. */
  onLine?: (line: string) => void;
  /** Interrupts the command: it finishes what is under way and saves its state. */
  signal?: AbortSignal;
  /** Interrupts it once more: it breaks off what is under way, and saves its state. */
  terminate?: AbortSignal;
  /** The stack; default: the environment's. */
  stack?: string;
}

let serial = 0;

/**
 * Runs a `pulumi` command that operates on a stack, in the environment's project folder.
 *
 * @throws {RehearsalError} when the environment fails meanwhile; a command that ends with another
 * exit code than 0 is a result, not an error.
 */
export async function pulumi(
  running: Running,
  args: string[],
  options: EngineOptions = {},
): Promise<EngineResult> {
  serial += 1;
  const stack = options.stack ?? running.environment.stack;
  const base = join(running.dir, "logs", `${String(serial).padStart(2, "0")}-pulumi-${args[0]}`);
  const started = performance.now();
  const child = execa(
    "pulumi",
    [
      ...args,
      "-s",
      stack,
      "--non-interactive",
      "--color=never",
      "--suppress-progress",
      `--event-log=${base}.events.json`,
    ],
    {
      cwd: running.project,
      // The event log is a flag that Pulumi shows only when asked for its debugging commands.
      env: { ...running.env, PULUMI_DEBUG_COMMANDS: "true" },
      extendEnv: false,
      reject: false,
      all: true,
      stdin: "ignore",
      // A process group of its own: Ctrl-C in a terminal would reach it a second time, and the second
      // interrupt makes the engine break off instead of finishing what is under way.
      detached: true,
    },
  );
  running.entrust(child.pid);
  const log = createWriteStream(`${base}.log`);
  child.all.pipe(log);
  createInterface({ input: child.all }).on("line", (line) => options.onLine?.(line));
  const interrupt = () => child.kill("SIGINT");
  options.signal?.addEventListener("abort", interrupt);
  options.terminate?.addEventListener("abort", interrupt);
  try {
    const result = await Promise.race([child, running.failed]);
    await finished(log);
    return {
      command: `pulumi ${args.join(" ")} -s ${stack}`,
      exitCode: result.exitCode ?? 1,
      ...summarise(await readEvents(`${base}.events.json`)),
      durationMs: performance.now() - started,
      log: `${base}.log`,
    };
  } catch (error) {
    child.kill("SIGINT");
    await child;
    throw error;
  } finally {
    running.entrust(undefined);
    options.signal?.removeEventListener("abort", interrupt);
    options.terminate?.removeEventListener("abort", interrupt);
  }
}

/** Runs a `pulumi` command that only answers, and returns what it printed. @throws {RehearsalError} */
export async function pulumiAnswer(running: Running, args: string[]): Promise<string> {
  const result = await execa("pulumi", args, {
    cwd: running.project,
    env: running.env,
    extendEnv: false,
    reject: false,
    stdin: "ignore",
  });
  if (result.exitCode !== 0) {
    throw new RehearsalError(`pulumi ${args.join(" ")} failed: ${result.stderr.trim()}`);
  }
  return result.stdout;
}
