import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import type { Running } from "./environment.ts";
import { RehearsalError } from "./errors.ts";

/** What one `pulumi` command did, read from the engine's own event log. */
export interface EngineResult {
  /** The command as a person would type it. */
  command: string;
  exitCode: number;
  /** Operations by kind, for example `{create: 41, same: 2}`. */
  changes: Record<string, number>;
  /** Resources whose operation is not `same`, `read` or `refresh`, as `op type name`. */
  changed: string[];
  /** Properties that differed, as `type name: properties`; after a refresh, what it found changed. */
  differences: string[];
  violations: PolicyViolation[];
  /** Name and version of each policy pack that ran. */
  policyPacks: Record<string, string>;
  /** The engine's error messages, without colour codes. */
  errors: string[];
  durationMs: number;
  /** What the command printed. */
  log: string;
}

/** A policy's verdict on one resource. */
export interface PolicyViolation {
  policy: string;
  level: string;
  urn: string;
  message: string;
}

/** How a `pulumi` command is run. */
export interface EngineOptions {
  /** Gets the command's output line by line. */
  onLine?: (line: string) => void;
  /** Ends the command as Ctrl-C would. */
  signal?: AbortSignal;
  /** The stack; default `dev`. */
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
  const base = join(running.dir, "logs", `${String(serial).padStart(2, "0")}-pulumi-${args[0]}`);
  const started = performance.now();
  const child = execa(
    "pulumi",
    [
      ...args,
      "-s",
      options.stack ?? "dev",
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
    },
  );
  child.all.pipe(createWriteStream(`${base}.log`));
  createInterface({ input: child.all }).on("line", (line) => options.onLine?.(line));
  // The first interrupt lets the engine finish what is under way and save its state.
  const interrupt = () => child.kill("SIGINT");
  options.signal?.addEventListener("abort", interrupt);
  try {
    const result = await Promise.race([child, running.failed]);
    return {
      command: `pulumi ${args.join(" ")} -s ${options.stack ?? "dev"}`,
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
    options.signal?.removeEventListener("abort", interrupt);
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

interface EngineEvent {
  summaryEvent?: { resourceChanges?: Record<string, number>; PolicyPacks?: Record<string, string> };
  resourcePreEvent?: { metadata: { op: string; type: string; urn: string } };
  resOutputsEvent?: { metadata: { op: string; type: string; urn: string; diffs?: string[] | null } };
  policyEvent?: { policyName: string; enforcementLevel: string; resourceUrn?: string; message: string };
  diagnosticEvent?: { severity: string; message: string };
}

async function readEvents(file: string): Promise<EngineEvent[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as EngineEvent);
}

/** Reads a command's events: what changed, what policies said, what went wrong. */
export function summarise(
  events: readonly EngineEvent[],
): Pick<EngineResult, "changes" | "changed" | "differences" | "violations" | "policyPacks" | "errors"> {
  const quiet = new Set(["same", "read", "refresh"]);
  const summary = events.findLast((event) => event.summaryEvent)?.summaryEvent;
  return {
    changes: summary?.resourceChanges ?? {},
    policyPacks: summary?.PolicyPacks ?? {},
    changed: events.flatMap(({ resourcePreEvent: event }) =>
      event && !quiet.has(event.metadata.op)
        ? [`${event.metadata.op} ${event.metadata.type} ${event.metadata.urn.split("::").at(-1)}`]
        : [],
    ),
    differences: events.flatMap(({ resOutputsEvent: event }) =>
      event?.metadata.diffs?.length
        ? [
            `${event.metadata.type} ${event.metadata.urn.split("::").at(-1)}: ${event.metadata.diffs.join(", ")}`,
          ]
        : [],
    ),
    violations: events.flatMap(({ policyEvent: event }) =>
      event
        ? [
            {
              policy: event.policyName,
              level: event.enforcementLevel,
              urn: event.resourceUrn ?? "",
              message: plain(event.message),
            },
          ]
        : [],
    ),
    errors: events.flatMap(({ diagnosticEvent: event }) =>
      event?.severity === "error" ? [plain(event.message)] : [],
    ),
  };
}

/** The engine's messages carry its own colour marks, such as `<{%reset%}>`. */
function plain(message: string): string {
  return message.replace(/<\{%[^%]*%\}>/g, "").trim();
}
