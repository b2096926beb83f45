import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

export const root = join(import.meta.dirname, "../../..");
const scripts = join(root, ".github/scripts");

/** For tests that start processes: a guard against hanging on a machine that has much to do. */
export const PATIENT = { timeout: 60_000 };

/** How a script ended, and what it printed. */
export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs a script of the workflows as a job does, with nothing in its environment but what is given.
 *
 * @param path folders before those of Node and the system
 */
export async function runScript(
  name: string,
  args: readonly string[],
  env: Record<string, string> = {},
  { cwd = root, path = [] as string[] } = {},
): Promise<Ran> {
  const program = name.endsWith(".sh") ? "bash" : process.execPath;
  const child = spawn(program, [join(scripts, name), ...args], {
    cwd,
    env: { PATH: [...path, dirname(process.execPath), "/usr/bin", "/bin"].join(":"), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ran: Ran = { code: null, stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => {
    ran.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    ran.stderr += text;
  });
  ran.code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  return ran;
}

/** A folder that goes with the test. */
export async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "workflows-"));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

/** A file that goes with the test. */
export async function file(name: string, text: string): Promise<string> {
  const path = join(await folder(), name);
  await writeFile(path, text);
  return path;
}
