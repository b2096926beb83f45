import { type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

/** Where and as whom a program runs. */
export interface RunOptions extends Pick<SpawnOptions, "uid" | "gid" | "cwd"> {
  /** Whether it outlives the test; its caller ends it then. @default false */
  keep?: boolean;
  /** A command that runs the program; its arguments are the last of the command's. @default none */
  through?: string[];
}

/** Runs a server's program with nothing in its environment but what is given; killed after the test. */
export function run(main: string, env: Record<string, string>, options: RunOptions = {}) {
  const { keep, through = [], ...rest } = options;
  const [command = "", ...args] = [...through, process.execPath, main];
  const child = spawn(command, args, { ...rest, env, stdio: ["ignore", "pipe", "pipe"] });
  if (!keep) onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** Starts it on a free port of 127.0.0.1 and reads the URL from its log. */
export async function listening(main: string, env: Record<string, string> = {}, options?: RunOptions) {
  const child = run(main, { HOST: "127.0.0.1", PORT: "0", ...env }, options);
  const lines: Record<string, unknown>[] = [];
  const log = createInterface({ input: child.stdout });
  const errors = text(child.stderr);
  const listens = new Promise((resolve) => {
    log.on("line", (line) => {
      lines.push(JSON.parse(line));
      if (lines.at(-1)?.["url"] !== undefined) resolve(undefined);
    });
  });
  await Promise.race([
    listens,
    once(child, "exit").then(async () => Promise.reject(new Error(await errors))),
  ]);
  return { child, lines, url: new URL(String(lines.find(({ url }) => url !== undefined)?.["url"])) };
}

/** Runs it to its end: what it wrote and its exit code. */
export async function ended(main: string, env: Record<string, string>) {
  const child = run(main, env);
  const [stderr, stdout, [code]] = await Promise.all([
    text(child.stderr),
    text(child.stdout),
    once(child, "exit"),
  ]);
  return { stderr, stdout, code: code as number | null };
}
