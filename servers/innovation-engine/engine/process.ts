import { type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { runVariable, signalRun } from "./processes.ts";

/** A program to run to its end. */
export interface ProcessOptions {
  path: string;
  args: readonly string[];
  cwd: string;
  /** All of its environment. */
  env: Record<string, string>;
  /** Names the run in its processes' environment. */
  run: string;
  /** Our file descriptors that it gets, by the number that they have there. */
  descriptors?: Record<number, number>;
  /** It is ended after so long. */
  timeoutMs: number;
  /** How long it has between SIGTERM and SIGKILL. */
  killGraceMs: number;
  /** Ends it. */
  signal: AbortSignal;
  onStdout?: (chunk: Uint8Array) => void;
  onStderr?: (chunk: Uint8Array) => void;
}

/** How a program ended. */
export interface ProcessEnd {
  /** Its exit code; null when a signal ended it. */
  code: number | null;
  /** "timed-out" and "cancelled": by us. */
  ended: "itself" | "timed-out" | "cancelled";
}

/** How long what a program has written may take to be read after its end. */
const drainMs = 2000;

/** Runs a program in a process group of its own, and lets none of its processes outlive it. */
export async function runProcess(options: ProcessOptions): Promise<ProcessEnd> {
  const { signal, timeoutMs, killGraceMs, run } = options;
  if (signal.aborted) return { code: null, ended: "cancelled" };
  const child = spawn(options.path, options.args, {
    cwd: options.cwd,
    env: { ...options.env, [runVariable]: run },
    detached: true,
    stdio: stdioOf(options.descriptors ?? {}),
  });
  const { pid = 0 } = child;
  // Standard input stays open and silent: in `ie test` bubbletea ends when it can't wait for input.
  child.stdin?.on("error", () => {});
  child.stdout?.on("data", (chunk) => options.onStdout?.(chunk));
  child.stderr?.on("data", (chunk) => options.onStderr?.(chunk));
  await once(child, "spawn");

  let ended: ProcessEnd["ended"] = "itself";
  let kill: NodeJS.Timeout | undefined;
  let drain: NodeJS.Timeout | undefined;
  const end = (why: ProcessEnd["ended"]) => {
    if (ended !== "itself") return;
    ended = why;
    void signalRun(pid, run, "SIGTERM");
    kill = setTimeout(() => void signalRun(pid, run, "SIGKILL"), killGraceMs);
  };
  const timeout = setTimeout(() => end("timed-out"), timeoutMs);
  const cancel = () => end("cancelled");
  signal.addEventListener("abort", cancel);
  child.once("exit", async () => {
    // What is left of it could hold the pipes open, and must not go on in any case.
    clearTimeout(kill);
    // And one that has escaped must not make this run last as long as it does.
    drain = setTimeout(() => [child.stdout, child.stderr].forEach((pipe) => void pipe?.destroy()), drainMs);
    await signalRun(pid, run, "SIGKILL");
  });
  const [code] = (await once(child, "close")) as [number | null];
  clearTimeout(timeout);
  clearTimeout(kill);
  clearTimeout(drain);
  signal.removeEventListener("abort", cancel);
  return { code, ended };
}

function stdioOf(descriptors: Record<number, number>): SpawnOptions["stdio"] {
  const numbers = Object.keys(descriptors).map(Number);
  return Array.from({ length: Math.max(2, ...numbers) + 1 }, (_, number) =>
    number <= 2 ? "pipe" : (descriptors[number] ?? "ignore"),
  );
}
